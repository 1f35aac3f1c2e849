"""The shrinkage of means towards their common mean."""

import numpy as np

from hpsearch.types import Float64Array


def shrunken(means: Float64Array, variances: Float64Array) -> Float64Array:
    """Return the posterior means of candidates, ``(n,)``: the fewer its runs, the closer to the common mean.

    ``theta_i ~ N(m, tau^2)`` and ``y_i ~ N(theta_i, v_i)`` give
    ``E(theta_i | y) = m + (y_i - m) tau^2 / (tau^2 + v_i)``, with ``m`` the mean of the ``y_i`` weighted by
    ``1 / (tau^2 + v_i)``. The moment estimate of ``tau^2``, with ``w_i = 1 / v_i``, their sum ``W``, ``y_w``
    the mean weighted by them and ``Q = sum w_i (y_i - y_w)^2``, is
    ``max(0, (Q - (n - 1)) / (W - sum w_i^2 / W))``.

    Args:
        means: ``y_i``.
        variances: ``v_i``, all above 0; or all 0 where no spread is known, and then the means stay.

    Source: B. Efron and C. Morris, "Stein's estimation rule and its competitors: an empirical Bayes
    approach", 1973, section 2 (the posterior mean); R. DerSimonian and N. Laird, "Meta-analysis in clinical
    trials", 1986 (the moment estimate).
    """
    if len(means) < 2 or not variances.all():
        return means
    weights = 1 / variances
    center = float(np.average(means, weights=weights))
    q = float((weights * (means - center) ** 2).sum())
    total = float(weights.sum())
    between = max(0.0, (q - (len(means) - 1)) / (total - float((weights**2).sum()) / total))
    center = float(np.average(means, weights=1 / (between + variances)))
    return np.asarray(center + (means - center) * (between / (between + variances)))
