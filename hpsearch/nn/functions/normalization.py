"""Normalization of a layer's sums before its activation, by name in ``NORMALIZATIONS``."""

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.types import FloatArray

EPS = 1e-5
"""Added to a variance before its root is taken."""

KEPT = 0.9
"""The share of the moving statistics that a step keeps; the batch gives the rest."""


class NormalizationParameters(NamedTuple):
    """The parameters of one layer's normalization; of the gradients only ``gamma`` and ``beta`` are used.

    Attributes:
        gamma: ``(lanes, 1, features)``, starts at 1.
        beta: ``(lanes, 1, features)``, starts at 0; it takes the place of the layer's bias.
        mean: ``(lanes, 1, features)``, moving mean, starts at 0; without features where no mean is kept.
        variance: ``(lanes, 1, features)``, moving variance, starts at 1; without features where none is kept.
    """

    gamma: FloatArray
    beta: FloatArray
    mean: FloatArray
    variance: FloatArray


class Normalization(ABC):
    """``Y = gamma x^ + beta`` with ``x^ = (Z - mean) / sqrt(variance + eps)``, eps 1e-5, in place.

    Backward, with all means over the axis of the statistics::

        dgamma = sum dY x^,   dbeta = sum dY,   G = gamma dY
        dZ = (G - mean(G) - x^ mean(G x^)) / sqrt(variance + eps)

    Sums are products with ones, one BLAS call a lane, so their order cannot depend on the number of lanes.

    Args:
        parameters: Views into the flat parameters.
        gradients: The arrays of the gradients of ``gamma`` and ``beta``.
        shape: ``(lanes, rows, features)``.
        dtype: Element type.
    """

    moving: bool = False
    """Whether statistics of training are kept for prediction."""

    def __init__(
        self,
        parameters: NormalizationParameters,
        gradients: NormalizationParameters,
        *,
        shape: tuple[int, int, int],
        dtype: DTypeLike,
    ) -> None:
        _, rows, _ = shape
        self._p, self._g = parameters, gradients
        self._normal: FloatArray = np.empty(shape, dtype)
        self._scratch: FloatArray = np.empty(shape, dtype)
        self._row_ones: FloatArray = np.ones((1, rows), dtype)
        self._allocate(shape, dtype)

    @abstractmethod
    def _allocate(self, shape: tuple[int, int, int], dtype: DTypeLike) -> None:
        """Make the buffers of the statistics; ``_rate`` is ``1 / sqrt(variance + eps)``."""
        self._rate: FloatArray

    @abstractmethod
    def forward(self, Z: FloatArray, *, training: bool) -> FloatArray:
        """Overwrite ``Z`` ``(lanes, rows, features)`` by ``gamma x^ + beta``, and return it."""

    @abstractmethod
    def backward(self, dY: FloatArray) -> FloatArray:
        """Overwrite ``dY`` ``(lanes, rows, features)`` by ``dZ``, and return it; write the gradients."""

    def _divide(self, variance: FloatArray) -> None:
        np.add(variance, EPS, out=self._rate)
        np.sqrt(self._rate, out=self._rate)
        np.reciprocal(self._rate, out=self._rate)
        self._normal *= self._rate

    def _scale(self, Z: FloatArray) -> FloatArray:
        np.multiply(self._normal, self._p.gamma, out=Z)
        Z += self._p.beta
        return Z

    def _parameter_gradients(self, dY: FloatArray) -> None:
        np.multiply(dY, self._normal, out=self._scratch)
        np.matmul(self._row_ones, self._scratch, out=self._g.gamma)
        np.matmul(self._row_ones, dY, out=self._g.beta)


