"""Macro F1: the mean over classes of the harmonic mean of precision and recall."""

import numpy as np

from hpsearch.metrics.metric import Metric, Predicted, PredictionKind, Truth
from hpsearch.types import Float64Array


def f1(truth: Truth, predicted: Predicted) -> float:
    """Return the mean of ``2 TP / (2 TP + FP + FN)`` over classes that occur or are predicted, 0 to 1.

    Source: C. J. van Rijsbergen, "Information retrieval", 2nd edition, 1979, chapter 7; the mean over classes
    as in D. D. Lewis et al., "Training algorithms for linear text classifiers", 1996 (macroaveraging).
    """
    hits, sizes = _counts(truth, predicted)
    used = sizes > 0
    return float(np.mean(2 * hits[used] / sizes[used]))


def f1_parts(truth: Truth, predicted: Predicted) -> Float64Array:
    """Return the value plus each row's influence, ``(n,)``.

    With ``F = 2 t / s`` for a class, where ``t`` is the share of rows that are hits and ``s`` the share that
    have the class plus the share that are predicted to, the influence is ``(2 dt - F ds) / s``.
    """
    hits, sizes = _counts(truth, predicted)
    used = np.maximum(sizes, 1)
    scores = 2 * hits / used
    n_classes = np.count_nonzero(sizes)
    weight = len(truth) / (n_classes * used)
    right = truth == predicted
    lost = weight[truth] * scores[truth] + weight[predicted] * scores[predicted]
    influence = 2 * weight[truth] * right - lost
    return np.asarray(scores[sizes > 0].mean() + influence)


def _counts(truth: Truth, predicted: Predicted) -> tuple[Float64Array, Float64Array]:
    """Return for each class the hits, and the rows of it plus the rows predicted as it; ``(classes,)``."""
    n_classes = 1 + int(max(truth.max(), predicted.max()))
    hits = np.bincount(truth[truth == predicted], minlength=n_classes)
    sizes = np.bincount(truth, minlength=n_classes) + np.bincount(predicted, minlength=n_classes)
    return hits.astype(np.float64), sizes.astype(np.float64)


F1 = Metric(
    name="f1",
    title="macro F1",
    takes=PredictionKind.LABELS,
    maximize=True,
    bounds=(0.0, 1.0),
    of=f1,
    parts=f1_parts,
)
