"""The judge of networks: the rows that score a trial, and the test rows."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from hpsearch.data import Dataset
from hpsearch.metrics import METRICS, Metric, Predicted, PredictionKind
from hpsearch.nn import Network, TrainingData
from hpsearch.nn.data import RegressionData
from hpsearch.objective.mlp.training import MLPOutcome
from hpsearch.objective.protocol import Judged
from hpsearch.objective.task import Outcome
from hpsearch.types import Float64Array, FloatArray

CLASSES_MOST = 30
"""With more classes no table says which class is taken for which: it would have a thousand cells."""


class RowJudge:
    """Judges networks by the rows of a study.

    Args:
        dataset: The examples.
        data: The rows that trials learn from, and those that score them.
        metric: The study's metric.
        constant: Its value for the best constant prediction on the rows that score a trial.
    """

    def __init__(
        self, dataset: Dataset, data: TrainingData | RegressionData, *, metric: Metric, constant: float
    ) -> None:
        self._dataset, self._data, self.metric = dataset, data, metric
        self.constant_score = metric.sign * constant

    @property
    def validation_rows(self) -> int:
        """Number of rows that score a trial; with folds all rows outside the test split."""
        return len(self._data.y if self._data.folds is not None else self._data.y_val)

    def judge(self, outcomes: Sequence[Outcome]) -> Judged:
        """Return what the test rows say of the first network of each outcome."""
        networks, data = networks_of(outcomes), self._dataset
        return Judged(
            scores=self.test_scores(networks),
            parts=np.array([self.test_parts(network) for network in networks]),
            confusion=self.test_confusion(networks),
            classes=tuple(map(str, data.classes)),
            rows={"train": len(data.X_train), "validation": len(data.X_val), "test": len(data.X_test)},
            constant=self.test_constant(),
        )

    def judge_ensemble(self, outcomes: Sequence[Outcome]) -> Judged:
        """Return what the test rows say of the average of what the networks predict."""
        networks = networks_of(outcomes)
        return Judged(
            scores=self.ensemble_test_scores(networks), parts=self.ensemble_test_parts(networks)[None]
        )

    def validation_parts(self, outcome: Outcome) -> Float64Array:
        """Return the value of the metric plus the influence of each row that scores a trial, ``(n,)``.

        With folds the part of a row comes from the networks that were trained without it.

        Args:
            outcome: One training.
        """
        assert isinstance(outcome, MLPOutcome)
        data, folds, networks = self._data, self._data.folds, outcome.networks
        if folds is None:
            predicted = _predicted(networks[0], data.X_val, self.metric.takes)
            return self.metric.parts(data.y_val, predicted)
        held = [own[:n] for own, n in zip(folds.held, folds.counts, strict=True)]
        found = [
            self.metric.parts(data.y[own], _predicted(network, data.X[own], self.metric.takes))
            for network, own in zip(networks, held, strict=True)
        ]
        value = float(np.mean([parts.mean() for parts in found]))
        whole = np.full(len(data.X), value)
        for own, parts in zip(held, found, strict=True):
            # A row of a smaller fold counts for more in the mean over folds.
            whole[own] += (parts - value) * len(data.X) / (len(folds) * len(own))
        return whole

    def test_scores(self, networks: Sequence[Network]) -> dict[str, float]:
        """Return metric -> mean of its value on the test rows over networks, of every metric of the task."""
        X = self._dataset.X_test
        found = [self._test_scores(partial(_predicted, network, X)) for network in networks]
        return {name: float(np.mean([scores[name] for scores in found])) for name in found[0]}

    def ensemble_test_scores(self, networks: Sequence[Network]) -> dict[str, float]:
        """Return metric -> value on the test rows of the average of networks' predictions."""
        return self._test_scores(self._averaged(networks))

    def test_parts(self, network: Network) -> Float64Array:
        """Return the value of the metric plus each test row's influence, ``(n,)``."""
        predicted = _predicted(network, self._dataset.X_test, self.metric.takes)
        return self.metric.parts(self._dataset.y_test, predicted)

    def ensemble_test_parts(self, networks: Sequence[Network]) -> Float64Array:
        """Return these parts of the average of networks' predictions, ``(n,)``."""
        return self.metric.parts(self._dataset.y_test, self._averaged(networks)(self.metric.takes))

    def test_confusion(self, networks: Sequence[Network]) -> tuple[tuple[int, ...], ...]:
        """Return the test rows of each class that networks predict as each, ``(classes, classes)``.

        The counts are summed over the networks. There are none of a regression, nor of more than 30 classes.
        """
        n, truth = len(self._dataset.classes), self._dataset.y_test
        if not self.metric.for_classes or n > CLASSES_MOST:
            return ()
        predicted = [_predicted(one, self._dataset.X_test, PredictionKind.LABELS) for one in networks]
        counts = sum(np.bincount(truth * n + one, minlength=n * n) for one in predicted)
        return tuple(map(tuple, np.reshape(counts, (n, n)).tolist()))

    def test_constant(self) -> float:
        """Return the metric on the test rows for the best constant prediction of the training rows."""
        data = self._dataset
        return self.metric.constant(data.y_test, data.y_train, len(data.classes))

    def _averaged(self, networks: Sequence[Network]) -> Callable[[PredictionKind], Predicted]:
        """Return the average of networks' predictions of the test rows, in the form that is asked for."""
        whole = PredictionKind.PROBABILITIES if self.metric.for_classes else PredictionKind.VALUES
        mean = np.mean([_predicted(one, self._dataset.X_test, whole) for one in networks], axis=0)
        return lambda kind: mean.argmax(axis=1) if kind is PredictionKind.LABELS else mean

    def _test_scores(self, predicted: Callable[[PredictionKind], Predicted]) -> dict[str, float]:
        truth = self._dataset.y_test
        fitting = [metric for metric in METRICS.values() if metric.for_classes == self.metric.for_classes]
        found = {metric.name: metric.of(truth, predicted(metric.takes)) for metric in fitting}
        return {name: value for name, value in found.items() if not math.isnan(value)}


def networks_of(outcomes: Sequence[Outcome]) -> list[Network]:
    """Return the network of each training."""
    return [outcome.network for outcome in outcomes if isinstance(outcome, MLPOutcome)]


def _predicted(network: Network, X: FloatArray, kind: PredictionKind) -> Predicted:
    """Return what a network predicts of rows, in a form that a metric takes."""
    if kind is PredictionKind.PROBABILITIES:
        return network.predict_proba(X)
    return network.predict(X)