class BatchNormalization(Normalization):
    """Normalizes each feature over the rows of the batch.

    In training the mean and the biased variance are the batch's own, and the moving ones take a tenth of
    its mean and of its unbiased variance: ``m = 0.9 m + 0.1 batch``. In prediction the moving ones are used,
    so that a row's prediction depends on no other row.

    A batch of one row has no variance: its ``x^`` is 0, the output is ``beta``, nothing flows back through
    it, and the moving statistics stay as they were.

    Source: S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by reducing
    internal covariate shift", ICML 2015, algorithms 1 and 2.
    """

    moving = True

    def _allocate(self, shape: tuple[int, int, int], dtype: DTypeLike) -> None:
        lanes, self._rows, features = shape
        self._mean: FloatArray = np.empty((lanes, 1, features), dtype)
        self._variance: FloatArray = np.empty((lanes, 1, features), dtype)
        self._rate: FloatArray = np.empty((lanes, 1, features), dtype)

    def forward(self, Z: FloatArray, *, training: bool) -> FloatArray:
        """Overwrite ``Z`` by ``gamma x^ + beta`` with the batch's statistics, or the moving ones."""
        if not training:
            np.subtract(Z, self._p.mean, out=self._normal)
            self._divide(self._p.variance)
            return self._scale(Z)
        np.matmul(self._row_ones, Z, out=self._mean)
        self._mean /= self._rows
        np.subtract(Z, self._mean, out=self._normal)
        np.multiply(self._normal, self._normal, out=self._scratch)
        np.matmul(self._row_ones, self._scratch, out=self._variance)
        self._variance /= self._rows
        self._divide(self._variance)
        self._remember()
        return self._scale(Z)

    def backward(self, dY: FloatArray) -> FloatArray:
        """Write the gradients of ``gamma`` and ``beta``; overwrite ``dY`` by ``dZ``.

        As gamma is one for all rows, ``dZ = gamma (dY - dbeta/B - x^ dgamma/B) / sqrt(variance + eps)``.
        """
        self._parameter_gradients(dY)
        np.divide(self._g.gamma, self._rows, out=self._mean)
        np.multiply(self._normal, self._mean, out=self._scratch)
        dY -= self._scratch
        np.divide(self._g.beta, self._rows, out=self._mean)
        dY -= self._mean
        self._rate *= self._p.gamma
        dY *= self._rate
        return dY

    def _remember(self) -> None:
        """Let the moving statistics take their share of the batch's, which are used up."""
        if self._rows == 1:
            return
        self._variance *= self._rows / (self._rows - 1)
        for kept, new in ((self._p.mean, self._mean), (self._p.variance, self._variance)):
            np.multiply(kept, KEPT, out=kept)
            np.multiply(new, 1 - KEPT, out=new)
            np.add(kept, new, out=kept)


class LayerNormalization(Normalization):
    """Normalizes each row over the features of the layer, in training and prediction alike.

    The variance is the biased one. A layer of one unit has none: its ``x^`` is 0 and its output ``beta``.

    Source: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016, equation 3.
    """

    def _allocate(self, shape: tuple[int, int, int], dtype: DTypeLike) -> None:
        lanes, rows, self._features = shape
        self._sum: FloatArray = np.empty((lanes, rows, 1), dtype)
        self._rate: FloatArray = np.empty((lanes, rows, 1), dtype)
        self._ones: FloatArray = np.ones((self._features, 1), dtype)

    def forward(self, Z: FloatArray, *, training: bool) -> FloatArray:  # noqa: ARG002 - the same in both
        """Overwrite ``Z`` by ``gamma x^ + beta``."""
        np.subtract(Z, self._mean(Z), out=self._normal)
        np.multiply(self._normal, self._normal, out=self._scratch)
        self._divide(self._mean(self._scratch))
        return self._scale(Z)

    def backward(self, dY: FloatArray) -> FloatArray:
        """Write the gradients of ``gamma`` and ``beta``; overwrite ``dY`` by ``dZ``."""
        self._parameter_gradients(dY)
        dY *= self._p.gamma
        np.multiply(dY, self._normal, out=self._scratch)
        np.multiply(self._normal, self._mean(self._scratch), out=self._scratch)
        dY -= self._mean(dY)
        dY -= self._scratch
        dY *= self._rate
        return dY

    def _mean(self, Z: FloatArray) -> FloatArray:
        """Return each row's mean over the features, ``(lanes, rows, 1)``; valid until the next."""
        np.matmul(Z, self._ones, out=self._sum)
        self._sum /= self._features
        return self._sum


NORMALIZATIONS: dict[str, type[Normalization] | None] = {
    "none": None,
    "batch": BatchNormalization,
    "layer": LayerNormalization,
}


def normalizes_batches(name: str) -> bool:
    """Return whether a normalization takes its statistics from the rows of a batch."""
    kind = NORMALIZATIONS[name]
    return kind is not None and kind.moving


def one_row_batch(rows: int, batch_size: int) -> bool:
    """Return whether an epoch over some rows has a batch of one row; its last batch may be a short one."""
    size = min(rows, batch_size)
    return size == 1 or rows % size == 1
