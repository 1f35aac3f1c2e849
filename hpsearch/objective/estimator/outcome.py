"""The outcome of fitting an estimator: what it predicts of the rows that it was fitted without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from hpsearch.metrics import Predicted, PredictionKind
from hpsearch.objective.rows.judge import Answers
from hpsearch.objective.task import Outcome

_ARRAYS = {
    PredictionKind.LABELS: "labels",
    PredictionKind.PROBABILITIES: "whole",
    PredictionKind.VALUES: "values",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatorOutcome(Outcome):
    """The outcome of fitting an estimator.

    Attributes:
        predicted: Name -> array: ``held0_labels`` and so on for each fold, ``test_labels`` where the test
            rows were asked for; ``whole`` in place of ``labels`` are probabilities, ``values`` are numbers.
        model: The estimator itself, as skops writes it; empty where it was not asked for.
    """

    predicted: Mapping[str, Predicted] = field(default_factory=dict)
    model: bytes = b""

    @property
    def nbytes(self) -> int:
        """Bytes of its predictions."""
        return sum(array.nbytes for array in self.predicted.values()) + len(self.model)


class FoundPredictions:
    """Reads the predictions that outcomes hold.

    Args:
        n_models: Models of each outcome: one, or one a fold.
    """

    def __init__(self, n_models: int) -> None:
        self._n_models = n_models

    def held_out(self, outcome: Outcome) -> Sequence[Answers]:
        """Return what each of its models predicts of the rows that score it."""
        return [_answers(outcome, f"held{place}") for place in range(self._n_models)]

    def test(self, outcome: Outcome) -> Answers:
        """Return what its first model predicts of the test rows."""
        return _answers(outcome, "test")


def _answers(outcome: Outcome, rows: str) -> Answers:
    assert isinstance(outcome, EstimatorOutcome)
    return partial(_answer, outcome, rows)


def _answer(outcome: EstimatorOutcome, rows: str, kind: PredictionKind) -> Predicted:
    return outcome.predicted[f"{rows}_{_ARRAYS[kind]}"]
