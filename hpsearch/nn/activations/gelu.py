"""The rectifier smoothed by the normal distribution."""

import math

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations.base import ElementwiseActivation, Shape3
from hpsearch.types import FloatArray

TAIL = 100.0
"""From here on ``phi`` is 0 and ``Phi`` 0 or 1, in float64, too: what is cut off changes no number."""


class Gelu(ElementwiseActivation):
    """``f(z) = z Phi(z)``; ``f'(z) = Phi(z) + z phi(z)``, with the standard normal's ``Phi`` and ``phi``.

    The exact form, ``Phi(z) = (1 + erf(z / sqrt(2))) / 2``, not an approximation by a tanh or a sigmoid.
    NumPy has no error function, so SciPy's is imported when the first such layer is made, not before.

    Source: D. Hendrycks and K. Gimpel, "Gaussian error linear units (GELUs)", 2016, section 2.
    """

    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None:
        from scipy.special import erf  # noqa: PLC0415 - only this activation pays for the import

        super().__init__(shape, dtype)
        self._erf = erf

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write ``Phi(Z) + Z phi(Z)`` into ``slope``, then overwrite ``Z`` by ``Z Phi(Z)``."""
        phi = self._scratch
        np.clip(Z, -TAIL, TAIL, out=slope)
        np.multiply(slope, slope, out=phi)
        phi *= -0.5
        np.exp(phi, out=phi)
        phi *= 1 / math.sqrt(2 * math.pi)
        phi *= slope
        slope *= math.sqrt(0.5)
        self._erf(slope, out=slope)
        slope += 1
        slope *= 0.5
        np.maximum(Z, -TAIL, out=Z)
        Z *= slope
        slope += phi
