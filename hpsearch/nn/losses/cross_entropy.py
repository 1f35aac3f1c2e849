"""The softmax and its cross-entropy: the loss of classes."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsearch.nn.losses.base import Loss
from hpsearch.types import Float64Array, FloatArray


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

    With label smoothing ``s`` the target is ``q = (1 - s) y + s / K`` in place of ``y``, for ``K`` classes:
    ``L = mean of -sum_k q_k log p_k``, gradient ``(p - q) / B``. It is least where ``p = q``: the network is
    not asked for logits without bound. A lane of smoothing 0 has its bits beside any others.

    It owns the array of the logits, because it chooses how they lie in memory: class by class, so that a
    maximum over classes is vectorised over the batch (three times as fast for ten classes). Sums over
    classes and over the batch are products with ones: one BLAS call a lane, so their order cannot depend on
    the number of lanes, and quicker than a sum over short axes.

    Args:
        shape: ``(lanes, rows, classes)``.
        dtype: Element type.
        smoothing: ``s`` of each lane, ``(lanes,)``, in [0, 1); ``None`` for none.

    Source: C. M. Bishop, "Pattern Recognition and Machine Learning", 2006, equations 4.104, 4.108, 4.109;
    C. Szegedy et al., "Rethinking the Inception architecture for computer vision", CVPR 2016, section 7.
    """

    def __init__(
        self, shape: tuple[int, int, int], dtype: DTypeLike, *, smoothing: Float64Array | None = None
    ) -> None:
        lanes, rows, classes = shape
        memory: FloatArray = np.empty((lanes, classes, rows), dtype)
        self.logits: FloatArray = memory.mT
        self._flat = memory.reshape(-1)
        # Arrays, because NumPy would make one of a number at every call.
        self._rows, self._stride = np.array(rows, dtype), np.array(rows, np.int64)
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
        # One class alone has the whole target, smoothed or not.
        s = np.zeros(lanes) if smoothing is None or classes == 1 else smoothing
        self._smooths = bool(s.any())
        self._smoothed = s[:, None] > 0
        self._kept: FloatArray = (1 - s)[:, None].astype(dtype)
        self._spread: FloatArray = (s / classes)[:, None].astype(dtype)
        self._own_part: FloatArray = ((1 - s) / rows)[:, None].astype(dtype)
        self._each_part: FloatArray = (s / classes / rows)[:, None, None].astype(dtype)
        self._all: FloatArray = np.empty((lanes, rows, 1), dtype)

    def forward(self, y: NDArray[Any], weights: FloatArray | None = None) -> FloatArray:
        """Return the loss of each lane summed over the batch, ``(lanes,)``, for classes ``(lanes, rows)``."""
        Z, self._weights = self.logits, weights
        np.maximum.reduce(Z, axis=2, keepdims=True, out=self._top)
        Z -= self._top
        np.multiply(y, self._stride, out=self._index)
        self._index += self._offsets
        self._flat.take(self._index, out=self._own, mode="clip")
        if self._smooths:
            self._smooth_own(Z)
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
        self._flat.take(self._index, out=self._own, mode="clip")
        self._own -= self._own_part
        self._flat[self._index] = self._own
        if self._smooths:
            Z -= self._each_part
        if self._weights is not None:
            Z *= self._weights[:, :, None]
        return Z

    def _smooth_own(self, Z: FloatArray) -> None:
        """Overwrite ``z_y`` by ``sum_k q_k z_k`` in the lanes that smooth."""
        np.matmul(Z, self._class_ones, out=self._all)
        total = self._all[:, :, 0]
        total *= self._spread
        self._own *= self._kept
        # Where the sum is infinite, 0 times it is NaN: lanes without smoothing must not see it.
        np.add(self._own, total, out=self._own, where=self._smoothed)
