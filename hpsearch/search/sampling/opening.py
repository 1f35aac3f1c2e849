"""The open ranges: how far beyond its declared range a search may look, by what the results show."""

import math
from dataclasses import dataclass, replace

import numpy as np

from hpsearch.search.extrapolation import judged_values
from hpsearch.search.history import History
from hpsearch.search.sampling.box import CHANCE, EDGE, EDGE_SHARE, TOP_SHARE, Box
from hpsearch.search.statistics import holm, trend_p
from hpsearch.space import Parameter, Space, in_space
from hpsearch.study_file import BOX_RESULTS
from hpsearch.types import Float64Array

NEAR = 0.3
"""The two best lie in this outer share of a range that opens."""
STRONG = 0.01
"""Where the probability of chance is below this, a range opens by two decades at once."""
UNMOVED = "no range opened"
"""The reason of ranges that are as they were."""
RESULTS_MOST = 500
"""Results that are looked at, at most: of more, the best half of them and as many of the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The results that a trial may see, best first.

    Attributes:
        units: Their unit coordinates, ``(n, d)``.
        values: Their values, ``(n,)``, descending; that of a failed trial is the worst.
    """

    units: Float64Array
    values: Float64Array

    @classmethod
    def of(cls, space: Space, seen: History) -> "Results":
        """Return the results that may be seen; of more than 500 the best 250 and 250 of the rest."""
        values = judged_values(seen)
        numbers = np.flatnonzero(~np.isnan(values) & in_space(space, seen.internal))
        order = numbers[np.argsort(-values[numbers], kind="stable")]
        if len(order) > RESULTS_MOST:
            half = RESULTS_MOST // 2
            rest = np.linspace(half, len(order) - 1, half).astype(np.int64)
            order = np.concatenate([order[:half], order[rest]])
        return cls(units=space.to_unit(seen.internal[order]), values=values[order])

    def __len__(self) -> int:
        return len(self.values)

    @property
    def good(self) -> Float64Array:
        """The coordinates of the best quarter, ``(n, d)``, without results as bad as the worst."""
        n_top = math.ceil(TOP_SHARE * len(self))
        return np.asarray(self.units[:n_top][self.values[:n_top] > self.values[-1]])


def opened(before: Box, space: Space, results: Results, *, seed: int) -> Box:
    """Return the open ranges after ``before``, by the results that a trial may see.

    Nothing beyond the declared range is tried until the results ask for it. An end of a range moves out by
    a decade, at most to the outer space, where both of these hold:

    - Values rise towards that end, more than by chance: a permutation test of the sum of coordinates, each
      weighted by the Savage score of its value, which looks at the best above all (5 %, Holm's correction
      over all ends that can move).
    - The best results lie at that end, as ``presses`` says.

    It moves by two decades where chance is below 1 %. A range also reaches as far as a trial of the best
    quarter that a person has put beyond it.

    Args:
        before: The open ranges before.
        space: The search space.
        results: What the trial may see.
        seed: Seed of the permutations.

    Source: I. R. Savage, "Contributions to the theory of rank order statistics", 1956 (scores);
    R. A. Fisher, "The Design of Experiments", 1935 (permutation).
    """
    ends = [(j, side) for j, p in enumerate(space) for side in (-1, 1) if _can_move(p, before, j, side)]
    if not ends or len(results) < BOX_RESULTS:
        return replace(before, reason=UNMOVED, evidence={})
    low, high = list(before.low), list(before.high)
    pressed = [(j, side) for j, side in ends if presses(results, before, j, side)]
    words, evidence = [], {}
    chance = rises(results, ends, seed=seed) if pressed else {}
    for j, side in pressed:
        parameter, p = space.parameters[j], chance[j, side]
        if p >= CHANCE:
            continue
        decades = 2 if p < STRONG else 1
        where = "below" if side < 0 else "above"
        if side < 0:
            low[j] = max(low[j] - decades / parameter.decades, -parameter.margin)
        else:
            high[j] = min(high[j] + decades / parameter.decades, 1 + parameter.margin)
        words.append(f"{parameter.name} opened {where}")
        evidence[parameter.name] = {"p": p}
    found = Box(low=tuple(low), high=tuple(high), reason=", ".join(words) or UNMOVED, evidence=evidence)
    return _around(found, space, results.good)


def _can_move(parameter: Parameter, box: Box, j: int, side: int) -> bool:
    """Return whether an end has not reached the outer space yet."""
    if not parameter.margin:
        return False
    return box.low[j] > -parameter.margin if side < 0 else box.high[j] < 1 + parameter.margin


def presses(results: Results, box: Box, j: int, side: int) -> bool:
    """Return whether the best results lie at an end of a range, or beyond it.

    Three things must hold. The two best lie in the outer 30 % of the range. The result that lies farthest
    out is among the best quarter, so that no worse one lies between the best and the end. And more than a
    third of the best quarter, or both of the two best, lie in the outer tenth; or the two best are among the
    three results that lie farthest out.

    Args:
        results: What a trial may see.
        box: The ranges.
        j: Place of the parameter.
        side: -1 for the lower end of its range, 1 for the upper one.
    """
    column = side * results.units[:, j]
    column = column[~np.isnan(column)]  # best first
    if len(column) < BOX_RESULTS:
        return False
    end, width = (-box.low[j] if side < 0 else box.high[j]), box.high[j] - box.low[j]
    n_top = math.ceil(TOP_SHARE * len(column))
    if column[:2].min() < end - NEAR * width or int(np.argmax(column)) >= n_top:
        return False
    edge = end - EDGE * width
    at_edge = column[:2].min() > edge or float(np.mean(column[:n_top] > edge)) > EDGE_SHARE
    return bool(at_edge or np.sort(column)[-3] <= column[:2].min())


def rises(results: Results, ends: list[tuple[int, int]], *, seed: int) -> dict[tuple[int, int], float]:
    """Return for each end how likely chance alone makes values rise so towards it, by Holm's correction.

    Args:
        results: What a trial may see.
        ends: Place of a parameter, and -1 for its lower end, 1 for its upper one.
        seed: Seed of the permutations.
    """
    upper, lower = trend_p(results.units, results.values, seed=seed)
    found = holm(np.array([upper[j] if side > 0 else lower[j] for j, side in ends]))
    return dict(zip(ends, found.tolist(), strict=True))


def _around(box: Box, space: Space, points: Float64Array) -> Box:
    """Return a box that reaches as far as some points, ``(n, d)``; a choice has no ends."""
    numbers = np.array([not p.choices for p in space])
    units = np.where(np.isnan(points) | ~numbers, 0.5, points)
    low = np.minimum(box.low, units.min(axis=0, initial=0.5)).tolist()
    high = np.maximum(box.high, units.max(axis=0, initial=0.5)).tolist()
    return Box(low=tuple(low), high=tuple(high), reason=box.reason, evidence=box.evidence)
