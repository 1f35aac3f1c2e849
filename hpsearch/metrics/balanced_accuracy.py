"""Balanced accuracy: the mean of the classes' recalls."""

import numpy as np

from hpsearch.metrics.metric import Metric, Predicted, PredictionKind, Truth
from hpsearch.types import Float64Array


def balanced_accuracy(truth: Truth, predicted: Predicted) -> float:
    """Return the mean over the classes that occur of the share of their rows that is right, 0 to 1.

    Source: K. H. Brodersen, C. S. Ong, K. E. Stephan and J. M. Buhmann, "The balanced accuracy and its
    posterior distribution", ICPR 2010.
    """
    counts = np.bincount(truth)
    right = np.bincount(truth[truth == predicted], minlength=len(counts))
    return float(np.mean(right[counts > 0] / counts[counts > 0]))


def recall_parts(truth: Truth, predicted: Predicted) -> Float64Array:
    """Return the value plus each row's influence, ``(n,)``; the shares of the classes count as known.

    A row of class ``c``, a share ``q_c`` of all rows, of ``k`` classes that occur, has the influence
    ``(right - recall_c) / (k q_c)``.
    """
    counts = np.bincount(truth)
    right = truth == predicted
    recalls = np.bincount(truth[right], minlength=len(counts)) / np.maximum(counts, 1)
    weight = len(truth) / (np.count_nonzero(counts) * counts[truth])
    return np.asarray(recalls[counts > 0].mean() + weight * (right - recalls[truth]))


BALANCED_ACCURACY = Metric(
    name="balanced_accuracy",
    title="balanced accuracy",
    takes=PredictionKind.LABELS,
    maximize=True,
    bounds=(0.0, 1.0),
    of=balanced_accuracy,
    parts=recall_parts,
)
