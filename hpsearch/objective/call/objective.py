"""The objective that calls a function of the user's."""

from hpsearch.objective.call.evaluator import CallEvaluator
from hpsearch.objective.process.checks import check_outside
from hpsearch.objective.protocol import Inputs
from hpsearch.study_file import StudySpec


class CallObjective:
    """Calls a function for each trial."""

    def check(self, spec: StudySpec) -> StudySpec:
        """Return a study with every default filled in; refuse what belongs to networks.

        Raises:
            StudyFileError: Names file, line, key, and what was expected and found.
        """
        return check_outside(spec)

    def bind(self, spec: StudySpec, inputs: Inputs) -> CallEvaluator:
        """Return what calls the function; its process starts with the first trial."""
        return CallEvaluator(spec, inputs.code())
