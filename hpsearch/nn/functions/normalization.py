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


class BatchWeights:
    """The shares of rows in the statistics of a batch, lane by lane, from the weights of the rows.

    A row counts by its share of the weights, and the batch as ``n`` rows: the sum of their weights, as they
    were given, where weights are numbers of copies. Where they are anything else their sum says nothing, and
    ``n`` is at least Kish's effective number ``(sum w)^2 / sum w^2``: the number of rows where weights are
    equal, and never above the sum where they are whole.

    Args:
        shape: ``(lanes, rows)``.
        scale: What the weights are to be multiplied by to be as they were given.
        dtype: Element type of the network.

    Attributes:
        shares: ``(lanes, 1, rows)``, each row's share; 0 in a batch without weight.
        unbiased: ``(lanes, 1, 1)``, ``n / (n - 1)``, from the biased variance to the unbiased one.
        kept: ``(lanes, 1, 1)``, what the moving statistics keep: all of it where ``n`` is 1.
        taken: ``(lanes, 1, 1)``, what the batch gives.

    Source: L. Kish, "Survey sampling", 1965 (effective number).
    """

    def __init__(self, shape: tuple[int, int], *, scale: float, dtype: DTypeLike) -> None:
        lanes, rows = shape
        self._scale = scale
        self.shares: FloatArray = np.zeros((lanes, 1, rows), dtype)
        self.unbiased, self.kept, self.taken = (np.ones((lanes, 1, 1), dtype) for _ in range(3))

    def refresh(self, weights: FloatArray) -> None:
        """Take the weights ``(lanes, rows)`` of a batch, each 0 or more."""
        for lane, own in enumerate(weights.astype(np.float64)):
            largest = float(own.max())
            relative = own / (largest or 1.0)  # squares of the weights themselves may underflow
            total = float(relative.sum())
            n = max(self._scale * largest * total, total**2 / float(relative @ relative)) if total else 0.0
            self.shares[lane, 0] = relative / (total or 1.0)
            self.unbiased[lane] = 1 / (1 - 1 / n) if n > 1 else 1
            self.kept[lane], self.taken[lane] = (KEPT, 1 - KEPT) if n > 1 else (1, 0)


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
        shares: The shares of a batch's rows in its statistics; ``None`` for equal ones.
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
        shares: BatchWeights | None = None,
    ) -> None:
        _, rows, _ = shape
        self._p, self._g, self._shares = parameters, gradients, shares
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

    Rows with weights have the shares ``p_i`` of ``BatchWeights`` in all statistics. Backward, with weights of
    the loss in ``dY``::

        dZ_i = gamma (dY_i - p_i dbeta - p_i x^_i dgamma) / sqrt(variance + eps)

    So a row of weight 0 changes nothing, and in one batch a whole weight is a number of copies: in values,
    gradients and moving statistics. An epoch of several batches puts copies into different ones.

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
        self._average(Z, self._mean)
        np.subtract(Z, self._mean, out=self._normal)
        np.multiply(self._normal, self._normal, out=self._scratch)
        self._average(self._scratch, self._variance)
        self._divide(self._variance)
        self._remember()
        return self._scale(Z)

    def backward(self, dY: FloatArray) -> FloatArray:
        """Write the gradients of ``gamma`` and ``beta``; overwrite ``dY`` by ``dZ``.

        As gamma is one for all rows, ``dZ = gamma (dY - dbeta/B - x^ dgamma/B) / sqrt(variance + eps)``.
        """
        self._parameter_gradients(dY)
        if self._shares is None:
            np.divide(self._g.gamma, self._rows, out=self._mean)
            np.multiply(self._normal, self._mean, out=self._scratch)
            dY -= self._scratch
            np.divide(self._g.beta, self._rows, out=self._mean)
            dY -= self._mean
        else:
            np.multiply(self._normal, self._g.gamma, out=self._scratch)
            self._scratch += self._g.beta
            self._scratch *= self._shares.shares.mT
            dY -= self._scratch
        self._rate *= self._p.gamma
        dY *= self._rate
        return dY

    def _average(self, Z: FloatArray, mean: FloatArray) -> None:
        """Write the mean over the rows of ``Z`` into ``mean`` ``(lanes, 1, features)``."""
        if self._shares is None:
            np.matmul(self._row_ones, Z, out=mean)
            mean /= self._rows
        else:
            np.matmul(self._shares.shares, Z, out=mean)

    def _remember(self) -> None:
        """Let the moving statistics take their share of the batch's, which are used up."""
        unbiased: float | FloatArray
        share: tuple[float, float] | tuple[FloatArray, FloatArray]
        if self._shares is not None:
            unbiased, share = self._shares.unbiased, (self._shares.kept, self._shares.taken)
        elif self._rows > 1:
            unbiased, share = self._rows / (self._rows - 1), (KEPT, 1 - KEPT)
        else:
            return
        self._variance *= unbiased
        for kept, new in ((self._p.mean, self._mean), (self._p.variance, self._variance)):
            np.multiply(kept, share[0], out=kept)
            np.multiply(new, share[1], out=new)
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
