"""Penalties on the weights, never on biases or other parameters, added to the loss."""

from abc import ABC, abstractmethod

import numpy as np

from hpsearch.types import Float64Array, FloatArray


class Penalty(ABC):
    """A function of the weights whose gradient joins the loss's before the optimizer sees it."""

    @staticmethod
    @abstractmethod
    def value(W: FloatArray, rate: FloatArray) -> Float64Array:
        """Return each lane's penalty, ``(lanes,)``, for ``W`` ``(lanes, k)`` and ``rate`` ``(lanes, 1)``."""

    @staticmethod
    @abstractmethod
    def add_gradient(W: FloatArray, g: FloatArray, *, rate: FloatArray, scratch: FloatArray) -> None:
        """Add the gradient to ``g``, in place; all ``(lanes, k)``, ``rate`` ``(lanes, 1)``."""


class L2(Penalty):
    """``lambda/2 * sum(W^2)``; its gradient is ``lambda W``.

    Under an adaptive optimizer this differs from decoupled weight decay, which moves ``W`` itself.

    Source: A. Krogh and J. A. Hertz, "A simple weight decay can improve generalization", NIPS 1991,
    equation 3; on the difference: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization",
    ICLR 2019.
    """

    @staticmethod
    def value(W: FloatArray, rate: FloatArray) -> Float64Array:
        """Return ``rate/2 * sum(W^2)``, ``(lanes,)``, for ``W`` ``(lanes, k)``, ``rate`` ``(lanes, 1)``."""
        return np.asarray([0.5 * float(r) * float(w @ w) for w, r in zip(W, rate[:, 0], strict=True)])

    @staticmethod
    def add_gradient(W: FloatArray, g: FloatArray, *, rate: FloatArray, scratch: FloatArray) -> None:
        """Add ``rate * W`` to ``g``, in place; all ``(lanes, k)``, ``rate`` ``(lanes, 1)``."""
        np.multiply(W, rate, out=scratch)
        g += scratch


class L1(Penalty):
    """``lambda * sum(|W|)``; its gradient is ``lambda sign(W)``, 0 where ``W`` is 0.

    It pulls all weights with one force, so unneeded ones come to rest about 0.

    Source: R. Tibshirani, "Regression shrinkage and selection via the lasso", 1996, equation 1.
    """

    @staticmethod
    def value(W: FloatArray, rate: FloatArray) -> Float64Array:
        """Return ``rate * sum(|W|)``, ``(lanes,)``, for ``W`` ``(lanes, k)`` and ``rate`` ``(lanes, 1)``."""
        return np.asarray(rate[:, 0] * np.abs(W).sum(axis=1), np.float64)

    @staticmethod
    def add_gradient(W: FloatArray, g: FloatArray, *, rate: FloatArray, scratch: FloatArray) -> None:
        """Add ``rate * sign(W)`` to ``g``, in place; all ``(lanes, k)``, ``rate`` ``(lanes, 1)``."""
        np.sign(W, out=scratch)
        scratch *= rate
        g += scratch


class LInfinity(Penalty):
    """``lambda * max(|W|)`` over all weights of a lane; its gradient is ``lambda sign(W)`` at the largest.

    Of several largest weights the first is pulled; that is one of the penalty's subgradients.

    Source: S. Boyd and L. Vandenberghe, "Convex optimization", 2004, sections 6.3.2 and A.1.2 (the norm);
    Y. Saito, "Deep learning from scratch", 2016, section 6.4.2 (as a penalty beside L1 and L2).
    """

    @staticmethod
    def value(W: FloatArray, rate: FloatArray) -> Float64Array:
        """Return ``rate * max(|W|)``, ``(lanes,)``, for ``W`` ``(lanes, k)`` and ``rate`` ``(lanes, 1)``."""
        return np.asarray(rate[:, 0] * np.abs(W).max(axis=1), np.float64)

    @staticmethod
    def add_gradient(W: FloatArray, g: FloatArray, *, rate: FloatArray, scratch: FloatArray) -> None:
        """Add ``rate * sign(W)`` where ``|W|`` is largest; all ``(lanes, k)``, ``rate`` ``(lanes, 1)``."""
        np.abs(W, out=scratch)
        for lane, at in enumerate(scratch.argmax(axis=1)):
            g[lane, at] += rate[lane, 0] * np.sign(W[lane, at])


PENALTIES: dict[str, type[Penalty]] = {"l2": L2, "l1": L1, "linf": LInfinity}
