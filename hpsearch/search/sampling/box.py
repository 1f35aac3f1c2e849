"""The box that a random round draws from, and its moves towards the good results."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hpsearch.search.extrapolation import final_values
from hpsearch.search.history import History
from hpsearch.search.statistics import holm, noise_sd, spread_p
from hpsearch.space import Parameter, Space, in_space
from hpsearch.study_file import BOX_RESULTS
from hpsearch.types import Float64Array, IntArray

TOP_SHARE = 0.25
"""Share of the results that are the top set, whose parameters show where good values lie."""
TOP_LEAST = 5
"""Least size of the top set: the quantiles of fewer points are too uncertain."""
QUANTILES = (0.1, 0.9)
"""A side shrinks to these quantiles of the top set, padded."""
EDGE = 0.1
"""Outer share of a side where the best must lie for the side to widen."""
EDGE_SHARE = 1 / 3
"""Share of the top set that must lie in the outer share, unless the two best do."""
NARROWEST_DECADES = 0.5
"""Least width of a logarithmic side."""
CHANCE = 0.05
"""Level of the permutation test: a side narrows only where its p-value is below."""
GAP_LEAST = 2.0
"""A side narrows only when the top set is better than the rest by so many deviations of the noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box in unit coordinates, one side a parameter.

    Attributes:
        low: Lower ends; 0 is the declared range's, below 0 lies the widened one.
        high: Upper ends; 1 is the declared range's, above 1 lies the widened one.
        reason: A sentence that says why the box has these ends.
        evidence: Parameter -> named numbers: ``p``, the probability that a random top set lies so close
            together (Holm's, over all parameters); ``gap``, how much better the top set is than the rest, in
            standard deviations of the noise, where the noise is known; ``below`` and ``above``, the shares
            of the top set at the lower and the upper edge.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    reason: str
    evidence: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for parameter, numbers in self.evidence.items():
            for name, number in numbers.items():
                if not math.isfinite(number):
                    raise ValueError(
                        f"evidence of {parameter}: expected {name} to be finite, found {number}; leave it out"
                    )

    @classmethod
    def declared(cls, space: Space) -> "Box":
        """Return the box of the declared ranges."""
        n = len(space)
        return cls(low=(0.0,) * n, high=(1.0,) * n, reason="the declared ranges")


@dataclass(frozen=True, slots=True, kw_only=True)
class TopResults:
    """The top set, and the evidence that it is more than luck.

    Attributes:
        units: Its unit coordinates, best first, ``(n_top, n_parameters)``.
        chance: For each parameter Holm's p-value of its spread.
        gap: Its mean minus the mean of the rest, in standard deviations of the noise; NaN where the noise is
            not known.
    """

    units: Float64Array
    chance: Float64Array
    gap: float

    @classmethod
    def of(cls, units: Float64Array, values: Float64Array, *, noise: float, seed: int) -> "TopResults":
        """Return the top quarter of results.

        Args:
            units: Unit coordinates of the results, best first, ``(n, d)``.
            values: Their values, ``(n,)``.
            noise: Standard deviation of the noise; NaN where it is not known.
            seed: Seed of the permutations.
        """
        n_top = max(TOP_LEAST, math.ceil(TOP_SHARE * len(values)))
        best, rest = values[:n_top], values[n_top:]
        return cls(
            units=units[:n_top],
            chance=holm(spread_p(units, n_top, seed=seed)),
            gap=float(best.mean() - rest.mean()) / noise if len(rest) and noise > 0 else math.nan,
        )

    def narrower(self, j: int) -> bool:
        """Return whether the top set is narrower in a coordinate than chance and noise explain."""
        return bool(self.chance[j] < CHANCE) and not self.gap < GAP_LEAST  # an unknown gap is no objection


def next_box(box: Box, space: Space, seen: History, *, seed: int) -> Box:
    """Return the box after ``box``, moved by the results that a round's first trial may see.

    A side becomes the 10 % to 90 % quantiles of the top quarter, padded by half that width at both ends. It
    is at most halved, and stays inside the side before it. It shrinks only where the top set lies closer
    together than by chance (a permutation test over which results are the top ones, Holm's correction over
    the parameters, 5 %) and is better than the rest by more than twice the noise. Where both of the two best,
    or a third of the top set, lie in the outer tenth of a side, that end moves out by one decade instead,
    within the outer space.

    Args:
        box: The box before.
        space: The search space.
        seen: What the round's first trial may see.
        seed: Seed of the permutations.

    Source: R. A. Fisher, "The Design of Experiments", 1935 (permutation); S. Holm, "A simple sequentially
    rejective multiple test procedure", 1979.
    """
    n = len(_results(space, seen))
    if n < BOX_RESULTS:
        return Box(low=box.low, high=box.high, reason=f"kept: {n} results, {BOX_RESULTS} needed")
    values, numbers = final_values(seen), _results(space, seen)
    order = numbers[np.argsort(-values[numbers], kind="stable")]
    units = space.to_unit(seen.internal[order])
    top = TopResults.of(units, values[order], noise=noise_sd(seen), seed=seed)
    sides = [
        _next_side(parameter, box.low[j], box.high[j], top=top, j=j) for j, parameter in enumerate(space)
    ]
    words = [f"{p.name} {verb}" for p, (_, _, verb) in zip(space, sides, strict=True) if verb]
    reason = f"top {len(top.units)} of {n} results: " + (", ".join(words) or "nothing to narrow")
    return Box(
        low=tuple(s[0] for s in sides),
        high=tuple(s[1] for s in sides),
        reason=reason,
        evidence={p.name: side_evidence(p, box, top, j) for j, p in enumerate(space)},
    )


def _results(space: Space, seen: History) -> IntArray:
    """Return the numbers of the trials that have a value and are points of the space."""
    return seen.valued[in_space(space, seen.internal[seen.valued])]


def _next_side(
    parameter: Parameter, low: float, high: float, *, top: TopResults, j: int
) -> tuple[float, float, str]:
    """Return the new ends of one side, and words for its move: empty, "narrowed" or "widened ...".

    A conditional parameter has a value only in a part of the top set; where that part is too small, its side
    stays.
    """
    column = top.units[:, j]
    column = column[~np.isnan(column)]
    if parameter.kind == "choice" or len(column) < TOP_LEAST:
        return low, high, ""
    new_low, new_high = low, high
    if top.narrower(j):
        new_low, new_high = shrunk(low, high, column, narrowest=narrowest_side(parameter))
    # An end that the best press against moves out by a decade, even where the side has just shrunk: that
    # end is then replaced, so that a good region at the edge is never cut off.
    step = 1 / parameter.decades if parameter.widens else 0.0
    below, above = (
        share > EDGE_SHARE or of_two_best == 1
        for share, of_two_best in zip(
            at_edges(column, low, high), at_edges(column[:2], low, high), strict=True
        )
    )
    verbs = []
    if step and parameter.margin > -low and below:
        new_low = max(low - step, -parameter.margin)
        verbs.append("widened below")
    if step and 1 + parameter.margin > high and above:
        new_high = min(high + step, 1 + parameter.margin)
        verbs.append("widened above")
    if new_high - new_low < high - low and not verbs:
        verbs.append("narrowed")
    return new_low, new_high, " and ".join(verbs)


def at_edges(column: Float64Array, low: float, high: float) -> tuple[float, float]:
    """Return the shares of coordinates in the lower and the upper outer tenth of a side, or beyond."""
    edge = EDGE * (high - low)
    return float(np.mean(column < low + edge)), float(np.mean(column > high - edge))


def side_evidence(parameter: Parameter, box: Box, top: TopResults, j: int) -> dict[str, float]:
    """Return the numbers that decide a side of the box after ``box``, as ``Box.evidence`` has them."""
    if parameter.kind == "choice":
        return {}
    column = top.units[:, j]
    column = column[~np.isnan(column)]
    if not len(column):
        return {}
    below, above = at_edges(column, box.low[j], box.high[j])
    numbers = {"p": float(top.chance[j]), "gap": top.gap, "below": below, "above": above}
    return {name: value for name, value in numbers.items() if not math.isnan(value)}


def shrunk(low: float, high: float, top: Float64Array, *, narrowest: float) -> tuple[float, float]:
    """Return padded quantiles of the top set inside a side, at least half as wide as it."""
    q_low, q_high = (float(q) for q in np.quantile(top, QUANTILES))
    pad = (q_high - q_low) / 2
    width = max(q_high - q_low + 2 * pad, (high - low) / 2, narrowest)
    if width >= high - low:
        return low, high
    middle = (q_low + q_high) / 2
    new_low = min(max(middle - width / 2, low), high - width)
    return new_low, min(new_low + width, high)


def narrowest_side(parameter: Parameter) -> float:
    """Return the least width of a side in unit coordinates: half a decade where it is logarithmic."""
    if parameter.widens:
        return min(1.0, NARROWEST_DECADES / parameter.decades)
    return 0.1
