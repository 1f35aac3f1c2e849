"""Stochastic gradient descent."""

from collections.abc import Sequence
from dataclasses import dataclass

from hpsearch.nn.optimizers.base import Factor, Optimizer
from hpsearch.types import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Sgd(Optimizer):
    """``W -= eta g``.

    Source: H. Robbins and S. Monro, "A stochastic approximation method", 1951.
    """

    def factors(self, t: int) -> tuple[float, ...]:  # noqa: ARG002 - every step is the same
        """Return nothing: the rate is all there is."""
        return ()

    @staticmethod
    def apply(  # noqa: PLR0913 - the contract's
        W: FloatArray,
        g: FloatArray,
        moments: Sequence[FloatArray],  # noqa: ARG004 - it has none
        *,
        lr: Factor,
        factors: Sequence[Factor],  # noqa: ARG004 - it has none
        scratch: FloatArray,  # noqa: ARG004 - it needs none
    ) -> None:
        """Move ``W`` ``(lanes, k)`` against ``g`` at the rates ``lr``; ``g`` is used up."""
        g *= lr
        W -= g
