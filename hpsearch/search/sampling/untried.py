"""Finite spaces: which of their points a study has tried, and which are left."""

import math
from functools import cached_property
from itertools import product

import numpy as np

from hpsearch.search.history import History
from hpsearch.space import IntParameter, Parameter, Space
from hpsearch.types import BoolArray, Float64Array

POINTS_MOST = 100_000
"""A space of more points is never listed."""


def tried(points: Float64Array, internal: Float64Array) -> BoolArray:
    """Return which points, ``(n, d)``, are among the trials ``internal``, ``(n_trials, d)``, as ``(n,)``.

    A parameter that neither of two points has does not tell them apart.
    """
    found = np.zeros(len(points), np.bool_)
    for place, point in enumerate(points):
        same = (internal == point) | (np.isnan(internal) & np.isnan(point))
        found[place] = same.all(axis=1).any()
    return found


class FiniteSpace:
    """The points of a space of choices and whole numbers.

    Args:
        space: The space.
    """

    def __init__(self, space: Space) -> None:
        self._space = space

    @classmethod
    def of(cls, space: Space) -> "FiniteSpace | None":
        """Return the points of a space, or ``None`` where it has a real number."""
        return cls(space) if all(map(_levels, space)) else None

    @cached_property
    def points(self) -> tuple[tuple[float, ...], ...] | None:
        """All points in internal values, NaN where one is not active; ``None`` if too many to list."""
        levels = [_levels(parameter) for parameter in self._space]
        if math.prod(levels) > POINTS_MOST:
            return None
        lows = [p.low if isinstance(p, IntParameter) else 0 for p in self._space]
        columns = [range(low, low + n) for low, n in zip(lows, levels, strict=True)]
        # A parameter that is not active has no value, so that several combinations are one point.
        every = (self._space.point([float(value) for value in row].__getitem__) for row in product(*columns))
        return tuple(dict.fromkeys(every))

    def untried(self, seen: History) -> list[tuple[float, ...]] | None:
        """Return the points that no trial has, in order; ``None`` where there are too many to list."""
        if self.points is None:
            return None
        taken = {seen.point(number) for number in range(len(seen))}
        return [point for point in self.points if point not in taken]

    def used_up(self, seen: History) -> bool:
        """Return whether every point is among the trials."""
        return self.points is not None and len(seen) >= len(self.points) and not self.untried(seen)


def _levels(parameter: Parameter) -> int:
    """Return how many values a parameter has; 0 where it is a real number."""
    if isinstance(parameter, IntParameter):
        return parameter.high - parameter.low + 1
    return len(parameter.choices)
