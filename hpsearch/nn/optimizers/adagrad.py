"""Optimizers that divide the rate by the size of past gradients."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hpsearch.nn.optimizers.base import Block, Factor, Optimizer


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaGrad(Optimizer):
    """``h += g*g; W -= eta g / (sqrt(h) + eps)``: a steady gradient takes steps ``eta / sqrt(t)``.

    ``eps`` stands outside the root. Nothing is forgotten, so a large gradient slows its parameter for ever;
    ``RmsProp`` is the form that forgets.

    Attributes:
        eps: Added to the root, above 0.

    Source: J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic
    optimization", JMLR 2011, section 1.1 (without eps); eps as in Y. Saito, "Deep learning from scratch",
    2016, section 6.1.5.
    """

    n_moments: ClassVar[int] = 1

    eps: float = 1e-7

    def factors(self, t: int) -> tuple[float, ...]:  # noqa: ARG002 - every step is the same
        """Return ``(eps,)``."""
        return (self.eps,)

    @staticmethod
    def apply(block: Block, factors: Sequence[Factor]) -> None:
        """Move ``W`` ``(lanes, k)`` against the scaled gradient; ``g`` and ``scratch`` are used up."""
        W, g, (h,), (eps,) = block.W, block.g, block.moments, factors
        scratch = block.scratch
        np.multiply(g, g, out=scratch)
        h += scratch
        np.sqrt(h, out=scratch)
        scratch += eps
        g /= scratch
        g *= block.lr
        W -= g


@dataclass(frozen=True, slots=True, kw_only=True)
class RmsProp(AdaGrad):
    """``h = b h + (1-b) g*g; W -= eta g / (sqrt(h) + eps)``: AdaGrad that forgets.

    ``eps`` stands outside the root. ``h`` starts at zero and is not corrected for it, so the first step is
    ``eta / sqrt(1-b)`` long: 3.2 times the rate for the usual ``b``.

    Attributes:
        beta2: Forgetting of the squares, ``b``, in [0, 1).
        eps: Added to the root, above 0.

    Source: T. Tieleman and G. Hinton, "Neural networks for machine learning", lecture 6.5, 2012.
    """

    beta2: float = 0.9

    def factors(self, t: int) -> tuple[float, ...]:  # noqa: ARG002 - every step is the same
        """Return ``(b, 1 - b, eps)``."""
        return self.beta2, 1 - self.beta2, self.eps

    @staticmethod
    def apply(block: Block, factors: Sequence[Factor]) -> None:
        """Move ``W`` ``(lanes, k)`` against the scaled gradient; ``g`` and ``scratch`` are used up."""
        W, g, (h,), (b, rest, eps) = block.W, block.g, block.moments, factors
        scratch = block.scratch
        np.multiply(g, g, out=scratch)
        scratch *= rest
        h *= b
        h += scratch
        np.sqrt(h, out=scratch)
        scratch += eps
        g /= scratch
        g *= block.lr
        W -= g
