"""What an activation function is: a value, a slope, and the buffers to keep the slope until backward."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.dropout import Mask
from hpsearch.types import FloatArray

Shape3 = tuple[int, int, int]


class Activation(ABC):
    """An element-wise function ``H = f(Z)`` for one layer of a stack; it works in place.

    A new activation gives ``linearize``; the rest, dropout included, follows.

    Args:
        shape: ``(lanes, rows, features)`` of every array it will see in training.
        dtype: Element type.
    """

    kinks: ClassVar[tuple[float, ...]] = ()
    """Points where the slope jumps; a numerical gradient is not asked there."""

    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None:
        self._slope: FloatArray = np.empty(shape, dtype)

    @staticmethod
    @abstractmethod
    def linearize(Z: FloatArray, slope: FloatArray) -> None:
        """Write ``f'(Z)`` into ``slope``, then overwrite ``Z`` by ``f(Z)``; both of one shape."""

    def forward(self, Z: FloatArray, mask: Mask | None) -> None:
        """Overwrite ``Z`` by ``f(Z) * mask`` and keep ``f'(Z) * mask``; ``(lanes, rows, features)``."""
        self.linearize(Z, self._slope)
        if mask is not None:
            factor = mask.factor()
            Z *= factor
            self._slope *= factor

    def backward(self, dH: FloatArray) -> None:
        """Overwrite ``dL/dH`` by ``dL/dZ = dL/dH * f'(Z) * mask``; ``(lanes, rows, features)``."""
        dH *= self._slope
