"""The rectifier."""

from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations.base import Activation, Shape3
from hpsearch.nn.dropout import Mask
from hpsearch.types import BoolArray, FloatArray


class Relu(Activation):
    """``f(z) = max(0, z)``; ``f'(z) = 1`` where ``z > 0``, else ``0``.

    Rectifier and dropout open and close the same gates, so in training they are one multiplication.
    The value is ``z`` times its gate, not ``maximum(z, 0)``: the sign of a zero then never depends on
    how a vector instruction was filled, and three quick passes replace a slow one (measured, NumPy 2.4).

    Source: V. Nair and G. E. Hinton, "Rectified linear units improve restricted Boltzmann machines",
    ICML 2010.
    """

    kinks: ClassVar[tuple[float, ...]] = (0.0,)

    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None:
        super().__init__(shape, dtype)
        self._gate: BoolArray = np.empty(shape, np.bool_)

    @staticmethod
    def linearize(Z: FloatArray, slope: FloatArray) -> None:
        """Write the gates into ``slope``, then overwrite ``Z`` by ``max(0, Z)``."""
        np.copyto(slope, Z > 0)
        Z *= slope

    def forward(self, Z: FloatArray, mask: Mask | None) -> None:
        """Overwrite ``Z`` by ``max(0, Z) * mask`` and keep the gates times the mask."""
        np.greater(Z, 0, out=self._gate)
        if mask is None:
            np.copyto(self._slope, self._gate)
        else:
            self._gate &= mask.keep
            np.copyto(self._slope, self._gate)
            self._slope *= mask.scale
        Z *= self._slope
