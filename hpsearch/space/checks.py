"""Checks of the fields of records; a refusal names the field, what was expected and what was found."""

import unicodedata
from collections.abc import Mapping

from hpsearch.errors import StudyFileError
from hpsearch.text import printable

EXACT = 2**53
"""Whole numbers up to this size survive JSON, float64 and every database unchanged."""

SHOWN = 60
"""Characters of a value that a message or a comment shows."""

_KEY_SHOWN = 220
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}


class FieldError(StudyFileError):
    """A field of a record has a value that it cannot have; the reader of study files adds file and line.

    Attributes:
        key: Path of the field inside its record; empty for the record itself.
        message: What was expected and found.
    """

    def __init__(self, key: str, message: str) -> None:
        super().__init__(key, message)
        self.key = key
        self.message = message

    def __str__(self) -> str:
        return f"{self.key}: {self.message}" if self.key else self.message


def expect(ok: object, key: str, expected: str, found: object) -> None:
    """Refuse a field unless ``ok``.

    Raises:
        FieldError: ``ok`` is false.
    """
    if not ok:
        raise FieldError(key, f"expected {expected}, found {show(found)}")


def expect_text(key: str, text: str, *, longest: int) -> None:
    """Refuse a text that is blank, too long, or would break a line, a terminal or a database.

    Raises:
        FieldError: The text is blank, longer than ``longest`` characters, or has a control character.
    """
    expected = f"a text of 1 to {longest} characters"
    if len(text) > longest:
        raise FieldError(key, f"expected {expected}, found {len(text):,} characters: {show(text)}")
    expect(text.strip(), key, expected, text)
    expect(is_printable(text), key, "a text without control characters", text)


def is_printable(text: str) -> bool:
    """Return whether a text is free of control characters, line breaks and lone surrogates."""
    return all(unicodedata.category(c) not in _UNPRINTABLE for c in text)


def show(value: object) -> str:
    """Return a value as TOML writes it, on one line, escaped and cut."""
    if isinstance(value, str):
        return f'"{_escaped(value, SHOWN)}"'
    if isinstance(value, list | tuple):
        return cut(f"[{', '.join(map(_item, value[:SHOWN]))}]")
    return cut(_plain(value))


def _item(value: object) -> str:
    """Return an item of a list; a list in it as long as it is flat."""
    if not isinstance(value, list | tuple):
        return show(value)
    return "[...]" if any(isinstance(item, list | tuple) for item in value) else show(value)


def _plain(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > 2**256:  # Python refuses to print the longest ones
        return f"a whole number of {value.bit_length()} bits"
    return str(value)


def key_text(name: str) -> str:
    """Return one part of a key path as TOML writes it: bare if possible, else quoted and escaped."""
    if name and _BARE.issuperset(name):
        return cut(name, _KEY_SHOWN)
    return f'"{_escaped(name, _KEY_SHOWN)}"'


def key_path(table: str, key: str) -> str:
    """Return the path of a key in a table; either may be empty."""
    return f"{table}.{key}" if table and key else table or key


def _escaped(text: str, longest: int) -> str:
    return printable(cut(text, longest)).replace("\n", "\\n")


def cut(text: str, longest: int = SHOWN) -> str:
    """Return the beginning of a text, with a mark where something is left out."""
    return text if len(text) <= longest else text[:longest] + "…"
