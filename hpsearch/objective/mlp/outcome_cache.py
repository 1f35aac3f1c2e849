"""A cache of outcomes: training is a pure function, so an outcome serves every equal task."""

from collections import OrderedDict

from hpsearch.nn import MLPConfig
from hpsearch.objective.mlp.training import MLPOutcome, MLPTask
from hpsearch.objective.task import Ending

OUTCOME_BYTES = 64 * 2**20
"""Room for the networks of several thousand small trials, or of a few large ones."""


class OutcomeCache:
    """The latest outcomes of complete trainings, within a limit of memory.

    With it a worker delivers the networks that it trained itself without training them again.

    Args:
        room: Bytes of network parameters that may be kept.
    """

    def __init__(self, room: int = OUTCOME_BYTES) -> None:
        self._room = room
        self._outcomes: OrderedDict[tuple[MLPConfig, int], MLPOutcome] = OrderedDict()

    def __len__(self) -> int:
        return len(self._outcomes)

    def find(self, task: MLPTask) -> MLPOutcome | None:
        """Return the outcome of the same configuration and seed, or ``None``."""
        return self._outcomes.get((task.config, task.seed))

    def put(self, task: MLPTask, outcome: MLPOutcome) -> None:
        """Keep the outcome of a complete training; the oldest outcomes go where there is no more room."""
        if outcome.ending is not Ending.COMPLETE or (task.config, task.seed) in self._outcomes:
            return
        self._outcomes[task.config, task.seed] = outcome
        self._room -= outcome.nbytes
        while self._room < 0:
            _, oldest = self._outcomes.popitem(last=False)
            self._room += oldest.nbytes
