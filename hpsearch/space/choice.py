"""One of a few values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from hpsearch.space.bounds import LONGEST_NAME, Value, distribution_json
from hpsearch.space.checks import EXACT, expect, expect_text
from hpsearch.types import Float64Array


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


_KINDS: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a fraction",
    str: "a text",
}


def _expect_choice(key: str, choice: Value) -> None:
    if isinstance(choice, str):
        expect_text(key, choice, longest=LONGEST_NAME)
    else:
        expect(math.isfinite(choice), key, "a finite number", choice)
        expect(isinstance(choice, float) or abs(choice) <= EXACT, key, "at most 2**53 in size", choice)
