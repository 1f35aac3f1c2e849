"""The records of one training: what a task asks of a network, its outcome, and where it has got to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.nn import Network, lanes_to_bytes
from hpsearch.nn.training.stacks import Training, TrainingState
from hpsearch.objective.task import Ending, Outcome

TAIL = 5
"""The value of a training is the mean over one epoch in so many, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MLPTask(Training):
    """The training that a task asks for.

    Attributes:
        stops: Returns whether the training stops, given its curve so far, ``(epochs so far,)``.
    """

    stops: Callable[[Sequence[float]], bool] = lambda _: False


@dataclass(frozen=True, slots=True, kw_only=True)
class MLPOutcome(Outcome):
    """The outcome of a training; an epoch in which it diverged has no place in its curve.

    Attributes:
        networks: The trained network; with folds one for each, which was trained without its rows.
    """

    networks: tuple[Network, ...]

    @classmethod
    def of(
        cls, ending: Ending, curve: tuple[float, ...], networks: tuple[Network, ...], *, worst: float = 0.0
    ) -> "MLPOutcome":
        """Return the outcome of a training.

        Args:
            ending: How it ended.
            curve: The metric on the validation rows after each epoch.
            networks: Its networks.
            worst: The value of a training without any epoch.
        """
        value = training_value(ending, curve, worst=worst)
        return cls(
            ending=ending, curve=curve, networks=networks, value=value, reason=ending.reason(len(curve))
        )

    @property
    def network(self) -> Network:
        """The only network of a training without folds, the first one with folds."""
        return self.networks[0]

    @property
    def nbytes(self) -> int:
        """Bytes of the parameters of its networks."""
        return sum(network.parameters.nbytes for network in self.networks)


@dataclass(frozen=True, slots=True, kw_only=True)
class MLPState:
    """Where a training has got to, as a worker stores it.

    Attributes:
        training: Its state between two epochs.
    """

    training: TrainingState

    @property
    def curve(self) -> tuple[float, ...]:
        """The score after each epoch so far."""
        return self.training.curve

    def pack(self) -> bytes:
        """Return the state of its lanes as bytes."""
        return lanes_to_bytes(self.training.lanes)


def training_value(ending: Ending, curve: Sequence[float], *, worst: float) -> float:
    """Return the value of a training: the mean of the metric over the last fifth of its epochs.

    One epoch alone is noisier than that. A training that was stopped has the value of its last epoch.

    Args:
        ending: How it ended.
        curve: The metric on the validation rows after each epoch.
        worst: The value of a training without any epoch.
    """
    if not curve:
        return worst
    tail = max(1, len(curve) // TAIL) if ending is Ending.COMPLETE else 1
    return float(np.mean(curve[-tail:]))
