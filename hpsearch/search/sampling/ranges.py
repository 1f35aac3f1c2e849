"""The ranges that trials are proposed in: what is open, and the box of the random rounds inside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from hpsearch.search.history import History
from hpsearch.search.sampling.box import (
    CHANCE,
    TOP_LEAST,
    Box,
    TopResults,
    narrowest_side,
    shrunk,
    side_evidence,
)
from hpsearch.search.sampling.opening import UNMOVED, Results, opened, presses, rises
from hpsearch.search.statistics import noise_sd
from hpsearch.space import Parameter, Space
from hpsearch.study_file import BOX_RESULTS

NARROW_RESULTS = 16
"""With fewer results than this no side narrows."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The trials before which ranges may change: more seldom, the longer a study is.

    Attributes:
        results: So many results can be seen by the first of them.
        least: Trials between two of them, at least.
        share: Between two of them lies at least one ``share``-th of the trials before.
    """

    results: int
    least: int
    share: int

    def after(self, number: int, *, parallelism: int) -> int:
        """Return the first of these trials above ``number``."""
        step = parallelism - 1 + self.results
        while step <= number:
            step += max(self.least, step // self.share)
        return step


OPENING = Steps(results=BOX_RESULTS, least=4, share=16)
"""Ranges open before these trials."""
NARROWING = Steps(results=NARROW_RESULTS, least=8, share=3)
"""The box of TPE moves before these trials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """The ranges that the trials from a number on are proposed in.

    Attributes:
        first: The first of those trials.
        opened: The open ranges.
        box: The box inside them that trials are proposed in.
        moved: Whether the box is another than before.
    """

    first: int = 0
    opened: Box
    box: Box
    moved: bool = False

    @classmethod
    def declared(cls, space: Space) -> "Ranges":
        """Return the declared ranges."""
        box = Box.declared(space)
        return cls(opened=box, box=box)

    def next(self, space: Space, seen: History, *, first: int, narrows: bool, seed: int) -> "Ranges":
        """Return the ranges from trial ``first`` on.

        Args:
            space: The search space.
            seen: What the trial may see.
            first: The trial.
            narrows: Whether the box may narrow before it.
            seed: Seed of the permutations.
        """
        results = Results.of(space, seen)
        found = opened(self.opened, space, results, seed=seed)
        box = self._followed(found)
        if narrows:
            box = _next_box(box, found, space, seen, results=results, seed=seed)
        moved = (box.low, box.high) != (self.box.low, self.box.high)
        return Ranges(first=first, opened=found, box=box, moved=moved)

    def _followed(self, found: Box) -> Box:
        """Return the box, with each end moved along that stood at an end of the open ranges."""
        low, high = list(self.box.low), list(self.box.high)
        for j in range(len(low)):
            if self.box.low[j] == self.opened.low[j]:
                low[j] = found.low[j]
            if self.box.high[j] == self.opened.high[j]:
                high[j] = found.high[j]
        return replace(
            self.box, low=tuple(low), high=tuple(high), reason=found.reason, evidence=found.evidence
        )


def _next_box(  # noqa: PLR0913 - the box, what is open, and the results that decide
    box: Box, found: Box, space: Space, seen: History, *, results: Results, seed: int
) -> Box:
    """Return the box of the next round.

    A side narrows as ``next_box`` has it, with at least 16 results, and never at an end that the best press.
    An end that they press, where chance does not explain it, moves out again inside the open ranges.
    """
    n, opens = len(results), "" if found.reason == UNMOVED else f"{found.reason}; "
    if n < NARROW_RESULTS:
        return replace(box, reason=f"{opens}kept: {n} results, {NARROW_RESULTS} needed")
    top = TopResults.of(results.units, results.values, noise=noise_sd(seen), seed=seed)
    numbers = [j for j, parameter in enumerate(space) if not parameter.choices]
    chance = rises(results, [(j, end) for j in numbers for end in (-1, 1)], seed=seed)
    low, high, words = list(box.low), list(box.high), []
    for j in numbers:
        pressed = {end: presses(results, box, j, end) for end in (-1, 1)}
        rising = {end: pressed[end] and chance[j, end] < CHANCE for end in pressed}
        low[j], high[j] = _side(space.parameters[j], j, box, top, pressed=pressed)
        step = _step(space.parameters[j], box.high[j] - box.low[j])
        if rising[-1]:
            low[j] = max(box.low[j] - step, found.low[j])
        if rising[1]:
            high[j] = min(box.high[j] + step, found.high[j])
        inward = low[j] > box.low[j] or high[j] < box.high[j]
        outward = low[j] < box.low[j] or high[j] > box.high[j]
        verbs = ["narrowed"] * inward + ["widened"] * outward
        words += [f"{space.parameters[j].name} {' and '.join(verbs)}"] if verbs else []
    reason = f"{opens}top {len(top.units)} of {n} results: " + (", ".join(words) or "nothing to narrow")
    evidence = {parameter.name: side_evidence(parameter, box, top, j) for j, parameter in enumerate(space)}
    return Box(low=tuple(low), high=tuple(high), reason=reason, evidence=evidence)


def _side(
    parameter: Parameter, j: int, box: Box, top: TopResults, *, pressed: Mapping[int, bool]
) -> tuple[float, float]:
    """Return the ends of a side after it has narrowed, where it does; a pressed end stays."""
    low, high = box.low[j], box.high[j]
    column = top.units[:, j]
    column = column[~np.isnan(column)]
    if len(column) < TOP_LEAST or not top.narrower(j):
        return low, high
    new_low, new_high = shrunk(low, high, column, narrowest=narrowest_side(parameter))
    return low if pressed[-1] else new_low, high if pressed[1] else new_high


def _step(parameter: Parameter, width: float) -> float:
    """Return how far an end moves out: a decade, or half of the side where it is not logarithmic."""
    return 1 / parameter.decades if parameter.widens else width / 2
