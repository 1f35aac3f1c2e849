"""Odd functions that saturate at -1 and 1."""

import numpy as np

from hpsearch.nn.activations.base import ElementwiseActivation
from hpsearch.types import FloatArray


class Tanh(ElementwiseActivation):
    """``f(z) = tanh(z)``; ``f'(z) = 1 - tanh(z)^2``.

    Source: Y. LeCun, L. Bottou, G. B. Orr and K.-R. Mueller, "Efficient BackProp", 1998, section 4.4.
    """

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write ``1 - tanh(Z)^2`` into ``slope``, then overwrite ``Z`` by ``tanh(Z)``."""
        np.tanh(Z, out=Z)
        np.multiply(Z, Z, out=slope)
        np.subtract(1, slope, out=slope)


class Softsign(ElementwiseActivation):
    """``f(z) = z / (1 + |z|)``; ``f'(z) = 1 / (1 + |z|)^2``.

    Source: X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS 2010, section 3.
    """

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write ``1 / (1 + |Z|)^2`` into ``slope``, then overwrite ``Z`` by ``Z / (1 + |Z|)``."""
        np.isinf(Z, out=self._gate)
        if self._gate.any():  # infinity times 0 would be NaN
            largest = np.finfo(Z.dtype).max
            np.clip(Z, -largest, largest, out=Z)
        np.abs(Z, out=slope)
        slope += 1
        np.reciprocal(slope, out=slope)
        Z *= slope
        slope *= slope
