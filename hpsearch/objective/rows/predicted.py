"""Outcomes that hold what was predicted of the rows of a study, and their form as bytes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np

from hpsearch.metrics import Predicted, PredictionKind
from hpsearch.nn import ModelFileError
from hpsearch.nn.files.tensor_file import pack_tensors, unpack_tensors
from hpsearch.objective.task import Ending, Outcome

Answers: TypeAlias = Callable[[PredictionKind], Predicted]
"""What one model predicts of certain rows, in the form that is asked for."""

PARTS = "parts"
"""The name of what ``RowJudge.validation_parts`` returns, among the arrays of an outcome."""
_KIND = "training"
_ARRAYS = {
    PredictionKind.LABELS: "labels",
    PredictionKind.PROBABILITIES: "whole",
    PredictionKind.VALUES: "values",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedOutcome(Outcome):
    """An outcome that is known by what was predicted.

    Attributes:
        predicted: Name -> array: ``held0_labels`` and so on for each fold, ``test_labels`` where the test
            rows were asked for; ``whole`` in place of ``labels`` are probabilities, ``values`` are numbers.
    """

    predicted: Mapping[str, Predicted] = field(default_factory=dict)

    @property
    def has_test(self) -> bool:
        """Whether the test rows were asked for."""
        return any(name.startswith("test_") for name in self.predicted)

    def pack(self) -> bytes:
        """Return the ending and the arrays as bytes, which ``unpack`` reads."""
        arrays = {name: np.ascontiguousarray(array) for name, array in self.predicted.items()}
        return pack_tensors(arrays, kind=_KIND, card={"ending": self.ending.value})

    @classmethod
    def unpack(cls, data: bytes) -> "PredictedOutcome | None":
        """Return the outcome that was packed, without value and curve; ``None`` where bytes are damaged."""
        try:
            found = unpack_tensors(data, kind=_KIND, source="a training of the verdict")
        except ModelFileError:
            return None
        ending = Ending(found.card["ending"])
        return cls(ending=ending, curve=(), value=np.nan, predicted=found.tensors)


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


def arrays_of_test(answers: Answers, *, for_classes: bool) -> dict[str, Predicted]:
    """Return the arrays of what a model predicts of the test rows, as ``FoundPredictions`` reads them."""
    classes = (PredictionKind.LABELS, PredictionKind.PROBABILITIES)
    kinds = classes if for_classes else (PredictionKind.VALUES,)
    return {f"test_{_ARRAYS[kind]}": answers(kind) for kind in kinds}


def _answers(outcome: Outcome, rows: str) -> Answers:
    assert isinstance(outcome, PredictedOutcome)
    return partial(_answer, outcome, rows)


def _answer(outcome: PredictedOutcome, rows: str, kind: PredictionKind) -> Predicted:
    return outcome.predicted[f"{rows}_{_ARRAYS[kind]}"]
