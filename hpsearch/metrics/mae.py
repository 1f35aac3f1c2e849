"""Mean absolute error."""

import math

import numpy as np

from hpsearch.metrics.metric import Metric, Predicted, PredictionKind, Truth
from hpsearch.types import Float64Array


def mae(truth: Truth, predicted: Predicted) -> float:
    """Return the mean of ``|y - p|``, in units of the target; the mean over outputs.

    Args:
        truth: ``(n, outputs)``.
        predicted: ``(n, outputs)``.

    Source: P.-S. Laplace, "Deuxième supplément à la théorie analytique des probabilités", 1818.
    """
    return float(mae_rows(truth, predicted).mean())


def mae_rows(truth: Truth, predicted: Predicted) -> Float64Array:
    """Return the mean over outputs of ``|y - p|`` for each row, ``(n,)``."""
    return np.asarray(np.abs(truth.astype(np.float64) - predicted).mean(axis=1))


MAE = Metric(
    name="mae",
    title="MAE",
    takes=PredictionKind.VALUES,
    maximize=False,
    bounds=(0.0, math.inf),
    of=mae,
    parts=mae_rows,
)
