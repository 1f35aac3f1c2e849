"""The objective whose trials run in processes of their own: a function, or a command."""

from collections.abc import Callable
from dataclasses import dataclass

from hpsearch.data import Dataset
from hpsearch.objective.code import Code
from hpsearch.objective.process.checks import check_outside
from hpsearch.objective.process.trials import ProcessEvaluator
from hpsearch.objective.protocol import Inputs
from hpsearch.study_file import StudySpec


@dataclass(frozen=True, slots=True)
class ProcessObjective:
    """Evaluates trials in processes.

    Attributes:
        evaluator: Makes what evaluates the trials of a study with its code.
    """

    evaluator: Callable[[StudySpec, Code], ProcessEvaluator]

    def check(self, spec: StudySpec) -> StudySpec:
        """Return a study with every default filled in; refuse what belongs to networks.

        Raises:
            StudyFileError: Names file, line, key, and what was expected and found.
        """
        return check_outside(spec)

    def check_data(self, spec: StudySpec, dataset: Dataset) -> None:
        """Do nothing: there are no data that hpsearch reads."""

    def warnings(self, spec: StudySpec, dataset: Dataset) -> list[str]:  # noqa: ARG002
        """Return no line."""
        return []

    def bind(self, spec: StudySpec, inputs: Inputs) -> ProcessEvaluator:
        """Return what evaluates the trials; it starts no process before the first of them."""
        return self.evaluator(spec, inputs.code())
