"""The judge of outcomes by rows: the rows that score a trial, and the test rows."""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from hpsearch.data import Dataset
from hpsearch.metrics import METRICS, Metric, PredictionKind
from hpsearch.nn import TrainingData
from hpsearch.nn.data import RegressionData
from hpsearch.objective.protocol import Judged, JudgedRows
from hpsearch.objective.rows.predicted import (
    PARTS,
    Answers,
    FoundPredictions,
    PredictedOutcome,
    arrays_of_test,
)
from hpsearch.objective.task import Outcome
from hpsearch.types import Float64Array

CLASSES_MOST = 30
"""With more classes no table says which class is taken for which: it would have a thousand cells."""


class Predictions(Protocol):
    """What reads the predictions of an outcome."""

    def held_out(self, outcome: Outcome) -> Sequence[Answers]:
        """Return what each of its models predicts of the rows that score it: one model, or one a fold."""

    def test(self, outcome: Outcome) -> Answers:
        """Return what its first model predicts of the test rows."""


class RowJudge:
    """Judges outcomes by the rows of a study.

    Args:
        dataset: The examples.
        data: The rows that trials learn from, and those that score them.
        metric: The study's metric.
        constant: Its value for the best constant prediction on the rows that score a trial.
        predictions: Reads what outcomes predict.
    """

    def __init__(
        self,
        dataset: Dataset,
        data: TrainingData | RegressionData,
        *,
        metric: Metric,
        constant: float,
        predictions: Predictions,
    ) -> None:
        self._dataset, self._data, self.metric = dataset, data, metric
        self.constant_score = metric.sign * constant
        self._predictions = predictions

    @property
    def validation_rows(self) -> int:
        """Number of rows that score a trial; with folds all rows outside the test split."""
        return len(self._data.y if self._data.folds is not None else self._data.y_val)

    def judge(self, outcomes: Sequence[Outcome]) -> Judged:
        """Return what the test rows say of the first model of each outcome."""
        data = self._dataset
        return Judged(
            scores=self.test_scores(outcomes),
            parts=np.array([self.test_parts(outcome) for outcome in outcomes]),
            confusion=self.test_confusion(outcomes),
            classes=tuple(map(str, data.classes)),
            rows={"train": len(data.X_train), "validation": len(data.X_val), "test": len(data.X_test)},
            constant=self.test_constant(),
            features=data.X_train.shape[1],
        )

    def judge_ensemble(self, outcomes: Sequence[Outcome]) -> Judged:
        """Return what the test rows say of the average of what the models predict."""
        return Judged(
            scores=self.ensemble_test_scores(outcomes), parts=self.ensemble_test_parts(outcomes)[None]
        )

    def validation_parts(self, outcome: Outcome) -> Float64Array:
        """Return the value of the metric plus the influence of each row that scores a trial, ``(n,)``.

        With folds the part of a row comes from the models that were trained without it.

        Args:
            outcome: One training.
        """
        if isinstance(outcome, PredictedOutcome) and PARTS in outcome.predicted:
            return outcome.predicted[PARTS]
        data, folds, answers = self._data, self._data.folds, self._predictions.held_out(outcome)
        if folds is None:
            return self.metric.parts(data.y_val, answers[0](self.metric.takes))
        held = [own[:n] for own, n in zip(folds.held, folds.counts, strict=True)]
        found = [
            self.metric.parts(data.y[own], answer(self.metric.takes))
            for answer, own in zip(answers, held, strict=True)
        ]
        value = float(np.mean([parts.mean() for parts in found]))
        whole = np.full(len(data.X), value)
        for own, parts in zip(held, found, strict=True):
            # A row of a smaller fold counts for more in the mean over folds.
            whole[own] += (parts - value) * len(data.X) / (len(folds) * len(own))
        return whole

    def pack(self, outcome: Outcome, rows: JudgedRows) -> bytes | None:
        """Return what judging an outcome by certain rows takes; ``None`` where they were not asked for."""
        if rows is JudgedRows.VALIDATION:
            found = {PARTS: self.validation_parts(outcome)}
        elif isinstance(outcome, PredictedOutcome) and not outcome.has_test:
            return None
        else:
            found = arrays_of_test(self._test(outcome), for_classes=self.metric.for_classes)
        return PredictedOutcome(ending=outcome.ending, curve=(), value=0.0, predicted=found).pack()

    def unpack(self, data: bytes) -> PredictedOutcome | None:
        """Return an outcome that can be judged like the one that was packed; ``None`` of damaged bytes."""
        return PredictedOutcome.unpack(data)

    def test_scores(self, outcomes: Sequence[Outcome]) -> dict[str, float]:
        """Return metric -> mean of its value on the test rows over outcomes, of every metric of the task."""
        found = [self._test_scores(self._test(outcome)) for outcome in outcomes]
        return {name: float(np.mean([scores[name] for scores in found])) for name in found[0]}

    def ensemble_test_scores(self, outcomes: Sequence[Outcome]) -> dict[str, float]:
        """Return metric -> value on the test rows of the average of predictions."""
        return self._test_scores(self._averaged(outcomes))

    def test_parts(self, outcome: Outcome) -> Float64Array:
        """Return the value of the metric plus each test row's influence, ``(n,)``."""
        predicted = self._test(outcome)(self.metric.takes)
        return self.metric.parts(self._dataset.y_test, predicted)

    def ensemble_test_parts(self, outcomes: Sequence[Outcome]) -> Float64Array:
        """Return these parts of the average of predictions, ``(n,)``."""
        return self.metric.parts(self._dataset.y_test, self._averaged(outcomes)(self.metric.takes))

    def test_confusion(self, outcomes: Sequence[Outcome]) -> tuple[tuple[int, ...], ...]:
        """Return the test rows of each class that models predict as each, ``(classes, classes)``.

        The counts are summed over the models. There are none of a regression, nor of more than 30 classes.
        """
        n, truth = len(self._dataset.classes), self._dataset.y_test
        if not self.metric.for_classes or n > CLASSES_MOST:
            return ()
        predicted = [self._test(outcome)(PredictionKind.LABELS) for outcome in outcomes]
        counts = sum(np.bincount(truth * n + one, minlength=n * n) for one in predicted)
        return tuple(map(tuple, np.reshape(counts, (n, n)).tolist()))

    def test_constant(self) -> float:
        """Return the metric on the test rows for the best constant prediction of the training rows."""
        data = self._dataset
        return self.metric.constant(data.y_test, data.y_train, len(data.classes))

    def _test(self, outcome: Outcome) -> Answers:
        """Return what the first model of an outcome predicts of the test rows."""
        kept = isinstance(outcome, PredictedOutcome)
        return FoundPredictions(1).test(outcome) if kept else self._predictions.test(outcome)

    def _averaged(self, outcomes: Sequence[Outcome]) -> Answers:
        """Return the average of models' predictions of the test rows, in the form that is asked for."""
        whole = PredictionKind.PROBABILITIES if self.metric.for_classes else PredictionKind.VALUES
        mean = np.mean([self._test(outcome)(whole) for outcome in outcomes], axis=0)
        return lambda kind: mean.argmax(axis=1) if kind is PredictionKind.LABELS else mean

    def _test_scores(self, answers: Answers) -> dict[str, float]:
        truth = self._dataset.y_test
        fitting = [metric for metric in METRICS.values() if metric.for_classes == self.metric.for_classes]
        found = {metric.name: metric.of(truth, answers(metric.takes)) for metric in fitting}
        return {name: value for name, value in found.items() if not math.isnan(value)}
