"""The interval of the winner's accuracy, over seeds and rows together."""

import math

from hpsearch.search.confirmation.race import Standing
from hpsearch.types import BoolArray


def interval(standing: Standing, place: int, *, estimate: float, answers: BoolArray) -> tuple[float, float]:
    """Return the 95 % interval of a candidate's accuracy on new seeds and new rows.

    The answers of ``S`` networks on the same ``R`` rows are a crossed layout: the mean varies with the seeds,
    with the rows, and with what is left,

    ``Var(mean) = s_seed^2 / S + s_row^2 / R + s_rest^2 / (S R)``.

    ``s_seed^2 / S + s_rest^2 / (S R)`` is the variance of the mean over seeds, ``Standing.variances``;
    ``s_row^2`` is the mean square of rows less that of the rest, over ``S``. The degrees of freedom are
    Satterthwaite's. The interval is Wilson's for as many independent answers as have that variance, with
    Student's quantile, around the shrunken mean: the candidate has won because its own mean was high. It is
    widened to the measured mean where that lies outside.

    Args:
        standing: The race.
        place: The candidate, with two settled runs at least.
        estimate: Its shrunken mean.
        answers: Whether each of its networks is right on each row, ``(S, R)``; all wrong for a failed run.

    Source: F. E. Satterthwaite, "An approximate distribution of estimates of variance components", 1946;
    A. B. Owen, "The pigeonhole bootstrap", 2007, section 2 (the variance); E. B. Wilson, "Probable inference,
    the law of succession, and statistical inference", 1927; E. L. Korn and B. I. Graubard, "Confidence
    intervals for proportions with small expected number of positive counts estimated from survey data", 1998
    (the number of answers).
    """
    # SciPy's special functions take 0.1 s to import, and only a finished study needs them.
    from scipy.special import stdtrit  # noqa: PLC0415

    seeds, rows = answers.shape
    by_rows, rest = _mean_squares(answers) if rows > 1 else (0.0, 0.0)
    by_seeds = float(standing.variances[place])
    chance = estimate * (1 - estimate)
    variance = by_seeds + max(0.0, by_rows - rest)
    answered, freedom = float(rows), math.inf
    if variance > 0 and chance > 0:
        answered = min(chance / variance, float(seeds * rows))
        parts = (by_seeds, standing.freedom), (by_rows, rows - 1), (rest, (seeds - 1) * (rows - 1))
        freedom = variance**2 / sum(part**2 / max(1, n) for part, n in parts)
    low, high = _wilson(estimate, answered, z=float(stdtrit(max(1.0, min(freedom, 1e9)), 0.975)))
    mean = float(standing.means[place])
    return min(low, mean), max(high, mean)


def _mean_squares(answers: BoolArray) -> tuple[float, float]:
    """Return the mean squares of rows and of the rest, each over the number of answers."""
    seeds, rows = answers.shape
    by_seed, by_row = answers.mean(axis=1), answers.mean(axis=0)
    mean = float(by_seed.mean())
    row = seeds * float(((by_row - mean) ** 2).sum())
    # An answer is its own square: the squares of all answers add up without the matrix of the rest.
    whole = seeds * rows * mean * (1 - mean)
    rest = max(0.0, whole - row - rows * float(((by_seed - mean) ** 2).sum()))
    return row / (rows - 1) / (seeds * rows), rest / ((seeds - 1) * (rows - 1)) / (seeds * rows)


def _wilson(share: float, n: float, *, z: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share of ``n`` answers, at a quantile ``z``."""
    shrink = 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    return max(0.0, centre - half), min(1.0, centre + half)
