"""A parameter that is one of a few values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from hpsearch.number import read_number
from hpsearch.space.checks import EXACT, expect, expect_text, key_text
from hpsearch.space.lists import (
    choice_text,
    depth_of,
    expect_list,
    frozen_list,
    json_value,
    plain_value,
    read_list,
)
from hpsearch.space.parameter import LONGEST_NAME, Value, distribution_json
from hpsearch.types import Float64Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceParameter:
    """A parameter that is one of a few values, without an order or a distance between them.

    A value may be a list, such as the units of hidden layers. Optuna stores a list as its text,
    ``"[64, 64]"``.

    Attributes:
        name: The parameter's name.
        choices: The values, at least one, of one type, all different: ``true`` and ``false``, numbers, texts,
            or lists of these.
        kind: Which kind of parameter it is.
    """

    name: str
    choices: tuple[Value, ...]

    # A choice has no range that could grow, so these are the same for all of them.
    kind: ClassVar[Literal["choice"]] = "choice"
    widens: ClassVar[bool] = False
    decades: ClassVar[float] = 0.0
    margin: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        expect_text("", self.name, longest=LONGEST_NAME)
        expect(self.choices, "choices", "at least one value", [])
        kind = _KINDS.get(type(self.choices[0]), "true, false, a number, a text or a list")
        depth = max((depth_of(choice) for choice in self.choices if isinstance(choice, tuple)), default=0)
        seen: set[Value] = set()
        for index, choice in enumerate(self.choices):
            key = f"choices[{index}]"
            expect(type(choice) in _KINDS, key, kind, choice)
            expect(type(choice) is type(self.choices[0]), key, f"{kind} like the others", choice)
            _expect_choice(key, choice)
            expect(choice not in seen, key, "a value that is not given before", choice)
            if isinstance(choice, tuple):
                nested = "a list of lists like the others" if depth == 2 else kind
                expect(depth_of(choice) in {0, depth}, key, nested, choice)
            seen.add(choice)

    @property
    def has_lists(self) -> bool:
        """Whether its values are lists."""
        return isinstance(self.choices[0], tuple)

    @property
    def ends(self) -> tuple[float, float]:
        """The first and the last index."""
        return 0, len(self.choices) - 1

    def from_unit(self, unit: float) -> float:
        """Return the index of the choice whose equal share of 0..1 holds the coordinate."""
        return self.from_units([unit])[0]

    def from_units(self, units: Sequence[float]) -> list[float]:
        """Return the internal values at unit coordinates."""
        n = len(self.choices)
        return [float(min(max(int(unit * n), 0), n - 1)) for unit in units]

    def to_unit(self, internal: Float64Array) -> Float64Array:
        """Return the middles of the choices' shares, ``(n,)``."""
        return (internal + 0.5) / len(self.choices)

    def external(self, internal: float) -> Value:
        """Return the value as the model sees it."""
        return self.choices[int(internal)]

    def internal(self, external: Value) -> float:
        """Return the value's index."""
        return float(self.choices.index(frozen_list(external)))

    def read(self, value: object) -> float:
        """Return the index of a value that a person or another program gave.

        Where the choices are lists, the text of a list stands for it: Optuna has no lists.

        Raises:
            FieldError: The value is none of the choices; ``1`` is neither ``True`` nor ``1.0``.
        """
        given = self.parse(value) if isinstance(value, str) and self.has_lists else frozen_list(value)
        known = [choice for choice in self.choices if _same(choice, given)]
        expect(known, key_text(self.name), f"one of {', '.join(map(choice_text, self.choices))}", value)
        return self.internal(known[0])

    def parse(self, text: str) -> Value:
        """Return the choice that a typed text stands for, or the text where it is none.

        A text is meant to the letter, a number by its value, a truth value in either spelling of its first
        letter, a list with or without blanks.
        """
        if self.has_lists:
            given = read_list(text)
            return next((choice for choice in self.choices if _same(choice, given)), text)
        number = read_number(text)
        for choice in self.choices:
            if isinstance(choice, bool):
                found = text in {str(choice), str(choice).lower()}
            elif isinstance(choice, str):
                found = text == choice
            else:
                found = number == choice and (isinstance(choice, float) or isinstance(number, int))
            if found:
                return choice
        return text

    def distribution(self) -> str:
        """Return the JSON that Optuna stores for this parameter, a list as its text."""
        return distribution_json("CategoricalDistribution", choices=list(map(plain_value, self.choices)))

    def to_dict(self) -> dict[str, Any]:
        """Return the parameter as the contract holds it."""
        return {"name": self.name, "choices": list(map(json_value, self.choices))}


_KINDS: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a fraction",
    str: "a text",
    tuple: "a list",
}


def _same(choice: Value, given: object) -> bool:
    """Return whether a given value is a choice: equal, and of the same types, those in a list too."""
    return choice == given and type(choice) is type(given) and choice_text(choice) == choice_text(given)


def _expect_choice(key: str, choice: Value) -> None:
    if isinstance(choice, tuple):
        expect_list(key, choice)
        for item in choice:
            _expect_choice(key, item)
    elif isinstance(choice, str):
        expect_text(key, choice, longest=LONGEST_NAME)
    else:
        expect(math.isfinite(choice), key, "a finite number", choice)
        expect(isinstance(choice, float) or abs(choice) <= EXACT, key, "at most 2**53 in size", choice)
