"""Rectifiers: straight lines with a bend."""

from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations.base import ElementwiseActivation, Shape3
from hpsearch.nn.functions.dropout import Mask
from hpsearch.types import FloatArray


class Relu(ElementwiseActivation):
    """``f(z) = max(0, z)``; ``f'(z) = 1`` where ``z > 0``, else ``0``.

    Rectifier and dropout open and close the same gates, so in training they have one slope. The maximum is
    taken with an array: with a number it takes four times as long (measured, NumPy 2.4). Of ``z`` times its
    gate it has every bit of a number other than 0, and ``f(-inf)`` is a zero, where the product is NaN. The
    zeros of the array are negative, as the product's of a negative ``z``; the sign of ``f(0)`` may depend on
    how a vector instruction was filled. It reaches no result: ``f`` goes into products alone, and their sums
    start at +0.

    Source: V. Nair and G. E. Hinton, "Rectified linear units improve restricted Boltzmann machines",
    ICML 2010.
    """

    kinks: ClassVar[tuple[float, ...]] = (0.0,)

    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None:
        super().__init__(shape, dtype)
        self._scratch.fill(-0.0)

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write the gates into ``slope``, then overwrite ``Z`` by ``max(0, Z)``."""
        np.greater(Z, self._zero, out=self._gate)
        np.copyto(slope, self._gate)
        np.maximum(Z, self._scratch, out=Z)

    def value(self, Z: FloatArray) -> None:
        """Overwrite ``Z`` by ``max(0, Z)``."""
        np.maximum(Z, self._scratch, out=Z)

    def forward(self, Z: FloatArray, mask: Mask | None) -> None:
        """Overwrite ``Z`` by ``max(0, Z) * mask`` and keep the gates times the mask."""
        if mask is None or mask.shift is not None:
            super().forward(Z, mask)
            return
        np.greater(Z, self._zero, out=self._gate)
        self._gate &= mask.keep
        np.copyto(self._slope, self._gate)
        self._slope *= mask.scale
        np.maximum(Z, self._scratch, out=Z)
        Z *= self._slope


class LeakyRelu(ElementwiseActivation):
    """``f(z) = z`` where ``z > 0``, else ``0.01 z``; ``f'(z) = 1`` or ``0.01``.

    Source: A. L. Maas, A. Y. Hannun and A. Y. Ng, "Rectifier nonlinearities improve neural network acoustic
    models", ICML 2013, section 2.
    """

    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    leak: ClassVar[float] = 0.01

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write 1 or 0.01 into ``slope``, then multiply ``Z`` by it."""
        np.greater(Z, self._zero, out=self._gate)
        slope.fill(self.leak)
        np.copyto(slope, 1, where=self._gate)
        Z *= slope


class PReluShared(ElementwiseActivation):
    """``f(z) = z`` where ``z > 0``, else ``a z``; the slope ``a`` is learned, one per layer, from 0.25.

    ``f'(z) = 1`` or ``a``; ``dL/da`` is the sum of ``dL/df * z`` over all ``z <= 0`` of the batch and layer.
    The slope carries no penalty: a penalty would pull it to the plain rectifier.

    Source: K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015, equations 1, 8 and
    9, in the channel-shared form.
    """

    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    initial: ClassVar[float] = 0.25

    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None:
        super().__init__(shape, dtype)
        lanes, _, features = shape
        n_slopes = self.n_learned(features)
        self._a: FloatArray = np.full((lanes, 1, n_slopes), self.initial, dtype)
        self._da: FloatArray = np.empty((lanes, 1, n_slopes), dtype)

    @classmethod
    def n_learned(cls, units: int) -> int:  # noqa: ARG003 - one, whatever the width
        """Return 1: the slope of the layer."""
        return 1

    def learn(self, parameter: FloatArray, gradient: FloatArray) -> None:
        """Take the slopes and the place for their gradients, ``(lanes, 1, slopes)``; views."""
        self._a, self._da = parameter, gradient

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write 1 or ``a`` into ``slope``, keep the negative ``Z``, then multiply ``Z`` by the slope."""
        np.greater(Z, self._zero, out=self._gate)
        np.copyto(self._scratch, Z)
        np.copyto(self._scratch, 0, where=self._gate)
        np.copyto(slope, self._a)
        np.copyto(slope, 1, where=self._gate)
        Z *= slope

    def forward(self, Z: FloatArray, mask: Mask | None) -> None:
        """Overwrite ``Z`` by ``f(Z)`` under the mask; the kept negative part goes under the mask, too."""
        super().forward(Z, mask)
        if mask is not None:
            self._scratch *= mask.factor()

    def backward(self, dH: FloatArray) -> None:
        """Write ``dL/da``, then overwrite ``dL/dH`` by ``dL/dZ``."""
        self._slope_gradients(dH)
        dH *= self._slope

    def _slope_gradients(self, dH: FloatArray) -> None:
        """Write the sum of ``dL/dH * Z`` over the negative ``Z`` of a layer: one product a lane."""
        lanes, rows, features = dH.shape
        kept = self._scratch.reshape(lanes, rows * features, 1)
        np.matmul(dH.reshape(lanes, 1, rows * features), kept, out=self._da)


class PRelu(PReluShared):
    """``f(z_k) = z_k`` where ``z_k > 0``, else ``a_k z_k``; each unit learns its slope ``a_k``, from 0.25.

    ``dL/da_k`` is the sum of ``dL/df_k * z_k`` over the rows of the batch in which ``z_k <= 0``. The slopes
    carry no penalty.

    Source: K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015, equations 1, 8 and
    9, in the channel-wise form.
    """

    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None:
        super().__init__(shape, dtype)
        self._ones: FloatArray = np.ones((1, shape[1]), dtype)

    @classmethod
    def n_learned(cls, units: int) -> int:
        """Return the number of units: one slope each."""
        return units

    def _slope_gradients(self, dH: FloatArray) -> None:
        """Write the sums over the rows: products with ones, one BLAS call a lane, as in a dense layer."""
        self._scratch *= dH
        np.matmul(self._ones, self._scratch, out=self._da)


class ThresholdedRelu(ElementwiseActivation):
    """``f(z) = z`` where ``z > theta = 1``, else ``0``; ``f'(z) = 1`` or ``0``. The value jumps at theta.

    Source: K. Konda, R. Memisevic and D. Krueger, "Zero-bias autoencoders and the benefits of co-adapting
    features", ICLR 2015, equation 5.
    """

    kinks: ClassVar[tuple[float, ...]] = (1.0,)
    theta: ClassVar[float] = 1.0

    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None:
        super().__init__(shape, dtype)
        self._scratch.fill(-0.0)

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write the gates into ``slope``, then multiply what is positive of ``Z`` by them."""
        np.greater(Z, self.theta, out=self._gate)
        np.copyto(slope, self._gate)
        np.maximum(Z, self._scratch, out=Z)  # minus infinity times 0 would be NaN
        Z *= slope
