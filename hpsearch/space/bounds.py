"""What the kinds of parameters share."""

import json
import math
from typing import Protocol, TypeAlias

from hpsearch.space.checks import expect, expect_text, show

LONGEST_NAME = 200
"""Characters of a name or a text choice."""

Value: TypeAlias = bool | int | float | str
"""What a parameter can be, as the model sees it."""


def distribution_json(name: str, **attributes: object) -> str:
    """Return the JSON that Optuna stores for a distribution."""
    return json.dumps({"name": name, "attributes": attributes})


class Bounded(Protocol):
    """A parameter with two ends."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def low(self) -> float:
        """Its lower end."""

    @property
    def high(self) -> float:
        """Its upper end."""


def expect_bounds(parameter: Bounded) -> None:
    """Refuse a range without a proper name, or whose ends are not finite and in order.

    Raises:
        FieldError: The name or an end is so.
    """
    expect_text("", parameter.name, longest=LONGEST_NAME)
    low, high = parameter.low, parameter.high
    for key, bound in (("low", low), ("high", high)):
        expect(math.isfinite(bound), key, "a finite number", bound)
    expect(low < high, "low", f"a number below high ({show(high)})", low)
