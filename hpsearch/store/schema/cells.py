"""The rule of a column: the content that its cells may have, and what is said of any other."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hpsearch.errors import HpsearchError
from hpsearch.space.checks import show

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
