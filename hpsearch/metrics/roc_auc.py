"""ROC AUC: how often a row of a class has a larger probability of it than another row."""

import numpy as np

from hpsearch.metrics.metric import Metric, Predicted, PredictionKind, Truth
from hpsearch.types import BoolArray, Float64Array


def roc_auc(truth: Truth, predicted: Predicted) -> float:
    """Return the area under the ROC curve, 0 to 1; ``predicted`` is ``(n, classes)``.

    With two classes it is the chance that a row of the second has a larger probability of it than a row of
    the first, equal ones counting half. With more it is the mean over classes, one against the rest; a class
    without rows, or with all of them, is left out, and the value is NaN where none is left.

    Source: J. A. Hanley and B. J. McNeil, "The meaning and use of the area under a receiver operating
    characteristic (ROC) curve", 1982; F. Provost and P. Domingos, "Well-trained PETs", 2000 (one against the
    rest).
    """
    return float(auc_parts(truth, predicted).mean())


def auc_parts(truth: Truth, predicted: Predicted) -> Float64Array:
    """Return the value plus each row's influence, ``(n,)``.

    Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or more
    correlated receiver operating characteristic curves", 1988 (the placements).
    """
    n_classes = predicted.shape[1]
    # Of two classes one is enough: the other's probability is one minus it.
    classes = [1] if n_classes == 2 else range(n_classes)
    found = [
        _placements(truth == c, predicted[:, c].astype(np.float64))
        for c in classes
        if 0 < np.count_nonzero(truth == c) < len(truth)
    ]
    return np.mean(found, axis=0) if found else np.full(len(truth), np.nan)


def _placements(positive: BoolArray, score: Float64Array) -> Float64Array:
    """Return the area plus each row's influence, ``(n,)``: the share of the other side that it beats."""
    place = np.empty(len(score))
    n_positive = np.count_nonzero(positive)
    for side, other, sign in ((positive, ~positive, 1.0), (~positive, positive, -1.0)):
        rivals, own = np.sort(sign * score[other]), sign * score[side]
        below, up_to = np.searchsorted(rivals, own, "left"), np.searchsorted(rivals, own, "right")
        place[side] = (below + up_to) / (2 * len(rivals))
    area = float(place[positive].mean())
    share = np.where(positive, n_positive, len(score) - n_positive) / len(score)
    return np.asarray(area + (place - area) / share)


ROC_AUC = Metric(
    name="roc_auc",
    title="ROC AUC",
    takes=PredictionKind.PROBABILITIES,
    maximize=True,
    bounds=(0.0, 1.0),
    of=roc_auc,
    parts=auc_parts,
)
