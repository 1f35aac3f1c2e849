"""The base class of optimizers: constants, some moments, and one update of parameters from their gradient."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple, TypeAlias

import numpy as np

from hpsearch.types import FloatArray

Factor: TypeAlias = float | FloatArray
"""A number for all lanes, or ``(lanes, 1)``."""


class Block(NamedTuple):
    """The arrays of one update: some lanes and columns of the flat arrays, each ``(lanes, k)``.

    Attributes:
        W: Parameters, moved in place.
        g: Their gradient, used up (overwritten).
        moments: ``n_moments`` arrays, updated in place.
        lr: Learning rates.
        scratch: An array for intermediate values, used up.
    """

    W: FloatArray
    g: FloatArray
    moments: Sequence[FloatArray]
    lr: Factor
    scratch: FloatArray


class Optimizer(ABC):
    """A rule that moves parameters; it holds constants only, its state is passed in.

    Lanes may differ in their constants: an object is one lane's rule, ``factors`` turns its constants into
    the numbers of a step, and ``apply`` moves the parameters of many lanes by the numbers of each.
    """

    __slots__ = ()

    n_moments: ClassVar[int] = 0
    """Number of arrays of the parameters' shape that the rule keeps from step to step; they start at zero."""

    decoupled: ClassVar[bool] = False
    """Whether ``weight_decay`` shrinks the weights themselves instead of entering the gradient."""

    @abstractmethod
    def factors(self, t: int) -> tuple[float, ...]:
        """Return the numbers that ``apply`` needs for step ``t`` (from 1)."""

    @staticmethod
    @abstractmethod
    def apply(block: Block, factors: Sequence[Factor]) -> None:
        """Move ``block.W`` by one step, in place; ``factors`` are what the method of that name returned.

        Only element-wise arithmetic is allowed, so that cutting the arrays into blocks changes no bit.
        """

    def update(
        self, W: FloatArray, g: FloatArray, moments: Sequence[FloatArray], *, lr: Factor, t: int
    ) -> None:
        """Move ``W`` ``(lanes, k)`` by step ``t`` with these constants in every lane; ``g`` is used up."""
        self.apply(Block(W, g, moments, lr=lr, scratch=np.empty_like(g)), self.factors(t))
