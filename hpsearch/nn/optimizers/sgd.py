"""Stochastic gradient descent."""

from collections.abc import Sequence
from dataclasses import dataclass

from hpsearch.nn.optimizers.base import Block, Factor, Optimizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Sgd(Optimizer):
    """``W -= eta g``.

    Source: H. Robbins and S. Monro, "A stochastic approximation method", 1951.
    """

    def factors(self, t: int) -> tuple[float, ...]:  # noqa: ARG002 - every step is the same
        """Return no factors: a step needs the rate only."""
        return ()

    @staticmethod
    def apply(block: Block, factors: Sequence[Factor]) -> None:  # noqa: ARG004 - it has none
        """Move ``W`` ``(lanes, k)`` against ``g`` at the rates ``lr``; ``g`` is used up."""
        W, g = block.W, block.g
        g *= block.lr
        W -= g
