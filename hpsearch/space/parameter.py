"""Values of parameters, and the base of the kinds of parameters that are ranges of numbers."""

import json
import math
from dataclasses import dataclass
from numbers import Real
from typing import ClassVar, Literal, TypeAlias

from hpsearch.number import read_number
from hpsearch.space.checks import expect, expect_text, key_text, show

LONGEST_NAME = 200
"""Characters of a name or a text choice, at most."""

Scalar: TypeAlias = bool | int | float | str
"""A value that is no list."""

Value: TypeAlias = Scalar | tuple[Scalar, ...] | tuple[tuple[Scalar, ...], ...]
"""A value of a parameter, as the model sees it: a scalar, a list of scalars, or a list of rows of scalars."""


def distribution_json(name: str, **attributes: object) -> str:
    """Return the JSON that Optuna stores for a distribution."""
    return json.dumps({"name": name, "attributes": attributes})


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeParameter:
    """A number between two ends: the base of the three kinds that are ranges.

    Attributes:
        name: The parameter's name.
        low: Lower end of the declared range.
        high: Upper end of the declared range, above ``low``.
        kind: Which kind it is.
        choices: Its values, if it is a choice; a range has none.
    """

    name: str
    low: float
    high: float

    kind: ClassVar[Literal["float", "int", "mirrored"]]
    choices: ClassVar[tuple[Value, ...]] = ()

    def __post_init__(self) -> None:
        """Refuse a range whose name is no text of one line, or whose ends are not finite and in order.

        Raises:
            FieldError: Names the field, what was expected and what was found.
        """
        expect_text("", self.name, longest=LONGEST_NAME)
        for key, bound in (("low", self.low), ("high", self.high)):
            expect(math.isfinite(bound), key, "a finite number", bound)
        expect(self.low < self.high, "low", f"a number below high ({show(self.high)})", self.low)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest value that the parameter may ever have."""
        return self.low, self.high

    @property
    def widens(self) -> bool:
        """Whether a side of its box may move out; only a logarithmic range of real numbers does."""
        return False

    @property
    def decades(self) -> float:
        """The declared range in decades where it widens, else 0."""
        return 0.0

    @property
    def margin(self) -> float:
        """How far ``ends`` reaches past the declared range on each side, in unit coordinates."""
        return 0.0

    def external(self, internal: float) -> Value:
        """Return the value as the model sees it."""
        return float(internal)

    def internal(self, external: Value) -> float:
        """Return the value as Optuna stores it."""
        return float(external)  # type: ignore[arg-type]  # a range has no lists

    def read(self, value: object) -> float:
        """Return the internal value of an external one that a person or another program gave.

        Raises:
            FieldError: The value is no number, or lies outside ``ends``.
        """
        low, high = self.ends
        whole = self.kind == "int"
        number = isinstance(value, Real) and not isinstance(value, bool)
        inside = number and low <= value <= high and (not whole or value == int(value))  # type: ignore[operator, call-overload]
        wanted = f"{'a whole number' if whole else 'a number'} from {low:g} to {high:g}"
        expect(inside, key_text(self.name), wanted, value)
        return float(value)  # type: ignore[arg-type]

    def parse(self, text: str) -> Value:
        """Return the value that a typed text stands for, or the text where it is no number."""
        number = read_number(text)
        if number is None:
            return text
        return number if self.kind == "int" else float(text)
