"""R2: the share of the variance that predictions explain."""

import math

import numpy as np

from hpsearch.metrics.metric import Metric, Predicted, PredictionKind, Truth
from hpsearch.types import Float64Array


def r2(truth: Truth, predicted: Predicted) -> float:
    """Return ``1 - sum (y - p)^2 / sum (y - mean y)^2``, the mean over outputs, at most 1.

    Where an output is constant its part is 1 if all predictions are exact, else 0.

    Args:
        truth: ``(n, outputs)``.
        predicted: ``(n, outputs)``.

    Source: N. R. Draper and H. Smith, "Applied regression analysis", 3rd edition, 1998, section 1.3.
    """
    y = truth.astype(np.float64)
    rest = ((y - predicted) ** 2).sum(axis=0)
    spread = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    constant = spread == 0
    return float(np.mean(np.where(constant, rest == 0, 1 - rest / np.where(constant, 1, spread))))


def r2_parts(truth: Truth, predicted: Predicted) -> Float64Array:
    """Return the value plus each row's influence, ``(n,)``; a constant output has none.

    With ``m`` the mean squared error and ``v`` the variance, the influence on ``1 - m / v`` is
    ``(m (y - mean y)^2 / v - (y - p)^2) / v``.
    """
    y = truth.astype(np.float64)
    squares, apart = (y - predicted) ** 2, (y - y.mean(axis=0)) ** 2
    m, v = squares.mean(axis=0), apart.mean(axis=0)
    v = np.where(v == 0, np.inf, v)
    return np.asarray(r2(truth, predicted) + ((m / v * apart - squares) / v).mean(axis=1))


R2 = Metric(
    name="r2",
    title="R2",
    takes=PredictionKind.VALUES,
    maximize=True,
    bounds=(-math.inf, 1.0),
    of=r2,
    parts=r2_parts,
)
