"""The smooth clip of scaled inputs."""

from collections.abc import Sequence

import numpy as np

from hpsearch.types import Float64Array

CLIP = 3.0
"""What the size of a clipped number approaches: three of its scale."""
_FAR = 1e100


def smooth_clip(X: Float64Array, features: Sequence[int]) -> Float64Array:
    """Return rows ``(n, d)`` in which some features are ``x / sqrt(1 + (x / 3)^2)``, as a copy.

    Near 0 a number stays what it is, and a number far out comes near 3 or -3: the order of numbers is kept,
    and none is so large that it alone decides what a unit sees.

    Source: D. Holzmüller, L. Grinsztajn and I. Steinwart, "Better by default: strong pre-tuned MLPs and
    boosted trees on tabular data", NeurIPS 2024, section 3.

    Example:
        >>> smooth_clip(np.array([[4.0, 4.0], [0.0, 1e200]]), [0]).round(6).tolist()
        [[2.4, 4.0], [0.0, 1e+200]]
    """
    clipped, chosen = X.copy(), list(features)
    # The square of a large number would overflow and its quotient be 0, and infinity's be NaN in place of 3.
    Z = np.clip(X[:, chosen], -_FAR, _FAR)
    clipped[:, chosen] = Z / np.hypot(1.0, Z / CLIP)
    return clipped
