"""The logarithm of the expected improvement, also where the improvement itself would underflow."""

import math

import numpy as np
from scipy.special import erfcx, log_ndtr, ndtr

from hpsearch.types import Float64Array

_LOG_ROOT = 0.5 * math.log(2 * math.pi)
_FAR = -1e4
"""Below it the logarithm of the remainder loses all digits, and its leading term has them."""


def log_improvement(mean: Float64Array, sd: Float64Array, best: float) -> Float64Array:
    """Return the log expected improvement over ``best`` of normal predictions, ``(m,)``.

    ``log EI = log sd + log h(z)`` with ``z = (mean - best) / sd`` and ``h(z) = phi(z) + z Phi(z)``.

    Source: S. Ament et al., "Unexpected Improvements to Expected Improvement for Bayesian Optimization",
    2023, equations 8 and 9.
    """
    return np.asarray(np.log(sd) + _log_h((mean - best) / sd))


def uphill(
    mean: Float64Array, sd: Float64Array, d_mean: Float64Array, d_sd: Float64Array, best: float
) -> Float64Array:
    """Return a direction, ``(m, d)``, with the signs of the gradient of the log expected improvement.

    That gradient is ``(Phi(z) d_mean + phi(z) d_sd) / EI``; here it is divided by ``Phi(z) / EI``, which is
    positive.
    """
    z = (mean - best) / sd
    ratio = np.exp(-0.5 * z * z - _LOG_ROOT - log_ndtr(z))
    return np.asarray(d_mean + ratio[:, None] * d_sd)


def _log_h(z: Float64Array) -> Float64Array:
    """Return ``log(phi(z) + z Phi(z))``, ``(m,)``."""
    near, tail = np.maximum(z, -1.0), np.minimum(z, -1.0)
    plain = np.log(np.exp(-0.5 * near * near - _LOG_ROOT) + near * ndtr(near))
    # h(z) = phi(z) (1 - |z| Phi(z) / phi(z)), and the Mills ratio Phi / phi is erfcx times a constant.
    mills = math.sqrt(math.pi / 2) * erfcx(-np.maximum(tail, _FAR) / math.sqrt(2))
    left = np.log1p(np.maximum(tail, _FAR) * mills)
    far = -2 * np.log(-tail)
    below = -0.5 * tail * tail - _LOG_ROOT + np.where(tail > _FAR, left, far)
    return np.where(z > -1, plain, below)
