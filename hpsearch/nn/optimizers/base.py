"""What an optimizer is: constants, some moments, and one update of parameters from their gradient."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, TypeAlias

import numpy as np

from hpsearch.types import FloatArray

Factor: TypeAlias = float | FloatArray
"""A number for all lanes, or ``(lanes, 1)``."""


class Optimizer(ABC):
    """A rule that moves parameters; it holds constants only, its state is passed in.

    Lanes may differ in their constants: an object is one lane's rule, ``factors`` turns its constants into
    the numbers of a step, and ``apply`` moves the parameters of many lanes by the numbers of each.
    """

    __slots__ = ()

    n_moments: ClassVar[int] = 0
    """How many arrays of the parameters' shape the rule remembers; they start at zero."""

    decoupled: ClassVar[bool] = False
    """Whether ``weight_decay`` shrinks the weights themselves instead of entering the gradient."""

    @abstractmethod
    def factors(self, t: int) -> tuple[float, ...]:
        """Return the numbers that ``apply`` needs for step ``t`` (from 1)."""

    @staticmethod
    @abstractmethod
    def apply(  # noqa: PLR0913 - a step needs all of them
        W: FloatArray,
        g: FloatArray,
        moments: Sequence[FloatArray],
        *,
        lr: Factor,
        factors: Sequence[Factor],
        scratch: FloatArray,
    ) -> None:
        """Move ``W`` by one step, in place; ``g`` and ``scratch`` are used up (overwritten).

        Only element-wise arithmetic is allowed, so that cutting the arrays into blocks changes no bit.

        Args:
            W: Parameters, ``(lanes, k)``.
            g: Their gradient, ``(lanes, k)``.
            moments: ``n_moments`` arrays ``(lanes, k)``, updated in place.
            lr: Learning rates.
            factors: What ``factors`` gave for this step.
            scratch: ``(lanes, k)``.
        """

    def update(
        self, W: FloatArray, g: FloatArray, moments: Sequence[FloatArray], *, lr: Factor, t: int
    ) -> None:
        """Move ``W`` ``(lanes, k)`` by step ``t`` with these constants in every lane; ``g`` is used up."""
        self.apply(W, g, moments, lr=lr, factors=self.factors(t), scratch=np.empty_like(g))
