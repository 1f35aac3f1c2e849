"""The rule of a column: the content that its cells may have, and what is said of any other."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hpsearch.errors import HpsearchError
from hpsearch.space.checks import show
from hpsearch.store.schema.tables import can_hold

SENSELESS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Errors of reading content that cannot be."""
LATEST = 253_402_300_799.0
"""The last second of the year 9999, since 1970: no calendar goes on."""
MOST = 2**63
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRule:
    """The content that the cells of a column may have.

    Attributes:
        expected: What it is, for a message.
        fits: Whether a value may stand there.
        optional: Whether a cell may be empty.
        parsed: Whether the column holds JSON, which ``fits`` gets parsed.
    """

    expected: str
    fits: Callable[[Any], bool]
    optional: bool = False
    parsed: bool = False

    def problem(self, value: Any) -> str | None:
        """Return what is wrong with a value, parsed where it is JSON, or ``None``."""
        if value is None and self.optional:
            return None
        try:
            if self.fits(value):
                return None
        except HpsearchError as error:
            return f"expected {self.expected}, found one that says {error}".replace("\n", " ")
        except SENSELESS:
            pass
        return f"expected {self.expected}, found {_shown(value)}"

    def stored_problem(self, value: Any) -> str | None:
        """Return what is wrong with a value as a database stores it, JSON as a text, or ``None``."""
        if not self.parsed or value is None:
            return self.problem(value)
        try:
            return self.problem(json.loads(value))
        except SENSELESS:
            return f"expected {self.expected}, found {_shown(value)}"


def _shown(value: Any) -> str:
    return f"{len(value)} bytes" if isinstance(value, bytes | memoryview) else show(value)


def is_whole(value: Any) -> bool:
    """Return whether a value is a whole number."""
    return type(value) is int


def is_number(value: Any) -> bool:
    """Return whether a value is a finite number."""
    return type(value) in {int, float} and math.isfinite(value)


def is_text(value: Any) -> bool:
    """Return whether a value is a text that a database can hold."""
    return isinstance(value, str) and can_hold(value)


def whole(low: int = 0, *, optional: bool = False) -> CellRule:
    """Return the rule of a whole number from ``low``."""
    text = f"a whole number from {low}"
    return CellRule(expected=text, fits=lambda v: is_whole(v) and low <= v < MOST, optional=optional)


def one_of(*names: str, optional: bool = False) -> CellRule:
    """Return the rule of one of some names."""
    return CellRule(expected=f"one of {', '.join(names)}", fits=set(names).__contains__, optional=optional)


def seconds(*, optional: bool = False) -> CellRule:
    """Return the rule of a time."""
    return CellRule(
        expected="seconds since 1970", fits=lambda v: is_number(v) and 0 <= v <= LATEST, optional=optional
    )


def digest(*, optional: bool = False) -> CellRule:
    """Return the rule of a SHA-256."""
    return CellRule(
        expected="64 hexadecimal digits", fits=lambda v: _HEX.fullmatch(v) is not None, optional=optional
    )


TEXT = CellRule(expected="a text in UTF-8", fits=is_text)
NOTE = CellRule(expected="a text in UTF-8", fits=is_text, optional=True)
NUMBER = CellRule(expected="a finite number", fits=is_number)
RESULT = CellRule(expected="a finite number", fits=is_number, optional=True)
