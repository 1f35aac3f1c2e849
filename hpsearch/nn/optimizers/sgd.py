"""Stochastic gradient descent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hpsearch.types import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Sgd:
    """``W -= eta g``.

    Source: H. Robbins and S. Monro, "A stochastic approximation method", 1951.
    """

    n_moments: ClassVar[int] = 0

    def update(
        self,
        W: FloatArray,
        g: FloatArray,
        moments: Sequence[FloatArray],  # noqa: ARG002 - it has none
        *,
        lr: FloatArray,
        t: int,  # noqa: ARG002 - every step is the same
    ) -> None:
        """Move ``W`` ``(lanes, k)`` against ``g`` at the rates ``lr`` ``(lanes, 1)``; ``g`` is used up."""
        g *= lr
        W -= g
