"""The interval of a metric, over seeds and rows together."""

import math

from hpsearch.metrics import Measure
from hpsearch.search.confirmation.crossed import crossed
from hpsearch.search.confirmation.race import Standing
from hpsearch.types import Float64Array


def interval(
    standing: Standing, place: int, *, estimate: float, parts: Float64Array, metric: Measure
) -> tuple[float, float]:
    """Return the 95 % interval of a candidate's metric on new seeds and new rows.

    The variance over seeds is ``Standing.variances``. The middle is the shrunken mean: the candidate has won
    because its own mean was good. The interval is widened to the measured mean where that lies outside.

    Args:
        standing: The race.
        place: The candidate, with two settled runs at least.
        estimate: Its shrunken mean of the metric.
        parts: The metric of each network plus the influence of each row, ``(S, R)``.
        metric: The metric.
    """
    by_seeds, freedom = float(standing.variances[place]), standing.freedom
    low, high = _ends(estimate, parts, by_seeds=by_seeds, freedom=freedom, metric=metric)
    mean = metric.sign * float(standing.means[place])
    return min(low, mean), max(high, mean)


def seed_interval(standing: Standing, place: int, *, estimate: float, metric: Measure) -> tuple[float, float]:
    """Return the 95 % interval of a candidate's metric on new seeds, where no rows are known.

    It extends by Student's quantile of the deviation of the mean, and is widened to the measured mean where
    that lies outside.

    Args:
        standing: The race.
        place: The candidate, with two settled runs at least.
        estimate: Its shrunken mean of the metric.
        metric: The metric.

    Source: Student, "The probable error of a mean", 1908.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - as below

    deviation = math.sqrt(float(standing.variances[place]))
    half = float(stdtrit(max(1, standing.freedom), 0.975)) * deviation
    mean = metric.sign * float(standing.means[place])
    low, high = min(estimate - half, mean), max(estimate + half, mean)
    return max(metric.bounds[0], low), min(metric.bounds[1], high)


def spread_of_mean(standing: Standing, place: int, *, metric: Measure) -> tuple[float, float] | None:
    """Return the 95 % interval of a candidate's mean on new seeds; ``None`` while no spread is known.

    It extends by Student's quantile of the deviation of the mean on both sides.

    Args:
        standing: The race.
        place: The candidate.
        metric: The metric.

    Source: Student, "The probable error of a mean", 1908.
    """
    if standing.counts[place] < 2 or not standing.deviation:
        return None
    from scipy.special import stdtrit  # noqa: PLC0415 - as above

    half = float(stdtrit(standing.freedom, 0.975)) * math.sqrt(float(standing.variances[place]))
    mean = metric.sign * float(standing.means[place])
    return max(metric.bounds[0], mean - half), min(metric.bounds[1], mean + half)


def mean_interval(values: Float64Array) -> tuple[float, float]:
    """Return the 95 % interval of the mean of a value over seeds, by Student's quantile.

    Args:
        values: The value of each seed, ``(n,)``, two at least.

    Source: Student, "The probable error of a mean", 1908.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - as below

    mean, deviation = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))
    half = float(stdtrit(len(values) - 1, 0.975)) * deviation
    return mean - half, mean + half


def judged_interval(value: float, parts: Float64Array, metric: Measure) -> tuple[float, float]:
    """Return the 95 % interval of a metric on rows that nothing was chosen by.

    It is of new rows, and of new seeds where there are several networks.

    Args:
        value: The metric, the mean over the networks.
        parts: The metric of each network plus the influence of each row, ``(S, R)``.
        metric: The metric.
    """
    seeds = len(parts)
    by_seeds = float(parts.mean(axis=1).var(ddof=1)) / seeds if seeds > 1 else 0.0
    return _ends(value, parts, by_seeds=by_seeds, freedom=max(1, seeds - 1), metric=metric)


