"""Exponential units: linear where positive, an exponential that levels off where negative."""

from typing import ClassVar

import numpy as np

from hpsearch.nn.activations.base import ElementwiseActivation
from hpsearch.nn.functions.selu import SELU_ALPHA, SELU_SCALE
from hpsearch.types import FloatArray


class Elu(ElementwiseActivation):
    """``f(z) = z`` where ``z > 0``, else ``exp(z) - 1``; ``f'(z) = 1`` or ``exp(z)``.

    Source: D.-A. Clevert, T. Unterthiner and S. Hochreiter, "Fast and accurate deep network learning by
    exponential linear units (ELUs)", ICLR 2016, equation 15 with alpha 1.
    """

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write ``exp(min(Z, 0))`` into ``slope``, then overwrite ``Z`` by ``f(Z)``."""
        negative = self._scratch
        np.less_equal(Z, 0, out=self._gate)
        np.abs(Z, out=negative)
        np.negative(negative, out=negative)
        np.expm1(negative, out=negative)
        slope.fill(1)
        np.add(negative, 1, out=slope, where=self._gate)
        np.copyto(Z, negative, where=self._gate)


class Selu(Elu):
    """``f(z) = lambda z`` where ``z > 0``, else ``lambda alpha (exp(z) - 1)``.

    ``f'(z) = lambda`` or ``lambda alpha exp(z)``, with ``lambda = 1.0507...`` and ``alpha = 1.6733...``. With
    weights of mean 0 and variance ``1 / n_in`` (``init = "lecun"``) and alpha dropout, activations of mean 0
    and variance 1 stay so from layer to layer.

    Source: G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter, "Self-normalizing neural networks",
    NIPS 2017, equations 2 and 14.
    """

    kinks: ClassVar[tuple[float, ...]] = (0.0,)

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write ``f'(Z)`` into ``slope``, then overwrite ``Z`` by ``f(Z)``."""
        super().linearize(Z, slope)
        for part in (slope, Z):
            np.multiply(part, SELU_ALPHA, out=part, where=self._gate)
            np.multiply(part, SELU_SCALE, out=part)
