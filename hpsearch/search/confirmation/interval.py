"""The interval of the winner's metric, over seeds and rows together."""

import math

from hpsearch.metrics import Metric
from hpsearch.search.confirmation.race import Standing
from hpsearch.types import Float64Array


def interval(
    standing: Standing, place: int, *, estimate: float, parts: Float64Array, metric: Metric
) -> tuple[float, float]:
    """Return the 95 % interval of a candidate's metric on new seeds and new rows.

    The parts of ``S`` networks on the same ``R`` rows (of accuracy: whether each is right) are a crossed
    layout: the mean varies with the seeds, with the rows, and with what is left,

    ``Var(mean) = s_seed^2 / S + s_row^2 / R + s_rest^2 / (S R)``.

    ``s_seed^2 / S + s_rest^2 / (S R)`` is the variance of the mean over seeds, ``Standing.variances``;
    ``s_row^2`` is the mean square of rows less that of the rest, over ``S``. The degrees of freedom are
    Satterthwaite's. A metric from 0 to 1 has Wilson's interval for as many independent answers as have that
    variance, with Student's quantile; any other one extends by Student's quantile of deviations on both
    sides. The middle is the shrunken mean: the candidate has won because its own mean was good. The
    interval is widened to the measured mean where that lies outside.

    Args:
        standing: The race.
        place: The candidate, with two settled runs at least.
        estimate: Its shrunken mean of the metric.
        parts: The metric of each network plus the influence of each row, ``(S, R)``.
        metric: The metric.

    Source: F. E. Satterthwaite, "An approximate distribution of estimates of variance components", 1946;
    A. B. Owen, "The pigeonhole bootstrap", 2007, section 2 (the variance); E. B. Wilson, "Probable inference,
    the law of succession, and statistical inference", 1927; E. L. Korn and B. I. Graubard, "Confidence
    intervals for proportions with small expected number of positive counts estimated from survey data", 1998
    (the number of answers).
    """
    # SciPy's special functions take 0.1 s to import, and only a finished study needs them.
    from scipy.special import stdtrit  # noqa: PLC0415

    seeds, rows = parts.shape
    by_rows, rest = _mean_squares(parts) if rows > 1 and seeds > 1 else (0.0, 0.0)
    by_seeds = float(standing.variances[place])
    variance = by_seeds + max(0.0, by_rows - rest)
    freedom = math.inf
    if variance > 0:
        terms = (by_seeds, standing.freedom), (by_rows, rows - 1), (rest, (seeds - 1) * (rows - 1))
        freedom = variance**2 / sum(term**2 / max(1, n) for term, n in terms)
    t = float(stdtrit(max(1.0, min(freedom, 1e9)), 0.975))
    if metric.bounds == (0, 1):
        chance = estimate * (1 - estimate)
        known = variance > 0 and chance > 0
        low, high = _wilson(
            estimate, min(chance / variance, float(seeds * rows)) if known else float(rows), z=t
        )
    else:
        half = t * math.sqrt(variance)
        low, high = max(metric.bounds[0], estimate - half), min(metric.bounds[1], estimate + half)
    mean = metric.sign * float(standing.means[place])
    return min(low, mean), max(high, mean)


def _mean_squares(parts: Float64Array) -> tuple[float, float]:
    """Return the mean squares of rows and of the rest, each over the number of parts."""
    seeds, rows = parts.shape
    by_seed, by_row = parts.mean(axis=1), parts.mean(axis=0)
    mean = float(by_seed.mean())
    row = seeds * float(((by_row - mean) ** 2).sum())
    whole = float(((parts - mean) ** 2).sum())
    rest = max(0.0, whole - row - rows * float(((by_seed - mean) ** 2).sum()))
    return row / (rows - 1) / (seeds * rows), rest / ((seeds - 1) * (rows - 1)) / (seeds * rows)


def _wilson(share: float, n: float, *, z: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share of ``n`` answers, at a quantile ``z``."""
    shrink = 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    return max(0.0, centre - half), min(1.0, centre + half)