def difference_interval(one: Float64Array, other: Float64Array) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two means on the same rows, of new rows and new seeds.

    Args:
        one: The parts of one candidate, ``(S, R)``: of each model a metric plus the influence of each row.
        other: The parts of the other, ``(T, R)``.

    Source: B. L. Welch, "The generalization of 'Student's' problem when several different population
    variances are involved", 1947 (over seeds); ``crossed`` (rows).
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - as below

    means = [parts.mean(axis=1) for parts in (one, other)]
    terms = [float(mean.var(ddof=1)) / len(mean) if len(mean) > 1 else 0.0 for mean in means]
    by_seeds = sum(terms)
    squares = sum(term**2 / max(1, len(mean) - 1) for term, mean in zip(terms, means, strict=True))
    freedom = by_seeds**2 / squares if squares > 0 else math.inf
    variance, free = crossed([one, other], by_seeds=by_seeds, freedom=freedom)
    half = float(stdtrit(max(1.0, min(free, 1e9)), 0.975)) * math.sqrt(max(0.0, variance))
    middle = float(means[0].mean() - means[1].mean())
    return middle - half, middle + half


def welch_interval(one: Float64Array, other: Float64Array) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two means over seeds, which have nothing in common.

    Args:
        one: The value of each seed, ``(n,)``, two at least.
        other: The values that are subtracted, ``(m,)``, two at least.

    Source: B. L. Welch, "The generalization of 'Student's' problem when several different population
    variances are involved", 1947.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - as below

    terms = [float(values.var(ddof=1)) / len(values) for values in (one, other)]
    squares = sum(term**2 / (len(values) - 1) for term, values in zip(terms, (one, other), strict=True))
    freedom = sum(terms) ** 2 / squares if squares > 0 else 1.0
    half = float(stdtrit(freedom, 0.975)) * math.sqrt(sum(terms))
    middle = float(one.mean() - other.mean())
    return middle - half, middle + half


def combined_interval(
    one: float, one_ends: tuple[float, float], other: float, other_ends: tuple[float, float]
) -> tuple[float, float]:
    """Return the 95 % interval of the difference ``one - other`` of two independent values with intervals.

    The distances from each value to its end are squared, added, and their root is taken. Where the values
    are not independent but rise and fall together, the interval is too wide rather than too narrow.

    Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions:
    comparison of eleven methods", 1998, method 10; G. Y. Zou and A. Donner, "Construction of confidence
    limits about effect measures: a general approach", 2008.

    Example:
        >>> low, high = combined_interval(0.9, (0.87, 0.93), 0.8, (0.76, 0.84))
        >>> round(low, 3), round(high, 3)
        (0.05, 0.15)
    """
    below = math.hypot(one - one_ends[0], other_ends[1] - other)
    above = math.hypot(one_ends[1] - one, other - other_ends[0])
    return one - other - below, one - other + above


def _ends(
    middle: float, parts: Float64Array, *, by_seeds: float, freedom: float, metric: Measure
) -> tuple[float, float]:
    """Return the ends around a middle.

    A metric from 0 to 1 has Wilson's interval for as many independent answers as have the variance of
    ``crossed``, with Student's quantile; any other one extends by Student's quantile of deviations on both
    sides.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927;
    E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data", 1998 (the number of answers).
    """
    # SciPy's special functions take 0.1 s to import, and only a finished study needs them.
    from scipy.special import stdtrit  # noqa: PLC0415

    seeds, rows = parts.shape
    variance, free = crossed([parts], by_seeds=by_seeds, freedom=freedom)
    t = float(stdtrit(max(1.0, min(free, 1e9)), 0.975))
    if metric.bounds == (0, 1):
        chance = middle * (1 - middle)
        known = variance > 0 and chance > 0
        return _wilson(middle, min(chance / variance, float(seeds * rows)) if known else float(rows), z=t)
    half = t * math.sqrt(variance)
    return max(metric.bounds[0], middle - half), min(metric.bounds[1], middle + half)


def _wilson(share: float, n: float, *, z: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share of ``n`` answers, at a quantile ``z``."""
    shrink = 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    return max(0.0, centre - half), min(1.0, centre + half)
