"""The tree-structured Parzen estimator: it proposes where good trials are dense and bad ones rare."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.special import ndtr, ndtri

from hpsearch.search.extrapolation import final_values, judged_values
from hpsearch.search.history import History, TrialState
from hpsearch.search.rows import RowMemory
from hpsearch.search.sampling.box import Box
from hpsearch.search.sampling.untried import tried
from hpsearch.space import Space, in_space
from hpsearch.types import BoolArray, Float64Array, IntArray

STARTUP = 10
"""Results that TPE needs before it proposes."""
GOOD_SHARE = 0.15
"""Share of the results that count as good."""
GOOD_MOST = 25
"""Results that count as good, at most: with thousands of trials only the very best make the good density."""
CANDIDATES = 24
"""Points drawn from the good density; the best of them is proposed."""
REDRAWS = 8
"""Times that candidates are drawn where all of them were tried."""
NARROWEST = 0.1
"""Least width of a kernel, of the declared range: narrower ones chase noise (see docs/decisions)."""
BAD_MOST = 1000
"""Settled results of the bad density in a study of version 3, at most: a proposal then costs no more with
10,000 trials than with 2,000."""
BLOCK = 512
"""Kernels that are summed at a time, so that they stay in the processor's cache."""
FINEST = 100
"""No kernel is narrower than the range divided by this."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Frame:
    """The ranges that TPE looks at: 0..1 in its coordinates.

    Attributes:
        low: Lower ends in unit coordinates, ``(d,)``.
        width: Widths in unit coordinates, ``(d,)``.
        floor: Least widths of kernels in coordinates of the frame, ``(d,)``.
    """

    low: Float64Array
    width: Float64Array
    floor: Float64Array

    @classmethod
    def outer(cls, space: Space) -> "Frame":
        """Return the widened ranges."""
        margins = np.array([parameter.margin for parameter in space])
        return cls(low=-margins, width=1 + 2 * margins, floor=NARROWEST / (1 + 2 * margins))

    @classmethod
    def of(cls, box: Box) -> "Frame":
        """Return the ranges of a box."""
        low = np.array(box.low)
        return cls(low=low, width=np.array(box.high) - low, floor=np.full(len(low), NARROWEST))

    def inside(self, space: Space, internal: Float64Array) -> BoolArray:
        """Return which points lie in the ranges, ``(n,)``."""
        points = self.coordinates(space, internal)
        return np.asarray(((points > -_ROUNDING) & (points < 1 + _ROUNDING) | np.isnan(points)).all(axis=1))

    def coordinates(self, space: Space, internal: Float64Array) -> Float64Array:
        """Return internal values as coordinates, ``(n, d)``."""
        return np.asarray((space.to_unit(internal) - self.low) / self.width)

    def points(self, space: Space, coordinates: Float64Array) -> Float64Array:
        """Return the internal values at coordinates, ``(n, d)``."""
        return space.from_units(np.asarray(coordinates * self.width + self.low))


def ask(  # noqa: PLR0913 - the state of a search, and what newer studies do besides
    space: Space,
    seen: History,
    *,
    seed: int,
    bad_most: int | None = None,
    box: Box | None = None,
    once: bool = False,
    memory: RowMemory | None = None,
) -> tuple[float, ...] | None:
    """Return the internal parameters that the next trial tries.

    Points live in coordinates of one box. Every earlier trial in it counts, whichever stage proposed it. The
    best share of the results makes one density, ``l``. The rest make another, ``g``, together with all
    trials under way: these count as bad (a constant liar), so that trials in flight spread out. Of 24 points
    drawn from ``l`` the one with the largest ``l / g`` is proposed. Each density is a mixture of product
    kernels, one a trial and one over the whole range: a truncated normal for numbers, as wide as the
    distance to the farther neighbour; a share on top of an even spread for choices. A parameter that a
    trial does not have is spread over its whole range in that trial's kernel.

    Args:
        space: The search space.
        seen: What the trial may see.
        seed: The proposal's own seed.
        bad_most: Of more results that are not good only so many count, spread evenly over their numbers;
            ``None`` counts all.
        box: The ranges that TPE looks at: what lies outside has no density and is not proposed; and trials
            that have failed count as bad. ``None``, in studies before version 3, is all of the widened
            range, and trials without a value do not count.
        once: Whether no point is proposed that was tried before.
        memory: What it remembers of a shorter history; it changes no answer.

    Returns:
        The parameters, or ``None`` while there are fewer than 10 results, or where all candidates were tried.

    Source: J. Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011, section 4 (TPE);
    S. Falkner et al., "BOHB", 2018 (joint kernels); S. Watanabe, "Tree-Structured Parzen Estimator", 2023
    (the 0.15, uniform weights, neighbour distances as widths, a least width).
    """
    frame = Frame.outer(space) if box is None else Frame.of(box)
    values = final_values(seen) if box is None else judged_values(seen)
    usable = (memory or RowMemory()).of((space, box), seen.internal, partial(_usable, space, frame, box))
    parts = _good_and_bad(seen, values, usable, bad_most=bad_most)
    if parts is None:
        return None
    good, bad = (
        _Density.of(space, frame.coordinates(space, seen.internal[those]), floor=frame.floor)
        for those in parts
    )
    rng = np.random.Generator(np.random.PCG64(seed))
    points = frame.points(space, good.draw(rng, CANDIDATES))
    if once:
        points = _new(points, seen, lambda: frame.points(space, good.draw(rng, CANDIDATES)))
        if not len(points):
            return None
    # Whole numbers and choices were rounded on the way to points: the densities are taken where they lie now.
    candidates = frame.coordinates(space, points)
    chosen = points[int(np.argmax(good.log(candidates) - bad.log(candidates)))]
    return tuple(math.nan if math.isnan(value) else value for value in chosen.tolist())


def _usable(space: Space, frame: Frame, box: Box | None, internal: Float64Array) -> BoolArray:
    """Return which trials count, ``(n,)``: those in the box, where there is one."""
    # A trial that another program put into the study may be no point of the space.
    usable = in_space(space, internal)
    if box is not None:
        usable[usable] = frame.inside(space, internal[usable])
    return usable


def _new(points: Float64Array, seen: History, draw: Callable[[], Float64Array]) -> Float64Array:
    """Return the candidates that no trial has; where all were tried, candidates are drawn anew."""
    for _ in range(REDRAWS):
        found = points[~tried(points, seen.internal)]
        if len(found):
            return found
        points = draw()
    return points[:0]


def _good_and_bad(
    seen: History, values: Float64Array, usable: BoolArray, *, bad_most: int | None
) -> tuple[IntArray, IntArray] | None:
    """Return the numbers of the trials of the two densities; ``None`` while there are too few results."""
    numbers = np.flatnonzero(~np.isnan(values) & usable)
    n_valued = int(np.count_nonzero(~np.isnan(seen.values[numbers])))
    if len(numbers) < STARTUP or not n_valued:
        return None
    n_good = min(math.ceil(GOOD_SHARE * len(numbers)), GOOD_MOST, n_valued)
    # Kernels stand in the order of numbers, which does not depend on the values.
    best = _best(values[numbers], n_good)
    n_rest = len(numbers) - n_good
    if bad_most is not None and n_rest > bad_most:
        places = np.linspace(0, n_rest - 1, bad_most).astype(np.int64)
        # A place among the rest is as much lower as there are good ones before it.
        rest = numbers[places + np.searchsorted(best - np.arange(n_good), places, side="right")]
    else:
        rest = np.delete(numbers, best)
    # Trials under way count as bad, so that trials in flight spread out.
    return numbers[best], np.concatenate([rest, np.flatnonzero((seen.states == TrialState.RUNNING) & usable)])


def _best(values: Float64Array, n: int) -> IntArray:
    """Return the places of the ``n`` highest values, ascending, ``(n,)``; of equals the earlier ones."""
    least = np.partition(values, len(values) - n)[len(values) - n]
    above = np.flatnonzero(values > least)
    equal = np.flatnonzero(values == least)
    return np.sort(np.concatenate([above, equal[: n - len(above)]]))


@dataclass(frozen=True, slots=True)
class _Density:
    """A mixture of product kernels in coordinates of a frame; the last kernel covers the whole range.

    Attributes:
        levels: Number of choices of each parameter, 0 for a number, ``(d,)``.
        centers: ``(kernels, d)``; NaN where a trial does not have the parameter.
        widths: Standard deviations, ``(kernels, d)``.
    """

    levels: IntArray
    centers: Float64Array
    widths: Float64Array

    @classmethod
    def of(cls, space: Space, points: Float64Array, *, floor: Float64Array) -> "_Density":
        """Return the density around points in coordinates of a frame, ``(n, d)``."""
        levels = np.array([len(p.choices) for p in space])
        centers = np.vstack([points, np.full(len(space), np.nan)])
        # With few kernels a width is at least one over their number.
        least = np.maximum(floor, 1 / min(FINEST, 1 + len(centers)))
        return cls(levels, centers, _widths(centers, least))

    def draw(self, rng: np.random.Generator, n: int) -> Float64Array:
        """Return points drawn from the density, ``(n, d)``."""
        kernels = rng.integers(len(self.centers), size=n)
        u = rng.random((n, len(self.levels)))
        means = [self._mean(j) for j in range(len(self.levels))]
        centers, widths = np.stack(means, axis=1)[kernels], self.widths[kernels]
        # A normal truncated to 0..1, drawn by its inverse distribution function.
        low, high = ndtr((0 - centers) / widths), ndtr((1 - centers) / widths)
        points = np.clip(centers + widths * ndtri(low + u * (high - low)), 0, np.nextafter(1, 0))
        for j, levels in enumerate(self.levels):
            if levels:
                points[:, j] = self._draw_choice(j, kernels, u[:, j])
        return np.asarray(points)

    def log(self, points: Float64Array) -> Float64Array:
        """Return the logarithm of the density at points, ``(n, d)`` to ``(n,)``; NaN is left out."""
        n = len(self.centers)
        # By blocks that stay in the cache: with thousands of kernels most of the time goes into memory.
        parts = [self._log_sum(slice(k, k + BLOCK), points) for k in range(0, n, BLOCK)]
        return np.asarray(np.logaddexp.reduce(parts) - math.log(n))

    def _log_sum(self, kernels: slice, points: Float64Array) -> Float64Array:
        """Return the logarithm of the sum of some kernels at points, ``(n,)``."""
        total = np.zeros((len(points), len(self.centers[kernels])))
        for j, levels in enumerate(self.levels):
            log_kernels = self._log_choice if levels else self._log_number
            there = ~np.isnan(points[:, j])
            if there.all():
                total += log_kernels(j, kernels, points[:, j])
            else:
                total[there] += log_kernels(j, kernels, points[there, j])
        highest = total.max(axis=1)  # taken out before exp, which would underflow
        total -= highest[:, None]
        return np.asarray(highest + np.log(np.exp(total, out=total).sum(axis=1)))

    def _log_number(self, j: int, kernels: slice, column: Float64Array) -> Float64Array:
        """Return the logarithm of kernels along a number, ``(n, kernels)``."""
        center, width = self._mean(j)[kernels], self.widths[kernels, j]
        mass = ndtr((1 - center) / width) - ndtr((0 - center) / width)
        scale = math.sqrt(2 * math.pi) * width * mass
        # In place, because most of the time goes into memory.
        z = column[:, None] - center
        z /= width
        z *= z
        z *= -0.5
        z -= np.log(scale)
        return np.asarray(z)

    def _mean(self, j: int) -> Float64Array:
        """Return the centers of a coordinate, ``(kernels,)``; the middle of the range where there is none."""
        return np.where(np.isnan(self.centers[:, j]), 0.5, self.centers[:, j])

    def _shares(self, j: int, kernels: IntArray | slice) -> Float64Array:
        """Return the probability of each choice in some kernels, ``(kernels, levels)``."""
        levels, centers = int(self.levels[j]), self.centers[kernels, j]
        # An even share for every choice, and 1 more for the trial's own.
        spread = np.full((len(centers), levels), 1 / len(self.centers))
        has = np.flatnonzero(~np.isnan(centers))
        spread[has, (centers[has] * levels).astype(np.int64)] += 1
        return np.asarray(spread / spread.sum(axis=1, keepdims=True))

    def _draw_choice(self, j: int, kernels: IntArray, u: Float64Array) -> Float64Array:
        below = np.cumsum(self._shares(j, kernels), axis=1)
        levels = int(self.levels[j])
        return np.asarray((np.minimum((below < u[:, None]).sum(axis=1), levels - 1) + 0.5) / levels)

    def _log_choice(self, j: int, kernels: slice, column: Float64Array) -> Float64Array:
        """Return the logarithm of kernels along a choice, ``(n, kernels)``."""
        level = (column * self.levels[j]).astype(np.int64)
        return np.asarray(np.log(self._shares(j, kernels)[:, level].T))


def _widths(centers: Float64Array, least: Float64Array) -> Float64Array:
    """Return the widths of kernels, ``(kernels, d)``: the distance to the farther of two neighbours."""
    widths = np.ones_like(centers)
    for j in range(centers.shape[1]):
        has = np.flatnonzero(~np.isnan(centers[:, j]))
        # Neighbours are also the middle of the range, where its own kernel stands, and both ends.
        places = np.append(centers[has, j], 0.5)
        order = np.argsort(places, kind="stable")
        gaps = np.diff(np.concatenate([[0.0], places[order], [1.0]]))
        farther = np.empty(len(places))
        farther[order] = np.maximum(gaps[:-1], gaps[1:])
        widths[has, j] = np.clip(farther[:-1], least[j], 1.0)
    return widths
