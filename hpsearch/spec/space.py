"""The search space: parameters, their unit coordinates and their Optuna distributions.

A value has three forms. The *external* one is what a model is built with (``0.01``, ``32``, ``"relu"``). The
*internal* one is the float that Optuna stores (a category is its index). The *unit* one is where the search
works: 0..1 over a parameter's own range, on a log scale where the parameter has one, and below 0 or above 1
in the widened range around it.
"""

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from hpsearch.spec.bounds import LONGEST_NAME, Value, distribution_json, expect_bounds
from hpsearch.spec.checks import EXACT, expect, expect_text
from hpsearch.spec.mirrored import MirroredParameter
from hpsearch.types import Float64Array

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceParameter:
    """One of a few values.

    Attributes:
        name: The parameter's name.
        choices: The values, at least one, of one type, all different.
    """

    name: str
    choices: tuple[Value, ...]

    def __post_init__(self) -> None:
        expect_text("", self.name, longest=LONGEST_NAME)
        expect(self.choices, "choices", "at least one value", [])
        kind = _KINDS.get(type(self.choices[0]), "true, false, a number or a text")
        seen: set[Value] = set()
        for index, choice in enumerate(self.choices):
            key = f"choices[{index}]"
            expect(type(choice) in _KINDS, key, kind, choice)
            expect(type(choice) is type(self.choices[0]), key, f"{kind} like the others", choice)
            expect(choice not in seen, key, "a value that is not given before", choice)
            _expect_choice(key, choice)
            seen.add(choice)

    @property
    def margin(self) -> float:
        """Choices are not widened."""
        return 0.0

    def from_unit(self, unit: float) -> float:
        """Return the index of the choice whose equal share of 0..1 holds the coordinate."""
        n = len(self.choices)
        return float(min(max(int(unit * n), 0), n - 1))

    def to_unit(self, internal: Float64Array) -> Float64Array:
        """Return the middles of the choices' shares, ``(n,)``."""
        return (internal + 0.5) / len(self.choices)

    def external(self, internal: float) -> Value:
        """Return the value as the model sees it."""
        return self.choices[int(internal)]

    def internal(self, external: Value) -> float:
        """Return the value's index."""
        return float(self.choices.index(external))

    def distribution(self) -> str:
        """Return the JSON that Optuna stores for this parameter."""
        return distribution_json("CategoricalDistribution", choices=list(self.choices))


Parameter: TypeAlias = FloatParameter | MirroredParameter | IntParameter | ChoiceParameter


@dataclass(frozen=True, slots=True)
class Space:
    """The parameters of a study, in the order of the study file.

    Attributes:
        parameters: The parameters, at least one, with different names.
    """

    parameters: tuple[Parameter, ...]

    def __post_init__(self) -> None:
        expect(self.parameters, "", "at least one parameter, such as lr = { low = 1e-5, high = 1e-1 }", None)
        expect(len(set(self.names)) == len(self), "", "parameters of different names", list(self.names))

    def __len__(self) -> int:
        return len(self.parameters)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    def from_unit(self, unit: Float64Array) -> tuple[float, ...]:
        """Return the internal values at unit coordinates, ``(n_parameters,)``."""
        return tuple(p.from_unit(float(u)) for p, u in zip(self.parameters, unit, strict=True))

    def to_unit(self, internal: Float64Array) -> Float64Array:
        """Return unit coordinates of internal values, ``(n, n_parameters)`` to the same shape."""
        columns = [p.to_unit(internal[:, j]) for j, p in enumerate(self.parameters)]
        return np.stack(columns, axis=1)

    def external(self, internal: tuple[float, ...]) -> dict[str, Value]:
        """Return name -> value as the model sees it."""
        return {p.name: p.external(v) for p, v in zip(self.parameters, internal, strict=True)}

    def internal(self, external: Mapping[str, Value]) -> tuple[float, ...]:
        """Return the values that Optuna stores, in order."""
        return tuple(p.internal(external[p.name]) for p in self.parameters)


_KINDS: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a fraction",
    str: "a text",
}


def _expect_range(parameter: FloatParameter | IntParameter) -> None:
    expect_bounds(parameter)
    expect(
        parameter.low > 0 or not parameter.log, "low", "a number above 0, because log = true", parameter.low
    )


def _expect_choice(key: str, choice: Value) -> None:
    if isinstance(choice, str):
        expect_text(key, choice, longest=LONGEST_NAME)
    else:
        expect(math.isfinite(choice), key, "a finite number", choice)
        expect(isinstance(choice, float) or abs(choice) <= EXACT, key, "at most 2**53 in size", choice)
