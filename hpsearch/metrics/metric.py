"""A metric: what is measured on rows, its direction, and what each row adds to it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hpsearch.metrics.measure import Measure
from hpsearch.types import Float64Array

Truth: TypeAlias = NDArray[Any]
"""What the rows are: classes ``(n,)``, whole numbers from 0, or numbers ``(n, outputs)``."""

Predicted: TypeAlias = NDArray[Any]
"""What one network says of them: classes ``(n,)``, probabilities ``(n, classes)`` or ``(n, outputs)``."""


class PredictionKind(StrEnum):
    """The form of the predictions that a metric takes."""

    LABELS = "labels"
    PROBABILITIES = "probabilities"
    VALUES = "values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Measure):
    """A metric of one network's predictions: a measure that hpsearch computes from rows.

    Attributes:
        takes: The form of the predictions.
        of: ``(truth, predicted)`` to its value.
        parts: ``(truth, predicted)`` to ``(n,)``: the value plus the influence of each row. Their mean is the
            value, and their spread over rows shows how uncertain it is.
    """

    takes: PredictionKind
    of: Callable[[Truth, Predicted], float]
    parts: Callable[[Truth, Predicted], Float64Array]

    def failure(self, constant: float) -> float:
        """Return a finite value for what failed: the worst one, or one far below a constant prediction.

        Where no bound is the worst value, it lies as far below the constant prediction as a perfect one lies
        above it.

        Args:
            constant: The value of the best constant prediction.
        """
        best = self.bounds[1] if self.maximize else self.bounds[0]
        return self.worst if math.isfinite(self.worst) else 2 * constant - best

    @property
    def for_classes(self) -> bool:
        """Whether the target is a class, not a number."""
        return self.takes is not PredictionKind.VALUES

    def over_lanes(self, truth: Truth, predicted: Predicted) -> Float64Array:
        """Return the values of lanes, ``(lanes,)``, NaN without rows; each has the same bits as alone.

        Args:
            truth: What the rows are, the same for all lanes.
            predicted: ``(lanes, n, ...)``.
        """
        if not len(truth):
            return np.full(len(predicted), np.nan)
        return np.array([self.of(truth, lane) for lane in predicted], np.float64)

    def constant(self, truth: Truth, seen: Truth, n_classes: int = 0) -> float:
        """Return the value of the best constant prediction: the shares of the classes, or the mean.

        Args:
            truth: What the rows are.
            seen: What the rows are that the prediction is made from.
            n_classes: Number of classes.
        """
        if self.takes is PredictionKind.VALUES:
            return self.of(truth, np.broadcast_to(seen.mean(axis=0), truth.shape))
        shares = np.bincount(seen, minlength=n_classes) / len(seen)
        if self.takes is PredictionKind.LABELS:
            return self.of(truth, np.full(len(truth), shares.argmax()))
        return self.of(truth, np.broadcast_to(shares, (len(truth), n_classes)))
