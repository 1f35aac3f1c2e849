"""One training: what is asked for, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hpsearch.nn import Checkpoint, MLPConfig, Network


class Ending(StrEnum):
    """How a training ended."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Midway:
    """A training between two of its epochs.

    Attributes:
        curve: Validation accuracy after each epoch so far.
        checkpoint: All there is to its lane.
    """

    curve: tuple[float, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One training.

    Attributes:
        config: The network and how it is trained.
        seed: Where its initial weights, batches and dropout come from.
        stops: Tells from the curve so far, ``(epochs so far,)``, whether the training stops.
        since: Where an earlier training of the same got to; ``None`` begins anew.
    """

    config: MLPConfig
    seed: int
    stops: Callable[[Sequence[float]], bool] = lambda _: False
    since: Midway | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a training.

    Attributes:
        ending: How it ended.
        curve: Validation accuracy after each epoch, but for the one that diverged.
        network: The trained network.
    """

    ending: Ending
    curve: tuple[float, ...]
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochEnd:
    """Trainings of one stack between two epochs; a task is told by its place.

    Attributes:
        curves: Place -> curve so far, of the tasks that go on.
        ended: Place -> outcome, of those that have just ended.
        midway: Copies where a task that goes on has got to; only until the next epoch.
    """

    curves: Mapping[int, tuple[float, ...]]
    ended: Mapping[int, Outcome] = field(default_factory=dict)
    midway: Callable[[int], Midway]
