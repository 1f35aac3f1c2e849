"""Adaptive moment estimation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hpsearch.types import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Adam:
    """``W -= eta m^ / (sqrt(v^) + eps)`` with both moments corrected for their start at zero.

    In the paper ``m = b1 m + (1-b1) g``, ``v = b2 v + (1-b2) g*g``, ``m^ = m / (1-b1^t)``,
    ``v^ = v / (1-b2^t)``. Here the moments are kept as plain sums, ``M = b1 M + g`` and ``V = b2 V + g*g``;
    their factors ``c1 = (1-b1) / (1-b1^t)`` and ``c2 = (1-b2) / (1-b2^t)`` are numbers and join the step::

        W -= (eta c1 / sqrt(c2)) M / (sqrt(V) + eps / sqrt(c2))

    which is the same update with two passes over the parameters fewer. ``eps`` stands outside the root.

    Attributes:
        beta1: Forgetting of the first moment, in [0, 1).
        beta2: Forgetting of the second moment, in [0, 1).
        eps: Added to the root, above 0.

    Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.
    """

    n_moments: ClassVar[int] = 2

    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def update(
        self, W: FloatArray, g: FloatArray, moments: Sequence[FloatArray], *, lr: FloatArray, t: int
    ) -> None:
        """Move ``W`` ``(lanes, k)`` by step ``t`` at the rates ``lr`` ``(lanes, 1)``; ``g`` is used up."""
        M, V = moments
        c1 = (1 - self.beta1) / (1 - self.beta1**t)
        root_c2 = math.sqrt((1 - self.beta2) / (1 - self.beta2**t))
        M *= self.beta1
        M += g
        g *= g
        V *= self.beta2
        V += g
        np.sqrt(V, out=g)
        g += self.eps / root_c2
        np.divide(M, g, out=g)
        g *= lr * (c1 / root_c2)
        W -= g
