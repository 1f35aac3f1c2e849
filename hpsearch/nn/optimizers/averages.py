"""The exponentially weighted average."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpsearch.types import Float64Array


class WeightedAverage:
    """``v = b v + (1-b) x``, corrected for its start at zero: after ``t`` values it is ``v / (1 - b^t)``.

    It weighs about the last ``1 / (1-b)`` values. Adam's moments and smoothed curves are such averages.

    Args:
        beta: The forgetting ``b``, in [0, 1); 0 remembers the last value alone.

    Raises:
        ValueError: ``beta`` is outside.

    Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, section 3.

    Example:
        >>> average = WeightedAverage(0.5)
        >>> [float(average.update(x)) for x in (3.0, 0.0)]
        [3.0, 1.0]
    """

    def __init__(self, beta: float) -> None:
        if not 0 <= beta < 1:
            raise ValueError(f"beta: expected a number in [0, 1), found {beta!r}")
        self._beta, self._t = beta, 0
        self._v: Float64Array = np.zeros(())

    def update(self, x: ArrayLike) -> NDArray[np.float64]:
        """Take the next value, any shape but always the same; return the corrected average so far."""
        self._t += 1
        self._v = np.asarray(self._beta * self._v + (1 - self._beta) * np.asarray(x, np.float64))
        return np.asarray(self._v / (1 - self._beta**self._t))


def smooth(values: Sequence[float] | Float64Array, *, beta: float) -> Float64Array:
    """Return the corrected average after each of some values, ``(n,)`` to ``(n,)``.

    Example:
        >>> smooth([1.0, 1.0, 4.0], beta=0.5).round(3).tolist()
        [1.0, 1.0, 2.714]
    """
    average = WeightedAverage(beta)
    return np.array([average.update(value) for value in values], np.float64)
