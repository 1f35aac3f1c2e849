"""The rows of lanes: those that they learn from, and those that they are scored by."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsearch.nn.config import SettingError
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.stack.evaluation import Evaluation
from hpsearch.nn.stack.stack import StackArrays
from hpsearch.nn.training.divergence import constant_score
from hpsearch.types import BoolArray, Float64Array, FloatArray, IntArray


class LaneRows:
    """The rows of the lanes of one trainer: all the same ones, or each the rows of its fold.

    Args:
        data: The rows to train on and to score by.
        lanes: Number of lanes; with ``k`` folds lane ``i`` holds out fold ``i % k``.
        dtype: The type of the network.

    Attributes:
        pool: The rows that lanes learn from.
        n: Number of rows of an epoch.

    Raises:
        SettingError: A training lacks the lane of a fold.
    """

    def __init__(self, data: TrainingData | RegressionData, *, lanes: int, dtype: DTypeLike) -> None:
        folds = data.folds
        self._each = 1 if folds is None else len(folds)
        if lanes % self._each:
            expected = f"a lane for each of {self._each} folds of each training"
            raise SettingError("configs", f"expected {expected}, found {lanes} lanes")
        self.pool = data.rows(dtype)
        self._metric, self._unit = data.metric, data.unit
        self._train: IntArray | None = None
        if folds is None:
            self._X: FloatArray = np.ascontiguousarray(data.X_val, dtype)
            self._truths = [np.asarray(data.y_val)]
            self.n = len(self.pool.X)
        else:
            self._X, self.n = self.pool.X, folds.train.shape[1]
            self._train, self._held = folds.train, folds.held
            self._truths = [data.y[own[:n]] for own, n in zip(folds.held, folds.counts, strict=True)]
        n_classes = len(data.classes)
        self._constants = np.array(
            [constant_score(y, data.metric, n_classes=n_classes) for y in self._truths]
        )

    def chosen(self, order: IntArray, places: Sequence[int]) -> IntArray:
        """Return the rows of the pool in the order of each lane, ``(lanes, n)``.

        Args:
            order: ``(lanes, n)``, numbers of the lanes' own rows.
            places: The places of the lanes.
        """
        return (
            order
            if self._train is None
            else np.take_along_axis(self._train[self._holds(places)], order, axis=1)
        )

    def evaluation(self, arrays: StackArrays, places: Sequence[int]) -> Evaluation:
        """Return what predicts the rows that lanes are scored by."""
        own = None if self._train is None else self._held[self._holds(places)]
        return Evaluation(arrays, self._X, self._unit, own)

    def score(self, evaluation: Evaluation, places: Sequence[int]) -> Float64Array:
        """Return each lane's score, ``(lanes,)``: the metric, turned round where less is better.

        Without rows it is NaN.
        """
        metric = self._metric
        predicted = evaluation.predictions(metric.takes)
        if self._train is None:
            return metric.sign * metric.over_lanes(self._truths[0], predicted)
        truths = [self._truths[fold] for fold in self._holds(places)]
        scores = [metric.of(y, found[: len(y)]) for y, found in zip(truths, predicted, strict=True)]
        return metric.sign * np.array(scores, np.float64)

    def constants(self, places: Sequence[int]) -> Float64Array:
        """Return the score of the best constant prediction of the rows that lanes are scored by."""
        return self._constants if self._train is None else self._constants[self._holds(places)]

    def mean(self, values: Float64Array) -> Float64Array:
        """Return the mean over the lanes of its training for each lane, ``(lanes,)``."""
        if self._each == 1:
            return values
        return np.repeat([part.mean() for part in self._parts(values)], self._each)

    def all(self, values: BoolArray) -> BoolArray:
        """Return whether a value holds for all lanes of its training, for each lane, ``(lanes,)``."""
        if self._each == 1:
            return values
        return np.repeat([part.all() for part in self._parts(values)], self._each)

    def _holds(self, places: Sequence[int]) -> list[int]:
        """Return the fold that each lane holds out."""
        return [place % self._each for place in places]

    def _parts(self, values: NDArray[Any]) -> list[NDArray[Any]]:
        """Return the values of the lanes of each training."""
        return np.split(values, range(self._each, len(values), self._each))
