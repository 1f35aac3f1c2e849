"""Optuna's distributions as parameters of a space, so that the search can read any Optuna study."""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from hpsearch.errors import StudyFileError
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, Parameter

Distribution: TypeAlias = FloatDistribution | IntDistribution | CategoricalDistribution
"""The distributions that Optuna has."""


@dataclass(frozen=True, slots=True)
class Coordinate:
    """A distribution of Optuna's, and the parameter that stands for it.

    Values on a grid (distributions with a ``step``) and categories are counted: the parameter is the place on
    the grid or among the categories.

    Attributes:
        distribution: The distribution.
        parameter: The parameter that the search works with.
    """

    distribution: Distribution
    parameter: Parameter

    def internal(self, value: Any) -> float:
        """Return a value of Optuna's as the parameter's internal one; NaN where it is out of range."""
        if not self.distribution._contains(self.distribution.to_internal_repr(value)):  # noqa: SLF001
            return math.nan
        if isinstance(self.distribution, CategoricalDistribution):
            return float(self.distribution.to_internal_repr(value))
        step = _step(self.distribution)
        return float(value) if step is None else float(round((value - self.distribution.low) / step))

    def external(self, internal: float) -> Any:
        """Return an internal value as Optuna's, of Python's own type."""
        if isinstance(self.distribution, CategoricalDistribution):
            return self.distribution.choices[int(internal)]
        step = _step(self.distribution)
        value = internal if step is None else self.distribution.low + internal * step
        if isinstance(self.distribution, IntDistribution):
            return round(value)
        return min(max(float(value), self.distribution.low), self.distribution.high)


def coordinates(distributions: Mapping[str, BaseDistribution]) -> list[Coordinate]:
    """Return the coordinates of distributions, in the order of their names.

    A distribution with one value, or with a range that the search refuses (such as an infinite one), is left
    out.
    """
    found = []
    for name, distribution in sorted(distributions.items()):
        if isinstance(distribution, Distribution) and not distribution.single():
            with suppress(StudyFileError):
                found.append(Coordinate(distribution, _parameter(name, distribution)))
    return found


def _parameter(name: str, distribution: Distribution) -> Parameter:
    if isinstance(distribution, CategoricalDistribution):
        return ChoiceParameter(name=name, choices=tuple(range(len(distribution.choices))))
    if (step := _step(distribution)) is not None:
        return IntParameter(name=name, low=0, high=round((distribution.high - distribution.low) / step))
    low, high, log = distribution.low, distribution.high, distribution.log
    if isinstance(distribution, IntDistribution):
        return IntParameter(name=name, low=int(low), high=int(high), log=log)
    return FloatParameter(name=name, low=float(low), high=float(high), log=log)


def _step(distribution: FloatDistribution | IntDistribution) -> float | None:
    """Return the width of a grid, or ``None`` for values that are their own coordinates."""
    if isinstance(distribution, IntDistribution):
        return None if distribution.step == 1 else distribution.step
    return distribution.step
