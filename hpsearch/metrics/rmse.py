"""Root mean squared error."""

import math

import numpy as np

from hpsearch.metrics.metric import Metric, Predicted, PredictionKind, Truth
from hpsearch.types import Float64Array


def rmse(truth: Truth, predicted: Predicted) -> float:
    """Return the root of the mean of ``(y - p)^2``, in units of the target; the mean over outputs.

    Args:
        truth: ``(n, outputs)``.
        predicted: ``(n, outputs)``.

    Source: C. F. Gauss, "Theoria combinationis observationum erroribus minimis obnoxiae", 1823.
    """
    return float(np.sqrt(_squares(truth, predicted).mean(axis=0)).mean())


def rmse_parts(truth: Truth, predicted: Predicted) -> Float64Array:
    """Return the value plus each row's influence, ``(n,)``: ``((y - p)^2 - m) / (2 sqrt(m))``."""
    squares = _squares(truth, predicted)
    roots = np.sqrt(squares.mean(axis=0))
    influence = (squares - roots**2) / np.where(roots == 0, 1, 2 * roots)
    return np.asarray(roots.mean() + influence.mean(axis=1))


def _squares(truth: Truth, predicted: Predicted) -> Float64Array:
    return np.asarray((truth.astype(np.float64) - predicted) ** 2)


RMSE = Metric(
    name="rmse",
    title="RMSE",
    takes=PredictionKind.VALUES,
    maximize=False,
    bounds=(0.0, math.inf),
    of=rmse,
    parts=rmse_parts,
)
