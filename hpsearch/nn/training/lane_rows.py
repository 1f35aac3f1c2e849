"""The rows of lanes: those that they learn from, and those that they are scored by."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.config import SettingError
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.stack.evaluation import Evaluation
from hpsearch.nn.stack.stack import StackArrays
from hpsearch.nn.training.divergence import constant_score
from hpsearch.types import Float64Array, FloatArray, IntArray


class LaneRows:
    """The rows of the lanes of one trainer: all the same ones, or each the rows of its fold.

    Args:
        data: The rows to train on and to score by.
        holds: The fold that each lane holds out; none where the data have no folds.
        lanes: Number of lanes.
        dtype: The type of the network.

    Attributes:
        pool: The rows that lanes learn from.
        n: Number of rows of an epoch.

    Raises:
        SettingError: A lane holds out a fold that the data do not have, or none where they have some.
    """

    def __init__(
        self, data: TrainingData | RegressionData, holds: Sequence[int], *, lanes: int, dtype: DTypeLike
    ) -> None:
        folds = data.folds
        known = range(0 if folds is None else len(folds))
        if len(holds) != (lanes if known else 0) or any(fold not in known for fold in holds):
            expected = (
                f"one of {len(known)} folds for each of {lanes} lanes" if known else "none without folds"
            )
            raise SettingError("holds", f"expected {expected}, found {list(holds)}")
        self.pool = data.rows(dtype)
        self._metric, self._unit = data.metric, data.unit
        self._train: IntArray | None = None
        if folds is None:
            self._X: FloatArray = np.ascontiguousarray(data.X_val, dtype)
            self._truths = [np.asarray(data.y_val)]
            self.n = len(self.pool.X)
        else:
            self._X, self.n = self.pool.X, folds.train.shape[1]
            self._train, self._held = folds.train[list(holds)], folds.held[list(holds)]
            counts = folds.counts[list(holds)]
            self._truths = [data.y[own[:n]] for own, n in zip(self._held, counts, strict=True)]
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
        return order if self._train is None else np.take_along_axis(self._train[list(places)], order, axis=1)

    def evaluation(self, arrays: StackArrays, places: Sequence[int]) -> Evaluation:
        """Return what predicts the rows that lanes are scored by."""
        own = None if self._train is None else self._held[list(places)]
        return Evaluation(arrays, self._X, self._unit, own)

    def score(self, evaluation: Evaluation, places: Sequence[int]) -> Float64Array:
        """Return each lane's score, ``(lanes,)``: the metric, turned round where less is better.

        Without rows it is NaN.
        """
        metric = self._metric
        predicted = evaluation.predictions(metric.takes)
        if self._train is None:
            return metric.sign * metric.over_lanes(self._truths[0], predicted)
        truths = [self._truths[place] for place in places]
        scores = [metric.of(y, found[: len(y)]) for y, found in zip(truths, predicted, strict=True)]
        return metric.sign * np.array(scores, np.float64)

    def constants(self, places: Sequence[int]) -> Float64Array:
        """Return the score of the best constant prediction of the rows that lanes are scored by."""
        return self._constants if self._train is None else self._constants[list(places)]
