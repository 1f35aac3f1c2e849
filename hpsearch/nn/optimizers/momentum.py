"""Gradient descent with a velocity."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hpsearch.nn.optimizers.base import Block, Factor, Optimizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Momentum(Optimizer):
    """``v = a v - eta g; W += v``: the heavy ball, whose velocity is a sum.

    A steady gradient moves ``W`` by ``eta g / (1 - a)`` a step in the end; compare ``AveragedMomentum``.

    Attributes:
        momentum: The share of the velocity that a step keeps, ``a``, in [0, 1).

    Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; D. E.
    Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by back-propagating errors", 1986,
    equation 9.
    """

    n_moments: ClassVar[int] = 1

    momentum: float = 0.9

    def factors(self, t: int) -> tuple[float, ...]:  # noqa: ARG002 - every step is the same
        """Return ``(a,)``."""
        return (self.momentum,)

    @staticmethod
    def apply(block: Block, factors: Sequence[Factor]) -> None:
        """Move ``W`` ``(lanes, k)`` by its velocity; ``g`` is used up."""
        W, g, (v,), (a,) = block.W, block.g, block.moments, factors
        g *= block.lr
        v *= a
        v -= g
        W += v


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragedMomentum(Momentum):
    """``v = b v + (1-b) g; W -= eta v``: the velocity is an exponentially weighted average of gradients.

    A steady gradient moves ``W`` by ``eta g`` a step in the end, whatever ``b`` is; at the start the steps
    are small, because the average starts at zero and is not corrected for it.

    Attributes:
        momentum: Forgetting of the average, ``b``, in [0, 1).

    Source: I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and momentum
    in deep learning", ICML 2013, section 2, has the sum; the average is Adam's first moment (D. P. Kingma and
    J. Ba, 2015, algorithm 1) on its own.
    """

    def factors(self, t: int) -> tuple[float, ...]:  # noqa: ARG002 - every step is the same
        """Return ``(b, 1 - b)``."""
        return self.momentum, 1 - self.momentum

    @staticmethod
    def apply(block: Block, factors: Sequence[Factor]) -> None:
        """Move ``W`` ``(lanes, k)`` against the average of its gradients; ``g`` is used up."""
        W, g, (v,), (b, rest) = block.W, block.g, block.moments, factors
        g *= rest
        v *= b
        v += g
        np.multiply(v, block.lr, out=g)
        W -= g


@dataclass(frozen=True, slots=True, kw_only=True)
class Nesterov(Momentum):
    """Momentum whose gradient is taken where the velocity is about to lead.

    In the source ``v = a v - eta g(W + a v); W += v``. Here ``W`` is the point ``W + a v`` itself, at which
    the gradient ``g`` is known; the same path then reads::

        v' = a v - eta g;    W += a v' - eta g

    Attributes:
        momentum: The share of the velocity that a step keeps, ``a``, in [0, 1).

    Source: Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k^2)",
    1983; I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and momentum
    in deep learning", ICML 2013, equations 3 and 4; Y. Bengio, N. Boulanger-Lewandowski and R. Pascanu,
    "Advances in optimizing recurrent networks", 2013, equation 7 (the change of variable).
    """

    @staticmethod
    def apply(block: Block, factors: Sequence[Factor]) -> None:
        """Move ``W`` ``(lanes, k)``, the look-ahead point; ``g`` and ``scratch`` are used up."""
        W, g, (v,), (a,) = block.W, block.g, block.moments, factors
        scratch = block.scratch
        g *= block.lr
        v *= a
        v -= g
        np.multiply(v, a, out=scratch)
        W += scratch
        W -= g
