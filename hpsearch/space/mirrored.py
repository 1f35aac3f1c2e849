"""A parameter that is a number near 1, uniform in the logarithm of its distance from 1."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from hpsearch.space.checks import expect
from hpsearch.space.parameter import RangeParameter, distribution_json
from hpsearch.types import Float64Array

MIRRORED = "mirrored"
"""The value of the key ``log`` by which a study file asks for a ``MirroredParameter``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirroredParameter(RangeParameter):
    """A parameter near 1, such as a momentum, uniform in the logarithm of its distance from 1.

    ``x = 1 - 10^U`` with ``U`` uniform: 0.9 to 0.99 is as long as 0.99 to 0.999. Optuna has no such
    distribution, so it stores the plain range and the value itself; unit coordinates are logarithmic.
    Its own samplers therefore see the plain range, and ours the logarithm. The range is not widened.

    Attributes:
        name: The parameter's name.
        low: Lower end of the range.
        high: Upper end of the range, above ``low`` and below 1.

    Source: A. Ng, "Improving deep neural networks", 2017, lecture on an appropriate scale for
    hyperparameters.

    Example:
        >>> round(MirroredParameter(name="momentum", low=0.9, high=0.999).from_unit(0.5), 9)
        0.99
    """

    log: ClassVar[str] = MIRRORED
    kind: ClassVar[Literal["mirrored"]] = "mirrored"

    def __post_init__(self) -> None:
        RangeParameter.__post_init__(self)
        expect(self.high < 1, "high", 'a number below 1, because log = "mirrored"', self.high)
        expect(math.isfinite(1 - self.low), "low", "a range of finite width", self.low)
        expect(self._length > 0, "low", "a range that is wider than rounding", self.low)

    @property
    def _length(self) -> float:
        """The range in decades of the distance from 1."""
        return math.log10((1 - self.low) / (1 - self.high))

    def from_unit(self, unit: float) -> float:
        """Return the internal value at a unit coordinate, kept inside the range."""
        return self.from_units([unit])[0]

    def from_units(self, units: Sequence[float]) -> list[float]:
        """Return the internal values at unit coordinates."""
        low, high, length, rest = self.low, self.high, self._length, 1 - self.low
        return [min(max(1 - rest * 10 ** (-unit * length), low), high) for unit in units]

    def to_unit(self, internal: Float64Array) -> Float64Array:
        """Return the unit coordinates of internal values, ``(n,)``."""
        return np.log10((1 - self.low) / (1 - internal)) / self._length

    def distribution(self) -> str:
        """Return the JSON that Optuna stores for this parameter: the plain range."""
        return distribution_json("FloatDistribution", step=None, low=self.low, high=self.high, log=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the parameter as the contract holds it."""
        return {"name": self.name, "log": self.log, "low": self.low, "high": self.high}
