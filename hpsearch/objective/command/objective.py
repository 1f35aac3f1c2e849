"""The objective that runs a command of the user's."""

from hpsearch.objective.command.evaluator import CommandEvaluator
from hpsearch.objective.process.checks import check_outside
from hpsearch.objective.protocol import Inputs
from hpsearch.study_file import StudySpec


class CommandObjective:
    """Runs a command for each trial."""

    def check(self, spec: StudySpec) -> StudySpec:
        """Return a study with every default filled in; refuse what belongs to networks.

        Raises:
            StudyFileError: Names file, line, key, and what was expected and found.
        """
        return check_outside(spec)

    def bind(self, spec: StudySpec, inputs: Inputs) -> CommandEvaluator:
        """Return what runs the command."""
        return CommandEvaluator(spec, inputs.code())
