"""The finalists of a search, and the verdict of their race."""

from collections.abc import Sequence

import numpy as np

from hpsearch.search.confirmation.comparison import Comparison
from hpsearch.search.confirmation.incumbent import with_incumbent
from hpsearch.search.confirmation.race import Candidate, Standing
from hpsearch.search.confirmation.shrinkage import shrunken
from hpsearch.search.confirmation.smoothing import smoothed
from hpsearch.search.confirmation.verdict import Verdict
from hpsearch.search.history import History
from hpsearch.space import Space
from hpsearch.study_file import ConfirmSpec, LearnedStart
from hpsearch.types import Float64Array, IntArray

FEW_ROWS = 100
"""On fewer validation rows the declared default is kept, unless the winner is clearly better.

The best of many is worse than the default in 11 % of simulated searches on 30 rows, in 9 % on 60, in 4 %
on 120 (``benchmarks/calibration_claims.py``).
"""


def ranking(space: Space, history: History, *, judged: bool = False) -> IntArray:
    """Return the numbers of the complete trials, best first, by the smoothed estimates of their values.

    Equal estimates are ordered by their values, then by number.

    Args:
        space: The search space.
        history: The search.
        judged: Whether trials that failed lower the estimates around them.
    """
    numbers = history.complete
    estimates = smoothed(space, history, judged=judged)[numbers]
    return numbers[np.lexsort((numbers, -history.values[numbers], -estimates))]


def measured_ranking(history: History) -> IntArray:
    """Return the numbers of the complete trials by their values, best first; of equals the earlier one."""
    numbers = history.complete
    return numbers[np.lexsort((numbers, -history.values[numbers]))]


def finalists(  # noqa: PLR0913 - the search, and what orders it
    confirm: ConfirmSpec,
    space: Space,
    history: History,
    *,
    by_values: bool = False,
    judged: bool = False,
    learned: LearnedStart | None = None,
) -> tuple[int, ...]:
    """Return the numbers of the best trials, best first, without a second trial of the same parameters.

    Args:
        confirm: How many there are at most.
        space: The search space.
        history: The search, settled.
        by_values: Whether the best as measured take turns with the best as smoothed: what is measured may
            have no noise, or a cliff or a narrow top that no smooth surface shows.
        judged: Whether trials that failed lower the estimates around them.
        learned: What a portfolio has given the study: its first setting is a finalist unless it failed.
    """
    if not confirm.top:  # a smooth surface takes half a second
        return ()
    order = ranking(space, history, judged=judged)
    order = with_incumbent(order, space, history, learned, judged=judged)
    if by_values:
        turns = np.column_stack([measured_ranking(history), order]).ravel()
        order = turns if learned is None else np.concatenate([order[:1], turns])
    chosen: dict[tuple[float, ...], int] = {}
    for number in order:
        if len(chosen) == confirm.top:
            break
        chosen.setdefault(history.point(number), int(number))
    return tuple(chosen.values())


def winner(  # noqa: PLR0913 - the search, its race, and how the race is read
    candidates: Sequence[Candidate],
    space: Space,
    history: History,
    confirmed: History | None,
    *,
    worst: float = 0.0,
    parts: Sequence[Float64Array] = (),
    constant: float = -np.inf,
    by_values: bool = False,
) -> Verdict | None:
    """Return the verdict for the candidate of the highest shrunken mean; ``None`` when every trial failed.

    The means of the verdict are the measured ones; the shrunken mean is its ``estimate``.

    Without a race the trial with the best smoothed estimate wins, or with the best value. A confirming run
    that failed has the worst score. Candidates that are out cannot win, nor shrink the means of the others.

    With ``parts`` the candidates are compared on the same rows. On fewer than ``FEW_ROWS`` rows the declared
    default wins where it is better than a constant prediction, and the best candidate is not better than it.

    Args:
        candidates: The candidates that raced, in order.
        space: The search space.
        history: The search, settled.
        confirmed: The confirming runs, settled; ``None`` without them.
        worst: The score of a run that failed.
        parts: What ``Comparison`` takes, from version 2 of a study on; without it only seeds are compared.
        constant: The score of the best constant prediction on the validation rows.
        by_values: Whether a trial's value is all that is known of it.
    """
    standing = None if confirmed is None else Standing.of(candidates, confirmed, worst=worst)
    if standing is None or not standing.counts.any():
        return _unraced(space, history, by_values=by_values)
    means, compared = _means(standing), Comparison(standing, parts)
    place = _best(standing, means)
    raced = [n for n, c in enumerate(candidates) if c.default and standing.counts[n]]
    few = bool(parts) and parts[place].shape[1] < FEW_ROWS
    if few and raced and standing.means[raced[0]] > constant and not compared.better(place, raced[0]):
        place = raced[0]
    better = None
    if parts and raced and place != raced[0]:  # the winner is the best of all that could beat the default
        better = compared.better(place, raced[0], among=int((standing.counts > 0).sum()) - 1)
    tied = set(compared.tied(place).tolist())
    if better is not None:  # one statement on the default: what beats it is not tied with it
        tied = tied - {raced[0]} if better else tied | {raced[0]}
    candidate, measured = candidates[place], history.sign * standing.means
    return Verdict(
        number=candidate.number,
        value=None if candidate.number is None else float(history.measured[candidate.number]),
        params=space.external(candidate.internal),
        mean=float(measured[place]),
        estimate=history.sign * float(means[place]),
        seeds=int(standing.counts[place]),
        tied=tuple(candidates[other].label for other in sorted(tied)),
        default=candidate.default,
        default_mean=float(measured[raced[0]]) if raced else None,
        better=better,
        gain=compared.gain(place, raced[0]) if better is not None else None,
    )


def _unraced(space: Space, history: History, *, by_values: bool) -> Verdict | None:
    best = measured_ranking(history) if by_values else ranking(space, history)
    return best_trial(space, history, int(best[0])) if best.size else None


def decided(standing: Standing) -> tuple[int, float]:
    """Return the place of the winner of a race, and its shrunken mean."""
    means = _means(standing)
    place = _best(standing, means)
    return place, float(means[place])


def near(candidates: Sequence[Candidate], confirmed: History, *, worst: float = 0.0) -> tuple[int | str, ...]:
    """Return the best candidate, then the others whose difference to it Student's t explains, by label.

    Their runs join the ensemble. The margin, at 95 %, is narrower than that of ``Verdict.tied``: an ensemble
    wants the good networks, and a comparison of many must not call equals different.
    """
    standing = Standing.of(candidates, confirmed, worst=worst)
    if not standing.counts.any():
        return ()
    place, n = decided(standing)[0], standing.counts
    margins = standing.margins(1 / np.maximum(n, 1) + 1 / n[place])
    found = np.abs(standing.means - standing.means[place]) <= margins
    found[place] = False
    places = [place, *np.flatnonzero(found & (n > 0)).tolist()]
    return tuple(candidates[other].label for other in places)


def best_trial(space: Space, history: History, number: int) -> Verdict:
    """Return the verdict for a trial that was not confirmed."""
    value = float(history.measured[number])
    return Verdict(number=number, value=value, params=space.external(history.point(number)), mean=value)


def _means(standing: Standing) -> Float64Array:
    """Return the means of all candidates, ``(n,)``: shrunken, or as measured where one is out."""
    means = standing.means.copy()
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
