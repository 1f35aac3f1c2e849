"""The records of one training: the task that a trial asks for, and its outcome."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hpsearch.nn import Network
from hpsearch.nn.training.stacks import Training, TrainingState


class Ending(StrEnum):
    """How a training ended."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    DIVERGED = "diverged"

    @classmethod
    def of(cls, reason: str) -> "Ending | None":
        """Return the ending that a stored reason begins with, as ``reason`` wrote it, or ``None``."""
        word = reason.partition(" ")[0]
        return next((ending for ending in cls if ending == word), None)

    def reason(self, n_epochs: int) -> str | None:
        """Return the reason that is stored of a trial which did not complete, else ``None``."""
        return None if self is Ending.COMPLETE else f"{self} after {n_epochs} whole epochs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Training):
    """The training that a trial asks for.

    Attributes:
        stops: Returns whether the training stops, given its curve so far, ``(epochs so far,)``.
    """

    stops: Callable[[Sequence[float]], bool] = lambda _: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of a training.

    Attributes:
        ending: How it ended.
        curve: The metric on the validation rows after each epoch; an epoch in which the training diverged has
            none.
        networks: The trained network; with folds one for each, which was trained without its rows.
        worst: The value of a training without any epoch.
    """

    ending: Ending
    curve: tuple[float, ...]
    networks: tuple[Network, ...]
    worst: float = 0.0

    @property
    def network(self) -> Network:
        """The only network of a training without folds, the first one with folds."""
        return self.networks[0]

    @property
    def nbytes(self) -> int:
        """Bytes of the parameters of its networks."""
        return sum(network.parameters.nbytes for network in self.networks)


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochEnd:
    """The tasks of one stack between two epochs; a task is named by its place in the list of tasks.

    Attributes:
        curves: Place -> curve so far, of the tasks that go on.
        ended: Place -> outcome, of the tasks that ended in this epoch.
        state: Returns a copy of the training state of a task that goes on; only until the next epoch.
    """

    curves: Mapping[int, tuple[float, ...]]
    ended: Mapping[int, Outcome]
    state: Callable[[int], TrainingState]
