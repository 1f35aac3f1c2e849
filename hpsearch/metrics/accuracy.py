"""Accuracy: the share of rows whose class is right."""

import numpy as np

from hpsearch.metrics.metric import Metric, Predicted, PredictionKind, Truth
from hpsearch.types import Float64Array


def accuracy(truth: Truth, predicted: Predicted) -> float:
    """Return the share of rows ``(n,)`` whose predicted class is right, 0 to 1."""
    return int(np.count_nonzero(truth == predicted)) / len(truth)


def right_rows(truth: Truth, predicted: Predicted) -> Float64Array:
    """Return 1 for each right row and 0 for each other, ``(n,)``."""
    return np.asarray(truth == predicted, np.float64)


ACCURACY = Metric(
    name="accuracy",
    title="accuracy",
    takes=PredictionKind.LABELS,
    maximize=True,
    bounds=(0.0, 1.0),
    of=accuracy,
    parts=right_rows,
)
