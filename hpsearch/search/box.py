"""The box that a random round draws from, and how it follows the good results."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hpsearch.search.history import History
from hpsearch.spec import ChoiceParameter, FloatParameter, Parameter, Space
from hpsearch.types import Float64Array

TOP_SHARE = 0.25
"""Share of the results whose parameters say where the good values lie."""
TOP_LEAST = 5
"""But at least so many: fewer points have no quantiles worth the name."""
RESULTS_LEAST = 8
"""With fewer results than this a round keeps the box before it."""
QUANTILES = (0.1, 0.9)
EDGE = 0.1
"""Outer share of a side where the two best must lie for it to widen."""
NARROWEST_DECADES = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box in unit coordinates, one side a parameter.

    Attributes:
        low: Lower ends; 0 is the declared range's, below 0 lies the widened one.
        high: Upper ends; 1 is the declared range's, above 1 lies the widened one.
        reason: One sentence: why the box is what it is.
        evidence: Parameter -> name -> number, such as a p-value, that the box was decided by; all finite.
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


def next_box(box: Box, space: Space, seen: History) -> Box:
    """Return the box after ``box``, moved by the results that a round's first trial may see.

    Each side becomes the 10 % to 90 % quantiles of the top quarter, padded by half that width on each
    side, at most halved, and never leaves the side before it; a side that both of the two best
    press against (its outer tenth) moves out by one decade instead, within the outer space.
    """
    numbers = seen.valued
    if len(numbers) < RESULTS_LEAST:
        return Box(low=box.low, high=box.high, reason=f"kept: {len(numbers)} results, {RESULTS_LEAST} needed")
    n_top = max(TOP_LEAST, math.ceil(TOP_SHARE * len(numbers)))
    order = np.argsort(-seen.values[numbers], kind="stable")
    top = space.to_unit(seen.internal[numbers[order[:n_top]]])
    sides = [
        _next_side(parameter, low, high, top[~np.isnan(top[:, j]), j])
        for j, (parameter, low, high) in enumerate(zip(space, box.low, box.high, strict=True))
    ]
    words = [f"{p.name} {verb}" for p, (_, _, verb) in zip(space, sides, strict=True) if verb]
    reason = f"top {n_top} of {len(numbers)} results: " + (", ".join(words) or "nothing to narrow")
    return Box(low=tuple(s[0] for s in sides), high=tuple(s[1] for s in sides), reason=reason)


def _next_side(parameter: Parameter, low: float, high: float, top: Float64Array) -> tuple[float, float, str]:
    """Return the new ends of one side and what happened to it, from the top set, best first.

    A conditional parameter has a value in a part of the top set only; where that part is too small, its side
    stays.
    """
    if isinstance(parameter, ChoiceParameter) or len(top) < TOP_LEAST:
        return low, high, ""
    new_low, new_high = _shrunk(low, high, top, narrowest=_narrowest(parameter))
    step = 1 / parameter.decades if isinstance(parameter, FloatParameter) and parameter.log else 0.0
    edge = EDGE * (high - low)
    verbs = []
    if step and parameter.margin > -low and np.all(top[:2] < low + edge):
        new_low = max(low - step, -parameter.margin)
        verbs.append("widened below")
    if step and 1 + parameter.margin > high and np.all(top[:2] > high - edge):
        new_high = min(high + step, 1 + parameter.margin)
        verbs.append("widened above")
    if new_high - new_low < high - low and not verbs:
        verbs.append("narrowed")
    return new_low, new_high, " and ".join(verbs)


def _shrunk(low: float, high: float, top: Float64Array, *, narrowest: float) -> tuple[float, float]:
    """Return padded quantiles of the top set inside a side, at least half as wide as it."""
    q_low, q_high = (float(q) for q in np.quantile(top, QUANTILES))
    pad = (q_high - q_low) / 2
    width = max(q_high - q_low + 2 * pad, (high - low) / 2, narrowest)
    if width >= high - low:
        return low, high
    middle = (q_low + q_high) / 2
    new_low = min(max(middle - width / 2, low), high - width)
    return new_low, min(new_low + width, high)


def _narrowest(parameter: Parameter) -> float:
    """Return the least width of a side in unit coordinates: half a decade where it is logarithmic."""
    if isinstance(parameter, FloatParameter) and parameter.log:
        return min(1.0, NARROWEST_DECADES / parameter.decades)
    return 0.1
