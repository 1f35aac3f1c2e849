"""The quantile of the studentized range, by quadrature."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from hpsearch.types import Float64Array

NODES = 96
"""Nodes of each integral: the quantile has nine digits."""

WIDEST = 9.0
"""A normal variable lies farther from 0 with a probability of 2e-19."""

PRECISION = 1e-10
"""Relative precision of the search for the quantile."""

STEPS = 60
"""Most steps of that search; about ten are taken."""


@cache
def range_quantile(level: float, *, n: int, freedom: int) -> float:
    """Return the quantile of the range of ``n`` standard normal means over an independent deviation.

    The range of ``n`` normal variables is at most ``w`` with the probability
    ``P(w) = n * integral of phi(z) * (Phi(z) - Phi(z - w))^(n - 1) dz``. The studentized range is at most
    ``q`` with the mean of ``P(q s)`` over ``s = sqrt(chi2 / freedom)``. Both integrals are Gauss-Legendre
    sums, and the quantile is found by false position.

    SciPy has this quantile, too: its distributions take 0.5 s to import, and each quantile 0.1 s.

    Args:
        level: Probability of a range below the quantile, above 0 and below 1.
        n: Number of means, 2 or more.
        freedom: Degrees of freedom of the deviation, 1 or more.

    Source: J. W. Tukey, "The problem of multiple comparisons", 1953; R. E. Lund and J. R. Lund, "Algorithm
    AS 190: Probabilities and upper quantiles for the studentized range", 1983; M. Dowell and P. Jarratt,
    "A modified regula falsi method for computing the root of an equation", 1971 (the Illinois method).
    """
    deviations, weights = _deviations(freedom)

    def beyond(q: float) -> float:
        return float(weights @ _probabilities(q * deviations, n)) - level

    high = 4.0
    while beyond(high) < 0:
        high *= 2
    return _root(beyond, 0.0, high)


@cache
def _nodes() -> tuple[Float64Array, Float64Array]:
    """Return the places of a Gauss-Legendre sum from 0 to 1 and their weights, ``(NODES,)`` each."""
    places, weights = np.polynomial.legendre.leggauss(NODES)
    return (places + 1) / 2, weights / 2


def _deviations(freedom: int) -> tuple[Float64Array, Float64Array]:
    """Return deviations ``sqrt(chi2 / freedom)`` and their probabilities, ``(NODES,)`` each."""
    apart = 10 / math.sqrt(2 * freedom)  # ten deviations to each side
    low = max(0.0, 1 - apart)
    # Near 0 a small deviation makes a large quantile: squares put more places there.
    x, weights = _nodes()
    s = low + (1 + apart - low) * x**2
    logarithms = (freedom - 1) * np.log(s) - freedom * s**2 / 2
    weights = weights * x * np.exp(logarithms - logarithms.max())
    return s, weights / weights.sum()


def _probabilities(w: Float64Array, n: int) -> Float64Array:
    """Return the probability that the range of ``n`` normal variables is at most ``w``, ``(len(w),)``."""
    # SciPy's special functions take 0.1 s to import, and only a race needs them.
    from scipy.special import ndtr  # noqa: PLC0415

    x, weights = _nodes()
    z = WIDEST * (2 * x - 1)
    density = 2 * WIDEST * weights * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return np.asarray(n * (ndtr(z) - ndtr(z - w[:, None])) ** (n - 1) @ density)


def _root(f: Callable[[float], float], low: float, high: float) -> float:
    """Return the place in a bracket where a growing function is 0: false position, Illinois."""
    at_low, at_high, before = f(low), f(high), math.inf
    for _ in range(STEPS):
        place = high - at_high * (high - low) / (at_high - at_low)
        at = f(place)
        if abs(place - before) <= PRECISION * place or at == 0:
            break
        # Where one end stays, its weight is halved, or it would stay for long.
        if at < 0:
            at_high *= 0.5 if before < place else 1.0
            low, at_low = place, at
        else:
            at_low *= 0.5 if before > place else 1.0
            high, at_high = place, at
        before = place
    return place
