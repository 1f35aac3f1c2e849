"""The search space: parameters, their unit coordinates and their Optuna distributions.

A value has three forms. The *external* one is what a model is built with (``0.01``, ``32``, ``"relu"``). The
*internal* one is the float that Optuna stores (a category is its index). The *unit* one is where the search
works: 0..1 over a parameter's own range, on a log scale where the parameter has one, and below 0 or above 1
in the widened range around it. A parameter that is not there, because its conditions do not hold, is left out
of the external form and NaN in the other two.
"""

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from hpsearch.space.bounds import Value, distribution_json, expect_bounds
from hpsearch.space.checks import EXACT, expect
from hpsearch.space.choice import ChoiceParameter
from hpsearch.space.conditions import Condition, Needs, Rule, in_order, needs, rules
from hpsearch.space.mirrored import MirroredParameter
from hpsearch.types import BoolArray, Float64Array

_DECADES = 300
_WIDEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatParameter:
    """A real number.

    Attributes:
        name: The parameter's name.
        low: Lower end of the declared range.
        high: Upper end of the declared range, above ``low``.
        log: Whether the range is uniform in the logarithm; then ``low`` is above 0.
        widen: Decades that a log range may grow on each side, 0 to 10; 0 for any other range.
    """

    name: str
    low: float
    high: float
    log: bool = False
    widen: int = 0

    def __post_init__(self) -> None:
        _expect_range(self)
        expect(math.isfinite(self.high - self.low), "high", "a range of finite width", self.high)
        expect(0 <= self.widen <= _WIDEST, "widen", f"0 to {_WIDEST} decades", self.widen)
        expect(self.log or self.widen == 0, "widen", "0, because log is not true", self.widen)
        if self.log:
            self._expect_decades()

    def _expect_decades(self) -> None:
        decades = math.log10(self.high / self.low) if math.isfinite(self.high / self.low) else math.inf
        expect(decades > 0, "low", "a range that is wider than rounding", self.low)
        whole = decades + 2 * self.widen
        expect(whole <= _DECADES, "high", f"at most {_DECADES} decades, widened, above low", self.high)
        low, high = self.outer
        expect(low >= sys.float_info.min, "low", "a bound that is above 1e-307 when widened", self.low)
        expect(math.isfinite(high), "high", "a bound that is below 1e308 when widened", self.high)

    @property
    def outer(self) -> tuple[float, float]:
        """The widened range: what the parameter may ever be, and what Optuna is told."""
        if not self.log:
            return self.low, self.high
        return self.low / 10**self.widen, self.high * 10**self.widen

    @property
    def decades(self) -> float:
        """The declared range in decades, or 0 when it is not logarithmic."""
        return math.log10(self.high / self.low) if self.log else 0.0

    @property
    def margin(self) -> float:
        """How far the outer range reaches past the declared one on each side, in unit coordinates."""
        return self.widen / self.decades if self.log else 0.0

    def from_unit(self, unit: float) -> float:
        """Return the internal value at a unit coordinate, kept inside the outer range."""
        low, high = self.outer
        if self.log:
            value = self.low * 10 ** (unit * self.decades)
        else:
            value = self.low + unit * (self.high - self.low)
        return min(max(value, low), high)

    def to_unit(self, internal: Float64Array) -> Float64Array:
        """Return the unit coordinates of internal values, ``(n,)``."""
        if self.log:
            return np.log10(internal / self.low) / self.decades
        return (internal - self.low) / (self.high - self.low)

    def external(self, internal: float) -> Value:
        """Return the value as the model sees it."""
        return float(internal)

    def internal(self, external: Value) -> float:
        """Return the value as Optuna stores it."""
        return float(external)

    def distribution(self) -> str:
        """Return the JSON that Optuna stores for this parameter."""
        low, high = self.outer
        return distribution_json("FloatDistribution", step=None, low=low, high=high, log=self.log)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntParameter:
    """A whole number.

    Attributes:
        name: The parameter's name.
        low: Smallest value.
        high: Largest value, above ``low``; both at most ``2**53`` in size.
        log: Whether the range is uniform in the logarithm; then ``low`` is above 0.
    """

    name: str
    low: int
    high: int
    log: bool = False

    def __post_init__(self) -> None:
        _expect_range(self)
        for key, bound in (("low", self.low), ("high", self.high)):
            expect(abs(bound) <= EXACT, key, "a whole number of at most 2**53 in size", bound)

    @property
    def margin(self) -> float:
        """Ranges of whole numbers are not widened."""
        return 0.0

    def from_unit(self, unit: float) -> float:
        """Return the internal value at a unit coordinate: each whole number owns an equal share."""
        low, high = self._edges()
        value = low * (high / low) ** unit if self.log else low + unit * (high - low)
        return float(min(max(round(value), self.low), self.high))

    def to_unit(self, internal: Float64Array) -> Float64Array:
        """Return the unit coordinates of internal values, ``(n,)``."""
        low, high = self._edges()
        if self.log:
            return np.log(internal / low) / math.log(high / low)
        return (internal - low) / (high - low)

    def _edges(self) -> tuple[float, float]:
        return self.low - 0.5, self.high + 0.5

    def external(self, internal: float) -> Value:
        """Return the value as the model sees it."""
        return int(internal)

    def internal(self, external: Value) -> float:
        """Return the value as Optuna stores it."""
        return float(external)

    def distribution(self) -> str:
        """Return the JSON that Optuna stores for this parameter."""
        return distribution_json("IntDistribution", step=1, low=self.low, high=self.high, log=self.log)


