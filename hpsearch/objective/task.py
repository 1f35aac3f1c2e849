"""One training: what is asked for, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hpsearch.nn import MLPConfig, Network


class Ending(StrEnum):
    """How a training ended."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One training.

    Attributes:
        config: The network and how it is trained.
        seed: Where its initial weights, batches and dropout come from.
        stops: Tells from the curve so far, ``(epochs so far,)``, whether the training stops.
    """

    config: MLPConfig
    seed: int
    stops: Callable[[Sequence[float]], bool] = lambda _: False


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
