"""A cache of outcomes: an evaluation is a pure function, so an outcome serves every equal task."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar

from hpsearch.objective.task import Ending

OUTCOME_BYTES = 64 * 2**20
"""Room for the networks of several thousand small trials, or of a few large ones."""


class Sized(Protocol):
    """An outcome that takes memory."""

    @property
    def ending(self) -> Ending:
        """How it ended."""

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""


Kept = TypeVar("Kept", bound=Sized)


class OutcomeCache(Generic[Kept]):
    """The latest outcomes of complete evaluations, within a limit of memory.

    With it a worker delivers what it trained itself without training it again.

    Args:
        room: Bytes of arrays that may be kept.
    """

    def __init__(self, room: int = OUTCOME_BYTES) -> None:
        self._room = room
        self._outcomes: OrderedDict[Hashable, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._outcomes)

    def find(self, key: Hashable) -> Kept | None:
        """Return the outcome of the same configuration and seed, or ``None``."""
        return self._outcomes.get(key)

    def put(self, key: Hashable, outcome: Kept) -> None:
        """Keep the outcome of a complete evaluation; the oldest go where there is no more room."""
        if outcome.ending is not Ending.COMPLETE or key in self._outcomes:
            return
        self._outcomes[key] = outcome
        self._room -= outcome.nbytes
        while self._room < 0:
            _, oldest = self._outcomes.popitem(last=False)
            self._room += oldest.nbytes