Parameter: TypeAlias = FloatParameter | MirroredParameter | IntParameter | ChoiceParameter


@dataclass(frozen=True, slots=True)
class Space:
    """The parameters of a study, in the order of the study file, and the conditions of some.

    Where a parameter's conditions do not hold, it is not active: it has no value. In arrays and tuples NaN
    stands in its place, always as the same object ``math.nan`` in tuples, so that equal points are equal.

    Attributes:
        parameters: The parameters, at least one, with different names.
        conditions: When they are active; those without a condition always are.
    """

    parameters: tuple[Parameter, ...]
    conditions: tuple[Condition, ...] = ()
    _rules: tuple[Rule, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        expect(self.parameters, "", "at least one parameter, such as lr = { low = 1e-5, high = 1e-1 }", None)
        expect(len(set(self.names)) == len(self), "", "parameters of different names", list(self.names))
        choices = {p.name: p for p in self.parameters if isinstance(p, ChoiceParameter)}
        put = object.__setattr__
        put(self, "conditions", in_order(self.conditions, self.names, choices))
        put(self, "_rules", rules(self.names, choices, self.conditions))

    def __len__(self) -> int:
        return len(self.parameters)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def needs(self) -> Mapping[str, Needs]:
        """Name -> all that must hold for a parameter to be active: choice -> the values it may have."""
        return needs(self.names, self.conditions)

    def active(self, internal: Float64Array) -> BoolArray:
        """Return which parameters are active at internal values, ``(n, n_parameters)`` to the same shape.

        Where a choice has no value, what depends on it is not active.
        """
        active = np.ones(internal.shape, np.bool_)
        for j, taken in self._rules:
            for k, indices in taken:
                active[:, j] &= active[:, k] & np.isin(internal[:, k], indices)
        return active

    def point(self, value_of: Callable[[int], float]) -> tuple[float, ...]:
        """Return a point: NaN where a parameter is not active, and what a function says of the others.

        Args:
            value_of: Place of an active parameter -> its internal value, choices before what depends on them.
        """
        values = [math.nan] * len(self)
        for j, taken in self._rules:
            if all(values[k] in indices for k, indices in taken):
                values[j] = value_of(j)
        return tuple(values)

    def from_unit(self, unit: Float64Array) -> tuple[float, ...]:
        """Return the internal values at unit coordinates, ``(n_parameters,)``.

        Coordinates of parameters that are not active there do not matter.
        """
        return self.point(lambda j: self.parameters[j].from_unit(float(unit[j])))

    def to_unit(self, internal: Float64Array) -> Float64Array:
        """Return unit coordinates of internal values, ``(n, n_parameters)`` to the same shape, NaN to NaN."""
        columns = [p.to_unit(internal[:, j]) for j, p in enumerate(self.parameters)]
        return np.stack(columns, axis=1)

    def external(self, internal: Sequence[float]) -> dict[str, Value]:
        """Return name -> value of the active parameters, as the model sees it."""
        (active,) = self.active(np.asarray(internal)[None, :])
        triples = zip(self.parameters, internal, active, strict=True)
        return {p.name: p.external(value) for p, value, due in triples if due}

    def internal(self, external: Mapping[str, Value]) -> tuple[float, ...]:
        """Return the values that Optuna stores, in order; of parameters that are not active none is read."""
        names = self.names
        return self.point(lambda j: self.parameters[j].internal(external[names[j]]))


def _expect_range(parameter: FloatParameter | IntParameter) -> None:
    expect_bounds(parameter)
    expect(
        parameter.low > 0 or not parameter.log, "low", "a number above 0, because log = true", parameter.low
    )
