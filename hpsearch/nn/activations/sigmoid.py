"""The logistic function, its piecewise linear form and its integral."""

from typing import ClassVar

import numpy as np

from hpsearch.nn.activations.base import ElementwiseActivation
from hpsearch.types import FloatArray


class Sigmoid(ElementwiseActivation):
    """``f(z) = 1 / (1 + exp(-z))``; ``f'(z) = f(z) f(-z)``.

    With ``e = exp(-|z|)``, which never overflows, ``f(|z|) = 1 / (1 + e)`` and ``f(-|z|) = e / (1 + e)``.

    Source: C. M. Bishop, "Pattern Recognition and Machine Learning", 2006, equations 4.59 and 4.88.
    """

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write ``f(Z) f(-Z)`` into ``slope``, then overwrite ``Z`` by ``f(Z)``."""
        e = self._scratch
        np.less(Z, 0, out=self._gate)
        np.abs(Z, out=Z)
        np.negative(Z, out=Z)
        np.exp(Z, out=e)
        np.add(e, 1, out=Z)
        np.reciprocal(Z, out=Z)
        e *= Z
        np.multiply(e, Z, out=slope)
        np.copyto(Z, e, where=self._gate)


class HardSigmoid(ElementwiseActivation):
    """``f(z) = 0.2 z + 0.5``, cut to 0..1; ``f'(z) = 0.2`` for ``-2.5 < z < 2.5``, else ``0``.

    Source: M. Courbariaux, Y. Bengio and J.-P. David, "BinaryConnect", NIPS 2015, section 2.3, gives the
    form with slope 1/2; slope 1/5, nearer to the sigmoid's 1/4, is that of Theano and Keras.
    """

    kinks: ClassVar[tuple[float, ...]] = (-2.5, 2.5)

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write 0.2 or 0 into ``slope``, then overwrite ``Z`` by ``0.2 Z + 0.5``, cut to 0..1."""
        Z *= 0.2
        Z += 0.5
        slope.fill(0.2)
        for compare, limit in ((np.less_equal, 0), (np.greater_equal, 1)):
            compare(Z, limit, out=self._gate)
            np.copyto(slope, 0, where=self._gate)
            np.copyto(Z, limit, where=self._gate)


class Softplus(ElementwiseActivation):
    """``f(z) = log(1 + exp(z))``; ``f'(z) = 1 / (1 + exp(-z))``.

    With ``e = exp(-|z|)``, which never overflows, ``f(z) = max(z, 0) + log(1 + e)``.

    Source: C. Dugas, Y. Bengio, F. Belisle, C. Nadeau and R. Garcia, "Incorporating second-order functional
    knowledge for better option pricing", NIPS 2000, section 3.
    """

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write the sigmoid of ``Z`` into ``slope``, then overwrite ``Z`` by ``log(1 + exp(Z))``."""
        e = self._scratch
        np.less(Z, 0, out=self._gate)
        np.abs(Z, out=e)
        np.negative(e, out=e)
        np.exp(e, out=e)
        np.add(e, 1, out=slope)
        np.reciprocal(slope, out=slope)
        np.copyto(Z, 0, where=self._gate)
        np.multiply(slope, e, out=slope, where=self._gate)
        np.log1p(e, out=e)
        Z += e
