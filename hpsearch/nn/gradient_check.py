"""The numerical gradient, the check of every derivative that is written by hand."""

from collections.abc import Callable

import numpy as np

from hpsearch.types import Float64Array


def numerical_gradient(f: Callable[[Float64Array], float], x: Float64Array, h: float = 1e-5) -> Float64Array:
    """Return the central difference ``(f(x+s) - f(x-s)) / 2s`` for every element of ``x``.

    The step ``s = h max(1, |x|)`` follows the size of the element: beside ``x = 1e9`` a step of 1e-5 is lost
    in rounding. The difference is divided by the step that was taken, ``(x+s) - (x-s)`` as floats.

    ``f`` is called with ``x`` itself, changed in place and put back, so ``x`` may be memory that ``f`` reads.

    Args:
        f: A function of the array, returning a number.
        x: The point, any shape, float64; unchanged afterwards.
        h: The step, as a share of elements above 1. 1e-5 balances the formula's error of order ``h^2`` and
            rounding of order ``1e-16 / h``.

    Returns:
        The gradient, of the shape of ``x``.

    Raises:
        TypeError: ``x`` is not float64; single precision cannot resolve the difference.

    Source: W. H. Press et al., "Numerical Recipes", 3rd edition, 2007, equations 5.7.5 to 5.7.8.

    Example:
        >>> numerical_gradient(lambda x: float(x @ x), np.array([1.0, 2.0])).round(6).tolist()
        [2.0, 4.0]
    """
    if x.dtype != np.float64:
        raise TypeError(f"x: expected float64, found {x.dtype}; convert the array with x.astype(np.float64)")
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        here = x[index]
        step = h * max(1.0, abs(float(here)))
        high, low = here + step, here - step
        x[index] = high
        above = f(x)
        x[index] = low
        below = f(x)
        x[index] = here
        gradient[index] = (above - below) / (high - low)
    return gradient
