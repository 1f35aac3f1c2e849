"""The finalists of a search, and the verdict of their race."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from hpsearch.search.confirmation.gaussian_process import smoothed
from hpsearch.search.confirmation.race import Candidate, Standing
from hpsearch.search.confirmation.verdict import Verdict
from hpsearch.search.history import History
from hpsearch.space import Space
from hpsearch.study_file import ConfirmSpec
from hpsearch.types import Float64Array, IntArray

CONFIDENCE = 0.95
"""Share of races of equals in which no candidate is called different from the winner, at least."""


def ranking(space: Space, history: History) -> IntArray:
    """Return the numbers of the complete trials, best first, by the smoothed estimates of their values.

    Equal estimates are ordered by their values, then by number.
    """
    numbers = history.complete
    return numbers[np.lexsort((numbers, -history.values[numbers], -smoothed(space, history)[numbers]))]


def finalists(confirm: ConfirmSpec, space: Space, history: History) -> tuple[int, ...]:
    """Return the numbers of the best trials, best first, without a second trial of the same parameters."""
    chosen: dict[tuple[float, ...], int] = {}
    for number in ranking(space, history):
        if len(chosen) == confirm.top:
            break
        chosen.setdefault(history.point(number), int(number))
    return tuple(chosen.values())


def winner(
    candidates: Sequence[Candidate], space: Space, history: History, confirmed: History | None
) -> Verdict | None:
    """Return the verdict for the candidate of the highest shrunken mean; ``None`` when every trial failed.

    The means of the verdict are the measured ones; the shrunken mean is its ``estimate``.

    Without a race the winner is the trial with the best smoothed estimate. A confirming run that failed
    counts as accuracy 0. Candidates that are out cannot win, and do not enter the shrinking of the others.
    Where all shrunken means are equal, the candidate wins that lies the most standard errors above them.

    Args:
        candidates: The candidates that raced, in order.
        space: The search space.
        history: The search, settled.
        confirmed: The confirming runs, settled; ``None`` without them.
    """
    standing = Standing.of(candidates, confirmed) if confirmed is not None else None
    if standing is None or not standing.counts.any():
        best = ranking(space, history)
        return best_trial(space, history, int(best[0])) if best.size else None
    place, estimate = decided(standing)
    candidate, means = candidates[place], standing.means
    defaults = [mean for c, mean in zip(candidates, means, strict=True) if c.default and mean > -np.inf]
    return Verdict(
        number=candidate.number,
        value=None if candidate.number is None else float(history.values[candidate.number]),
        params=space.external(candidate.internal),
        mean=float(means[place]),
        estimate=estimate,
        seeds=int(standing.counts[place]),
        tied=tuple(candidates[other].label for other in tied(standing, place)),
        default=candidate.default,
        default_mean=float(defaults[0]) if defaults else None,
    )


def decided(standing: Standing) -> tuple[int, float]:
    """Return the place of the winner of a race, and its shrunken mean."""
    means = _means(standing)
    place = _best(standing, means)
    return place, float(means[place])


def near(candidates: Sequence[Candidate], confirmed: History) -> tuple[int | str, ...]:
    """Return the other candidates whose difference to the winner Student's t explains at 95 %, by label.

    Their runs join the ensemble. The margin is narrower than that of ``Verdict.tied``: an ensemble wants the
    good networks, and a comparison of many must not call equals different.
    """
    standing = Standing.of(candidates, confirmed)
    if not standing.counts.any():
        return ()
    place, n = decided(standing)[0], standing.counts
    margins = standing.margins(1 / np.maximum(n, 1) + 1 / n[place])
    found = np.abs(standing.means - standing.means[place]) <= margins
    found[place] = False
    return tuple(candidates[int(other)].label for other in np.flatnonzero(found & (n > 0)))


def best_trial(space: Space, history: History, number: int) -> Verdict:
    """Return the verdict for a trial that was not confirmed."""
    value = float(history.values[number])
    return Verdict(number=number, value=value, params=space.external(history.point(number)), mean=value)


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


def _means(standing: Standing) -> Float64Array:
    """Return the means of all candidates, ``(n,)``: shrunken, or as measured where one is out."""
    means = standing.means
    inside = (standing.counts > 0) & ~standing.out
    variances = standing.deviation**2 / standing.counts[inside]
    means[inside] = shrunken(means[inside], variances)
    return means


def _best(standing: Standing, means: Float64Array) -> int:
    """Return the place of the winner.

    Where ``tau`` is 0, all shrunken means are equal. For a ``tau`` close to 0 they differ by
    ``tau^2 n_i (y_i - m) / s^2``, and that order decides then.
    """
    inside = np.flatnonzero((standing.counts > 0) & ~standing.out)
    top = means[inside].max()
    lead = standing.counts[inside] * (standing.means[inside] - top)
    order = np.lexsort((inside, -lead, -means[inside]))
    return int(inside[order[0]])


def tied(standing: Standing, place: int) -> IntArray:
    """Return the places of the candidates that are not worse than one by more than seeds explain.

    The margin is Tukey and Kramer's, ``q / sqrt(2)`` times the deviation of the difference of two means:
    ``q`` is the quantile of the studentized range of as many means as have raced. Candidates that are out
    take part. Of six equals one is called different in 4 % of races (Student's t: 37 %).

    Source: C. Y. Kramer, "Extension of multiple range tests to group means with unequal numbers of
    replications", 1956; J. W. Tukey, "The problem of multiple comparisons", 1953.
    """
    ran = standing.counts > 0
    margins = np.zeros(len(ran))
    if standing.deviation and ran.sum() > 1:
        q = _range_quantile(int(ran.sum()), standing.freedom)
        margins = q * np.sqrt((standing.variances + standing.variances[place]) / 2)
    found = ran & (standing.means >= standing.means[place] - margins)
    found[place] = False
    return np.flatnonzero(found)


@cache
def _range_quantile(n: int, freedom: int) -> float:
    """Return the quantile of the studentized range of ``n`` means: it is integrated, in 0.1 s."""
    # SciPy's distributions take 0.8 s to import, and only a finished study needs them.
    from scipy.stats import studentized_range  # noqa: PLC0415

    return float(studentized_range.ppf(CONFIDENCE, n, freedom))
