"""Values bent towards a normal distribution, which a Gaussian process models best."""

import math

import numpy as np

from hpsearch.types import Float64Array

POWERS = np.arange(0.0, 4.01, 0.25)
"""The powers that are tried; 1 leaves the values as they are."""
DECIMALS = 9
"""Decimals that likelihoods are rounded to before they are compared."""


def warped(values: Float64Array) -> Float64Array:
    """Return values, ``(n,)``, bent by the likeliest power, with mean 0 and standard deviation 1.

    A function whose bad values span decades is mostly cliff to a process that takes values as they are, and
    a few terrible results hide all differences between the good ones. The order of the values stays. Equal
    values give zeros.

    Source: I.-K. Yeo and R. A. Johnson, "A new family of power transformations to improve normality or
    symmetry", 2000.
    """
    z = _standard(values)
    if not z.any():
        return z
    bent = [_bent(z, float(power)) for power in POWERS]
    # The normal log-likelihood at the best mean and deviation, with the transformation's Jacobian.
    jacobian = float((np.sign(z) * np.log1p(np.abs(z))).sum())
    fits = [
        (power - 1) * jacobian - len(z) * math.log(max(float(t.std()), 1e-300))
        for power, t in zip(POWERS, bent, strict=True)
    ]
    return _standard(bent[int(np.argmax(np.round(fits, DECIMALS)))])


def _standard(values: Float64Array) -> Float64Array:
    """Return values with mean 0 and standard deviation 1; zeros where all are equal."""
    # Divided by the largest first: the square of an enormous value would overflow.
    scaled = values / (float(np.abs(values).max()) or 1.0)
    scaled = scaled - scaled.mean()
    deviation = float(scaled.std())
    flat = deviation <= 1e-15 or (values == values[0]).all()
    return np.zeros(len(values)) if flat else np.asarray(scaled / deviation)


def _bent(z: Float64Array, power: float) -> Float64Array:
    """Return the power transformation of Yeo and Johnson."""
    up, down = np.maximum(z, 0.0), np.maximum(-z, 0.0)
    above = np.log1p(up) if power == 0 else ((1 + up) ** power - 1) / power
    below = np.log1p(down) if power == 2 else ((1 + down) ** (2 - power) - 1) / (2 - power)
    return np.asarray(above - below)
