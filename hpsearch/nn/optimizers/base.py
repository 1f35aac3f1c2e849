"""What an optimizer is: some moments, and one update of parameters from their gradient."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from hpsearch.types import FloatArray


class Optimizer(Protocol):
    """A rule that moves parameters; it holds constants only, its state is passed in."""

    n_moments: ClassVar[int]
    """How many arrays of the parameters' shape the rule remembers; they start at zero."""

    def update(
        self, W: FloatArray, g: FloatArray, moments: Sequence[FloatArray], *, lr: FloatArray, t: int
    ) -> None:
        """Move ``W`` by one step, in place; ``g`` is used up (overwritten).

        Only element-wise arithmetic is allowed, so that cutting the arrays into blocks changes no bit.

        Args:
            W: Parameters, ``(lanes, k)``.
            g: Their gradient, ``(lanes, k)``.
            moments: ``n_moments`` arrays ``(lanes, k)``, updated in place.
            lr: Learning rates, ``(lanes, 1)``.
            t: Number of this step, from 1.
        """
