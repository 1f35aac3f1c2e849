"""Adaptive moment estimation, with and without decoupled weight decay."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hpsearch.nn.optimizers.base import Block, Factor, Optimizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Adam(Optimizer):
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

    def factors(self, t: int) -> tuple[float, ...]:
        """Return ``(b1, b2, eps / sqrt(c2), c1 / sqrt(c2))``."""
        c1 = (1 - self.beta1) / (1 - self.beta1**t)
        root_c2 = math.sqrt((1 - self.beta2) / (1 - self.beta2**t))
        return self.beta1, self.beta2, self.eps / root_c2, c1 / root_c2

    @staticmethod
    def apply(block: Block, factors: Sequence[Factor]) -> None:
        """Move ``W`` ``(lanes, k)`` by the corrected moments; ``g`` is used up."""
        W, g, (M, V), (b1, b2, eps, scale) = block.W, block.g, block.moments, factors
        M *= b1
        M += g
        g *= g
        V *= b2
        V += g
        np.sqrt(V, out=g)
        g += eps
        np.divide(M, g, out=g)
        g *= block.lr * scale
        W -= g


@dataclass(frozen=True, slots=True, kw_only=True)
class AdamW(Adam):
    """Adam with decoupled weight decay: ``W -= eta lambda W`` beside Adam's step, on weights only.

    Under Adam an L2 penalty is divided by the root of the squared gradients like every gradient, so weights
    with large gradients are hardly shrunk; decoupled decay shrinks all by one factor. The ``Updater``, which
    knows the weights from the rest, applies the decay; for all other optimizers ``weight_decay`` is the L2
    penalty.

    Attributes:
        beta1: Forgetting of the first moment, in [0, 1).
        beta2: Forgetting of the second moment, in [0, 1).
        eps: Added to the root, above 0.

    Source: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2, with
    the decay scaled by the whole learning rate ``eta`` and not by its schedule alone.
    """

    decoupled: ClassVar[bool] = True
