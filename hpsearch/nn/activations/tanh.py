"""The hyperbolic tangent."""

import numpy as np

from hpsearch.nn.activations.base import Activation
from hpsearch.types import FloatArray


class Tanh(Activation):
    """``f(z) = tanh(z)``; ``f'(z) = 1 - tanh(z)^2``.

    Source: Y. LeCun, L. Bottou, G. B. Orr and K.-R. Mueller, "Efficient BackProp", 1998, section 4.4.
    """

    @staticmethod
    def linearize(Z: FloatArray, slope: FloatArray) -> None:
        """Write ``1 - tanh(Z)^2`` into ``slope``, then overwrite ``Z`` by ``tanh(Z)``."""
        np.tanh(Z, out=Z)
        np.multiply(Z, Z, out=slope)
        np.subtract(1, slope, out=slope)
