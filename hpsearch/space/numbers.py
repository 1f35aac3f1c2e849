"""Parameters that are real or whole numbers, uniform in the value or in its logarithm."""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from hpsearch.space.checks import EXACT, expect
from hpsearch.space.parameter import RangeParameter, Value, distribution_json
from hpsearch.types import Float64Array

WIDEST = 10
"""Decades that a logarithmic range may grow on each side, at most."""

_DECADES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatParameter(RangeParameter):
    """A parameter that is a real number.

    Attributes:
        name: The parameter's name.
        low: Lower end of the declared range.
        high: Upper end of the declared range, above ``low``.
        log: Whether the range is uniform in the logarithm; then ``low`` is above 0.
        widen: Decades that a log range may grow on each side, 0 to 10; 0 for any other range.
    """

    log: bool = False
    widen: int = 0

    kind: ClassVar[Literal["float"]] = "float"

    def __post_init__(self) -> None:
        RangeParameter.__post_init__(self)
        _expect_logarithm(self)
        expect(math.isfinite(self.high - self.low), "high", "a range of finite width", self.high)
        expect(0 <= self.widen <= WIDEST, "widen", f"0 to {WIDEST} decades", self.widen)
        expect(self.log or self.widen == 0, "widen", "0, because log is not true", self.widen)
        if self.log:
            self._expect_decades()

    def _expect_decades(self) -> None:
        decades = math.log10(self.high / self.low) if math.isfinite(self.high / self.low) else math.inf
        expect(decades > 0, "low", "a range that is wider than rounding", self.low)
        whole = decades + 2 * self.widen
        expect(whole <= _DECADES, "high", f"at most {_DECADES} decades, widened, above low", self.high)
        low, high = self.ends
        expect(low >= sys.float_info.min, "low", "a bound that is above 1e-307 when widened", self.low)
        expect(math.isfinite(high), "high", "a bound that is below 1e308 when widened", self.high)

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the widened range: what the parameter may ever be, and what Optuna stores."""
        if not self.log:
            return self.low, self.high
        return self.low / 10**self.widen, self.high * 10**self.widen

    @property
    def widens(self) -> bool:
        """Whether the range is logarithmic: a side of its box moves out by a decade at a time."""
        return self.log

    @property
    def decades(self) -> float:
        """The declared range in decades, or 0 when it is not logarithmic."""
        return math.log10(self.high / self.low) if self.log else 0.0

    @property
    def margin(self) -> float:
        """How far ``ends`` reaches past the declared range on each side, in unit coordinates."""
        return self.widen / self.decades if self.log else 0.0

    def from_unit(self, unit: float) -> float:
        """Return the internal value at a unit coordinate, kept inside ``ends``."""
        return self.from_units([unit])[0]

    def from_units(self, units: Sequence[float]) -> list[float]:
        """Return the internal values at unit coordinates."""
        low, high = self.ends
        if self.log:
            start, decades = self.low, self.decades
            values = [start * 10 ** (unit * decades) for unit in units]
        else:
            start, width = self.low, self.high - self.low
            values = [start + unit * width for unit in units]
        return [min(max(value, low), high) for value in values]

    def to_unit(self, internal: Float64Array) -> Float64Array:
        """Return the unit coordinates of internal values, ``(n,)``."""
        if self.log:
            return np.log10(internal / self.low) / self.decades
        return (internal - self.low) / (self.high - self.low)

    def distribution(self) -> str:
        """Return the JSON that Optuna stores for this parameter."""
        low, high = self.ends
        return distribution_json("FloatDistribution", step=None, low=low, high=high, log=self.log)

    def to_dict(self) -> dict[str, Any]:
        """Return the parameter as the contract holds it."""
        low, high = float(self.low), float(self.high)
        return {"name": self.name, "log": self.log, "low": low, "high": high, "widen": self.widen}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntParameter(RangeParameter):
    """A parameter that is a whole number.

    Attributes:
        name: The parameter's name.
        low: Smallest value.
        high: Largest value, above ``low``; both at most ``2**53`` in size.
        log: Whether the range is uniform in the logarithm; then ``low`` is above 0.
    """

    low: int
    high: int
    log: bool = False

    kind: ClassVar[Literal["int"]] = "int"

    def __post_init__(self) -> None:
        RangeParameter.__post_init__(self)
        _expect_logarithm(self)
        for key, bound in (("low", self.low), ("high", self.high)):
            expect(abs(bound) <= EXACT, key, "a whole number of at most 2**53 in size", bound)

    def from_unit(self, unit: float) -> float:
        """Return the internal value at a unit coordinate: each whole number owns an equal share."""
        return self.from_units([unit])[0]

    def from_units(self, units: Sequence[float]) -> list[float]:
        """Return the internal values at unit coordinates."""
        low, high = self._edges()
        if self.log:
            ratio = high / low
            values = [low * ratio**unit for unit in units]
        else:
            width = high - low
            values = [low + unit * width for unit in units]
        return [float(min(max(round(value), self.low), self.high)) for value in values]

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

    def distribution(self) -> str:
        """Return the JSON that Optuna stores for this parameter."""
        return distribution_json("IntDistribution", step=1, low=self.low, high=self.high, log=self.log)

    def to_dict(self) -> dict[str, Any]:
        """Return the parameter as the contract holds it."""
        return {"name": self.name, "log": self.log, "low": self.low, "high": self.high}


def _expect_logarithm(parameter: FloatParameter | IntParameter) -> None:
    """Refuse a logarithmic range whose lower end is 0 or below.

    Raises:
        FieldError: The lower end is 0 or below.
    """
    ok = parameter.low > 0 or not parameter.log
    expect(ok, "low", "a number above 0, because log = true", parameter.low)
