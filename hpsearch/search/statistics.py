"""Statistics of trials: permutation tests, Holm's correction, the noise of curves, rank correlation."""

import math

import numpy as np

from hpsearch.search.history import History
from hpsearch.types import Float64Array

PERMUTATIONS = 999
TAIL = 5
"""The noise of a curve is measured on so many of its last epochs."""


def spread_p(units: Float64Array, n_top: int, *, seed: int) -> Float64Array:
    """Return for each coordinate how often as many random points lie as close together as the first ones.

    The spread of points is the distance between their 10 % and 90 % quantiles.

    Args:
        units: Coordinates, ``(n, d)``; NaN where a trial does not have the parameter.
        n_top: Number of top points; they come first.
        seed: Seed of the permutations.

    Returns:
        p-values, ``(d,)``, at least 1 / 1000; 1 where the top points or all points are fewer than three.

    Source: R. A. Fisher, "The Design of Experiments", 1935; B. Phipson and G. K. Smyth, "Permutation
    p-values should never be zero", 2010.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    found = np.ones(units.shape[1])
    for j, column in enumerate(units.T):
        has = ~np.isnan(column)
        points, k = column[has], int(has[:n_top].sum())
        if k < 3 or len(points) == k:
            continue
        drawn = rng.permuted(np.broadcast_to(points, (PERMUTATIONS, len(points))), axis=1)[:, :k]
        as_close = _spread(drawn) <= _spread(points[None, :k])
        found[j] = (1 + as_close.sum()) / (1 + PERMUTATIONS)
    return found


def trend_p(units: Float64Array, values: Float64Array, *, seed: int) -> tuple[Float64Array, Float64Array]:
    """Return for each coordinate how often chance makes values rise with it as much, and fall as much.

    The statistic is the sum of the coordinates, each weighted by the Savage score of its value: the scores of
    the best differ most, so it looks at where the best values lie.

    Args:
        units: Coordinates, ``(n, d)``; NaN where a trial does not have the parameter.
        values: Values, more is better, ``(n,)``.
        seed: Seed of the permutations.

    Returns:
        p-values of a rise and of a fall, ``(d,)`` each, at least 1 / 1000; 1 with fewer than three points.

    Source: I. R. Savage, "Contributions to the theory of rank order statistics", 1956.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    rise, fall = np.ones(units.shape[1]), np.ones(units.shape[1])
    for j, column in enumerate(units.T):
        has = ~np.isnan(column)
        points, scores = column[has], savage_scores(values[has])
        if len(points) < 3:
            continue
        drawn = rng.permuted(np.broadcast_to(points, (PERMUTATIONS, len(points))), axis=1) @ scores
        found = points @ scores
        margin = 1e-9 * (1 + abs(found))  # sums of the same numbers in another order are equal
        rise[j] = (1 + np.count_nonzero(drawn >= found - margin)) / (1 + PERMUTATIONS)
        fall[j] = (1 + np.count_nonzero(drawn <= found + margin)) / (1 + PERMUTATIONS)
    return rise, fall


def savage_scores(values: Float64Array) -> Float64Array:
    """Return the Savage scores of values, ``(n,)``.

    That of the ``i``-th best of ``n`` is the sum of ``1 / k`` from ``k = i`` to ``n``, less 1. Equal values
    share the mean of their scores.

    Example:
        >>> savage_scores(np.array([0.1, 0.9])).tolist()
        [-0.5, 0.5]
    """
    n = len(values)
    scores = np.cumsum(1 / np.arange(n, 0, -1)) - 1  # from the worst to the best
    order = np.argsort(values, kind="stable")
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    sums = np.bincount(place[order], weights=scores, minlength=len(counts))
    return np.asarray((sums / counts)[place])


def _spread(points: Float64Array) -> Float64Array:
    low, high = np.quantile(points, (0.1, 0.9), axis=1)
    return np.asarray(high - low)


def holm(p: Float64Array) -> Float64Array:
    """Return p-values, ``(d,)``, corrected for testing ``d`` hypotheses at once.

    The smallest is multiplied by ``d``, the next by ``d - 1`` and so on; none falls below a smaller one.

    Source: S. Holm, "A simple sequentially rejective multiple test procedure", 1979.

    Example:
        >>> holm(np.array([0.5, 0.01, 0.04])).tolist()
        [0.5, 0.03, 0.08]
    """
    order = np.argsort(p, kind="stable")
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return corrected


def noise_sd(history: History) -> float:
    """Return the standard deviation of one epoch's accuracy around its trend; NaN where no curve shows it.

    For a full curve its square is half the mean squared difference of neighbouring epochs, over the last
    five: a slow rise adds next to nothing to it. The median over the curves is taken, because curves of
    learning rates that are far too high jump about much more.

    Source: J. von Neumann et al., "The mean square successive difference", 1941.
    """
    tails = [curve[~np.isnan(curve)][-TAIL:] for curve in history.curves[history.complete]]
    variances = [float(np.mean(np.diff(tail) ** 2)) / 2 for tail in tails if len(tail) > 1]
    return math.sqrt(float(np.median(variances))) if variances else math.nan


def rank_correlation(a: Float64Array, b: Float64Array) -> float:
    """Return Spearman's rank correlation of two rows of numbers, ``(n,)``; 0 where one does not vary."""
    both = np.stack([ranks(a), ranks(b)])
    both -= both.mean(axis=1, keepdims=True)
    size = np.sqrt((both**2).sum(axis=1).prod())
    return float(both[0] @ both[1] / size) if size else 0.0


def ranks(values: Float64Array) -> Float64Array:
    """Return the ranks of values, ``(n,)``; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])
