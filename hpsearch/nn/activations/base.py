"""The base classes of activation functions: a value, a derivative, and the buffers that both are made in."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.functions.dropout import Mask
from hpsearch.types import BoolArray, FloatArray

Shape3 = tuple[int, int, int]


class Activation(ABC):
    """A function ``H = f(Z)`` of a layer's units, row by row, under a mask; it works in place.

    Values must not depend on where an element lies in memory: ``maximum`` and ``minimum`` of two zeros do
    (vector and scalar instructions keep different signs), so a choice between values is made by
    ``copyto(..., where=...)``, except where the sign of a zero reaches no result.

    At infinity value and slope are the limits, where there are any; NaN stays NaN.

    Args:
        shape: ``(lanes, rows, features)`` of every array it will see in training.
        dtype: Element type.
    """

    kinks: ClassVar[tuple[float, ...]] = ()
    """Points where the value or the slope jumps; a numerical gradient is not asked there."""

    initial: ClassVar[float] = 0.0
    """The initial value of the learned numbers."""

    @abstractmethod
    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None: ...

    @classmethod
    def n_learned(cls, units: int) -> int:  # noqa: ARG003 - most learn nothing
        """Return how many numbers a layer of so many units learns."""
        return 0

    def learn(self, parameter: FloatArray, gradient: FloatArray) -> None:  # noqa: B027 - most learn nothing
        """Take the learned numbers and the place for their gradients, ``(lanes, 1, n_learned)``; views."""

    @abstractmethod
    def forward(self, Z: FloatArray, mask: Mask | None) -> None:
        """Overwrite ``Z`` ``(lanes, rows, features)`` by ``f(Z)`` under the mask."""

    def value(self, Z: FloatArray) -> None:
        """Overwrite ``Z`` ``(lanes, rows, features)`` by ``f(Z)``; nothing is kept for ``backward``."""
        self.forward(Z, None)

    @abstractmethod
    def backward(self, dH: FloatArray) -> None:
        """Overwrite ``dL/dH`` by ``dL/dZ``; ``(lanes, rows, features)``."""


class ElementwiseActivation(Activation):
    """A function of each element alone.

    A subclass defines ``linearize``; the rest, dropout included, follows. ``_gate`` and ``_scratch`` are
    buffers of the layer's shape, of bools and of numbers, for ``linearize``; ``_zero`` is 0 as an array,
    which NumPy would make at every call.

    Args:
        shape: ``(lanes, rows, features)`` of every array it will see in training.
        dtype: Element type.
    """

    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None:
        self._slope: FloatArray = np.empty(shape, dtype)
        self._gate: BoolArray = np.empty(shape, np.bool_)
        self._scratch: FloatArray = np.empty(shape, dtype)
        self._zero: FloatArray = np.zeros((), dtype)

    @abstractmethod
    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:
        """Write ``f'(Z)`` into ``slope``, then overwrite ``Z`` by ``f(Z)``; both of the layer's shape."""

    def forward(self, Z: FloatArray, mask: Mask | None) -> None:
        """Overwrite ``Z`` ``(lanes, rows, features)`` by ``f(Z)`` under the mask; keep ``f'(Z) * mask``."""
        self.linearize(Z, self._slope)
        if mask is not None:
            self._slope *= mask.factor()
            mask.apply(Z)

    def backward(self, dH: FloatArray) -> None:
        """Overwrite ``dL/dH`` by ``dL/dZ = dL/dH * f'(Z) * mask``; ``(lanes, rows, features)``."""
        dH *= self._slope
