"""What the Gaussian processes of the ranking and of the proposals share: the kernel and even points."""

from statistics import NormalDist

import numpy as np

from hpsearch.types import Float64Array


def matern(squares: Float64Array) -> Float64Array:
    """Return the Matern 5/2 correlation at squared distances in lengths, any shape.

    Source: C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning", 2006, equation
    4.17.
    """
    r = np.sqrt(5 * squares)
    return np.asarray((1 + r + r * r / 3) * np.exp(-r))


def matern_with_slope(squares: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Return the Matern 5/2 correlation at squared distances ``s``, and ``-2 dk / ds``, both any shape.

    With ``r = sqrt(5 s)`` the second is ``5/3 (1 + r) exp(-r)``, which is finite at 0.
    """
    r = np.sqrt(5 * squares)
    decay = np.exp(-r)
    slope = (1 + r) * decay
    return np.asarray(slope + r * r / 3 * decay), np.asarray(slope * (5 / 3))


def normal_quantiles(p: Float64Array) -> Float64Array:
    """Return the quantiles of the normal distribution at probabilities, any shape."""
    # The standard library's quantiles: SciPy's take 0.1 s to import, and these are few.
    return np.array([NormalDist().inv_cdf(x) for x in p.ravel()]).reshape(p.shape)


def even_points(n: int, d: int, *, shift: Float64Array | float = 0.5) -> Float64Array:
    """Return points that fill the unit cube evenly, ``(n, d)``: an additive recurrence, shifted.

    Source: M. Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018.
    """
    ratio = 2.0
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / (d + 1))
    steps = ratio ** -np.arange(1.0, d + 1)
    return np.asarray((shift + np.arange(1, n + 1)[:, None] * steps) % 1.0)
