"""Log loss: the mean cross-entropy of the true classes."""

import math

import numpy as np

from hpsearch.metrics.metric import Metric, Predicted, PredictionKind, Truth
from hpsearch.types import Float64Array

LEAST = float(np.finfo(np.float64).eps)
"""A probability counts as at least this and at most one minus this, so that no row costs infinity."""


def log_loss(truth: Truth, predicted: Predicted) -> float:
    """Return the mean of ``-log p(true class)``, in nats, 0 or more; ``predicted`` is ``(n, classes)``.

    Source: I. J. Good, "Rational decisions", 1952 (the logarithmic score).
    """
    return float(log_loss_rows(truth, predicted).mean())


def log_loss_rows(truth: Truth, predicted: Predicted) -> Float64Array:
    """Return ``-log p(true class)`` of each row, ``(n,)``."""
    p = predicted[np.arange(len(truth)), truth].astype(np.float64)
    return np.asarray(-np.log(np.clip(p, LEAST, 1 - LEAST)))


LOG_LOSS = Metric(
    name="log_loss",
    title="log loss",
    takes=PredictionKind.PROBABILITIES,
    maximize=False,
    bounds=(0.0, math.inf),
    of=log_loss,
    parts=log_loss_rows,
)
