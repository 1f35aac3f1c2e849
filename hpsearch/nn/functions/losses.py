"""Losses, by name in ``LOSSES``: a value and its gradient for each lane."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsearch.types import Float64Array, FloatArray


class Loss(ABC):
    """A mean over the rows of a batch, lane by lane, for one shape of output; it works in place.

    With weights the loss and the gradient of row ``i`` are multiplied by ``w_i``; the mean still divides by
    the number of rows. With weights whose mean over all rows is 1, the batches of an epoch so average to the
    weighted mean over all rows, however they are cut. Weights of 1 change no bit.

    Args:
        shape: ``(lanes, rows, outputs)``.
        dtype: Element type.

    Attributes:
        logits: ``(lanes, rows, outputs)``, the network's linear output; write it here, then call ``forward``
            and ``backward``.
    """

    logits: FloatArray

    @abstractmethod
    def __init__(self, shape: tuple[int, int, int], dtype: DTypeLike) -> None: ...

    @abstractmethod
    def forward(self, y: NDArray[Any], weights: FloatArray | None = None) -> FloatArray:
        """Return the losses of each lane, weighted and summed over the batch, ``(lanes,)``.

        Args:
            y: The targets, ``(lanes, rows)`` or ``(lanes, rows, outputs)``.
            weights: ``(lanes, rows)``, each 0 or more, or ``None`` for ones; not changed before ``backward``.
        """

    @abstractmethod
    def backward(self) -> FloatArray:
        """Return the gradient of the weighted mean, ``(lanes, rows, outputs)``; it overwrites the logits."""


def softmax(Z: FloatArray) -> Float64Array:
    """Return ``exp(z_k) / sum_j exp(z_j)`` over the last axis, in float64; safe for any finite ``Z``.

    Example:
        >>> softmax(np.array([[1000.0, 1000.0]])).tolist()
        [[0.5, 0.5]]
    """
    P = Z.astype(np.float64)
    P -= P.max(axis=-1, keepdims=True)
    np.exp(P, out=P)
    P /= P.sum(axis=-1, keepdims=True)
    return P


def log_softmax(Z: FloatArray) -> Float64Array:
    """Return ``z_k - log sum_j exp(z_j)`` over the last axis, in float64; finite for any finite ``Z``.

    Example:
        >>> log_softmax(np.array([[0.0, -1000.0]])).tolist()
        [[0.0, -1000.0]]
    """
    L = Z.astype(np.float64)
    L -= L.max(axis=-1, keepdims=True)
    L -= np.log(np.exp(L).sum(axis=-1, keepdims=True))
    return L


class SoftmaxCrossEntropy(Loss):
    """``L = mean over the batch of -log p_y`` with ``p = softmax(Z)``; its gradient is ``(p - y) / B``.

    Weights multiply each row: ``L = sum_i w_i (-log p_yi) / B``, gradient ``w (p - y) / B``.

    It owns the array of the logits, because it chooses how they lie in memory: class by class, so that a
    maximum over classes is vectorised over the batch (three times as fast for ten classes). Sums over
    classes and over the batch are products with ones: one BLAS call a lane, so their order cannot depend on
    the number of lanes, and quicker than a sum over short axes.

    Args:
        shape: ``(lanes, rows, classes)``.
        dtype: Element type.

    Source: C. M. Bishop, "Pattern Recognition and Machine Learning", 2006, equations 4.104, 4.108, 4.109.
    """

    def __init__(self, shape: tuple[int, int, int], dtype: DTypeLike) -> None:
        lanes, rows, classes = shape
        memory: FloatArray = np.empty((lanes, classes, rows), dtype)
        self.logits: FloatArray = memory.mT
        self._flat = memory.reshape(-1)
        self._rows = rows
        self._offsets = np.arange(lanes)[:, None] * (classes * rows) + np.arange(rows)
        self._index = np.empty_like(self._offsets)
        self._top: FloatArray = np.empty((lanes, rows, 1), dtype)
        self._total: FloatArray = np.empty((lanes, rows, 1), dtype)
        self._own: FloatArray = np.empty((lanes, rows), dtype)
        self._losses: FloatArray = np.empty((lanes, rows), dtype)
        self._sums: FloatArray = np.empty((lanes, 1, 1), dtype)
        self._class_ones: FloatArray = np.ones((classes, 1), dtype)
        self._row_ones: FloatArray = np.ones((rows, 1), dtype)
        self._weights: FloatArray | None = None

    def forward(self, y: NDArray[Any], weights: FloatArray | None = None) -> FloatArray:
        """Return the loss of each lane summed over the batch, ``(lanes,)``, for classes ``(lanes, rows)``."""
        Z, self._weights = self.logits, weights
        np.max(Z, axis=2, keepdims=True, out=self._top)
        Z -= self._top
        np.multiply(y, self._rows, out=self._index)
        self._index += self._offsets
        np.take(self._flat, self._index, out=self._own, mode="clip")
        np.exp(Z, out=Z)
        np.matmul(Z, self._class_ones, out=self._total)
        np.log(self._total[:, :, 0], out=self._losses)
        self._losses -= self._own
        if weights is not None:
            self._losses *= weights
        np.matmul(self._losses[:, None, :], self._row_ones, out=self._sums)
        return self._sums[:, 0, 0]

    def backward(self) -> FloatArray:
        """Return ``dL/dZ = w (p - y) / B``, ``(lanes, rows, classes)``; it overwrites the logits."""
        Z = self.logits
        self._total *= self._rows
        Z /= self._total
        np.take(self._flat, self._index, out=self._own, mode="clip")
        self._own -= 1 / self._rows
        self._flat[self._index] = self._own
        if self._weights is not None:
            Z *= self._weights[:, :, None]
        return Z


class SquaredError(Loss):
    """``L = mean over batch and outputs of 1/2 (p_k - y_k)^2``; its gradient is ``(p - y) / (B K)``.

    The mean over the ``K`` outputs, as scikit-learn and PyTorch take it, lets a learning rate mean the same
    for any number of outputs. For one output the loss is the negative logarithm of a normal density of
    variance 1, up to a constant. Weights multiply each row: ``L = sum_i w_i 1/2 |p_i - y_i|^2 / (B K)``,
    gradient ``w (p - y) / (B K)``.

    Args:
        shape: ``(lanes, rows, outputs)``.
        dtype: Element type.

    Source: C. M. Bishop, "Pattern Recognition and Machine Learning", 2006, equations 5.11 and 5.18.
    """

    def __init__(self, shape: tuple[int, int, int], dtype: DTypeLike) -> None:
        lanes, rows, outputs = shape
        self.logits: FloatArray = np.empty(shape, dtype)
        self._terms = rows * outputs
        self._squares: FloatArray = np.empty(shape, dtype)
        self._losses: FloatArray = np.empty((lanes, rows, 1), dtype)
        self._sums: FloatArray = np.empty((lanes, 1, 1), dtype)
        self._halves: FloatArray = np.full((outputs, 1), 0.5 / outputs, dtype)
        self._row_ones: FloatArray = np.ones((rows, 1), dtype)
        self._weights: FloatArray | None = None

    def forward(self, y: NDArray[Any], weights: FloatArray | None = None) -> FloatArray:
        """Return the loss of each lane summed over the batch, ``(lanes,)``, for values like the output."""
        D, self._weights = self.logits, weights
        D -= y
        np.multiply(D, D, out=self._squares)
        np.matmul(self._squares, self._halves, out=self._losses)
        if weights is not None:
            self._losses *= weights[:, :, None]
        np.matmul(self._losses.mT, self._row_ones, out=self._sums)
        return self._sums[:, 0, 0]

    def backward(self) -> FloatArray:
        """Return ``dL/dp = w (p - y) / (B K)``, ``(lanes, rows, outputs)``; it overwrites the predictions."""
        D = self.logits
        D /= self._terms
        if self._weights is not None:
            D *= self._weights[:, :, None]
        return D


LOSSES: dict[str, type[Loss]] = {
    "cross_entropy": SoftmaxCrossEntropy,
    "squared_error": SquaredError,
}
