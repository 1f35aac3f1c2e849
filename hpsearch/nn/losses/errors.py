"""The losses of numbers: squared, absolute and Huber's error."""

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsearch.nn.config import SettingError
from hpsearch.nn.losses.base import Loss
from hpsearch.types import Float64Array, FloatArray

HUBER_DELTA = 1.0
"""Where Huber's loss turns from squared to absolute: one unit of the target, its deviation in a study."""


class ErrorLoss(Loss):
    """``L = mean over batch and outputs of r(p_k - y_k)``; its gradient is ``r'(p - y) / (B K)``.

    The mean over the ``K`` outputs, as scikit-learn and PyTorch take it, lets a learning rate mean the same
    for any number of outputs. Weights multiply each row: ``L = sum_i w_i sum_k r(p_ik - y_ik) / (B K)``,
    gradient ``w r'(p - y) / (B K)``.

    Args:
        shape: ``(lanes, rows, outputs)``.
        dtype: Element type.
        smoothing: None: numbers have no labels to smooth.

    Raises:
        SettingError: A lane smooths labels.
    """

    def __init__(
        self, shape: tuple[int, int, int], dtype: DTypeLike, *, smoothing: Float64Array | None = None
    ) -> None:
        if smoothing is not None and smoothing.any():
            found = float(smoothing.max())
            raise SettingError("label_smoothing", f"expected 0 where numbers are predicted, found {found}")
        lanes, rows, outputs = shape
        self.logits: FloatArray = np.empty(shape, dtype)
        self._terms = rows * outputs
        self._costs: FloatArray = np.empty(shape, dtype)
        self._losses: FloatArray = np.empty((lanes, rows, 1), dtype)
        self._sums: FloatArray = np.empty((lanes, 1, 1), dtype)
        self._shares: FloatArray = np.full((outputs, 1), 1 / outputs, dtype)
        self._row_ones: FloatArray = np.ones((rows, 1), dtype)
        self._weights: FloatArray | None = None

    def forward(self, y: NDArray[Any], weights: FloatArray | None = None) -> FloatArray:
        """Return the loss of each lane summed over the batch, ``(lanes,)``, for values like the output."""
        D, self._weights = self.logits, weights
        D -= y
        self._cost(D, self._costs)
        np.matmul(self._costs, self._shares, out=self._losses)
        if weights is not None:
            self._losses *= weights[:, :, None]
        np.matmul(self._losses.mT, self._row_ones, out=self._sums)
        return self._sums[:, 0, 0]

    def backward(self) -> FloatArray:
        """Return ``dL/dp``, ``(lanes, rows, outputs)``; it overwrites the predictions."""
        D = self.logits
        self._slope(D)
        D /= self._terms
        if self._weights is not None:
            D *= self._weights[:, :, None]
        return D

    @abstractmethod
    def _cost(self, D: FloatArray, out: FloatArray) -> None:
        """Write ``r(d)`` of each difference ``(lanes, rows, outputs)`` into ``out``."""

    @abstractmethod
    def _slope(self, D: FloatArray) -> None:
        """Overwrite each difference by ``r'(d)``."""


class SquaredError(ErrorLoss):
    """``r(d) = d^2 / 2``: for one output the negative log of a normal density of variance 1, plus a constant.

    Source: C. M. Bishop, "Pattern Recognition and Machine Learning", 2006, equations 5.11 and 5.18.
    """

    def _cost(self, D: FloatArray, out: FloatArray) -> None:
        np.multiply(D, D, out=out)
        out *= 0.5

    def _slope(self, D: FloatArray) -> None:
        """Leave the differences: ``r'(d) = d``."""


class AbsoluteError(ErrorLoss):
    """``r(d) = |d|``: the best constant prediction is the median; the slope at 0 is 0.

    Source: R. Koenker and G. Bassett, "Regression quantiles", 1978, equation 2.1, for the median.
    """

    def _cost(self, D: FloatArray, out: FloatArray) -> None:
        np.abs(D, out=out)

    def _slope(self, D: FloatArray) -> None:
        np.sign(D, out=D)


class Huber(ErrorLoss):
    """``r(d) = d^2 / 2`` up to ``|d| = delta``, beyond it ``delta (|d| - delta / 2)``; delta is 1.

    Source: P. J. Huber, "Robust estimation of a location parameter", 1964, section 4.
    """

    def _cost(self, D: FloatArray, out: FloatArray) -> None:
        # With c the difference clipped to delta, both parts are c (d - c / 2).
        np.clip(D, -HUBER_DELTA, HUBER_DELTA, out=out)
        out *= D - 0.5 * out

    def _slope(self, D: FloatArray) -> None:
        np.clip(D, -HUBER_DELTA, HUBER_DELTA, out=D)
