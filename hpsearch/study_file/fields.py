"""Read the tables of a study file by types; a wrong type or an unknown key is refused with its line."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from hpsearch.errors import StudyFileError, did_you_mean
from hpsearch.space.checks import EXACT, FieldError, key_path, key_text, show
from hpsearch.space.parameter import Scalar
from hpsearch.study_file.document import Document


def unknown_key(key: str, known: Sequence[str]) -> str:
    """Return what is said of a key that a table does not have: what was meant, else every key that it has.

    Example:
        >>> unknown_key("trails", ["seed", "trials"])
        'expected a known key, found another key; did you mean "trials"?'
        >>> unknown_key("x", ["seed", "trials"])
        'expected one of seed, trials, found another key'
    """
    hint = did_you_mean(key, list(known))
    expected = "a known key" if hint else f"one of {', '.join(known)}"
    return f"expected {expected}, found another key{hint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value of a study file; each method returns it as a type, or refuses it.

    Attributes:
        value: The value as TOML or JSON gave it; ``None`` where none is given.
        path: Its key path.
        document: The file, to name lines.
    """

    value: object
    path: str
    document: Document

    def error(self, expected: str) -> StudyFileError:
        """Return the refusal of the value."""
        return self.document.error(self.path, f"expected {expected}, found {show(self.value)}")

    def text(self) -> str:
        """Return a text."""
        if not isinstance(self.value, str):
            raise self.error("a text in quotes")
        return self.value

    def flag(self) -> bool:
        """Return a truth value."""
        if not isinstance(self.value, bool):
            raise self.error("true or false")
        return self.value

    def number(self) -> float | int:
        """Return a finite number, whole or not, as it is given."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self.error("a number")
        if isinstance(self.value, int):
            return self.whole()
        if not math.isfinite(self.value):
            raise self.error("a finite number")
        return self.value

    def real(self) -> float:
        """Return a finite number as a real one."""
        return float(self.number())

    def whole(self) -> int:
        """Return a whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.error("a whole number")
        if abs(self.value) > EXACT:
            raise self.error("a whole number of at most 2**53 in size")
        return self.value

    def scalar(self) -> Scalar:
        """Return a truth value, number or text."""
        if isinstance(self.value, bool | str):
            return self.value
        if not isinstance(self.value, int | float):
            raise self.error("true, false, a number or a text")
        return self.number()

    def items(self) -> "Iterator[Cell]":
        """Yield the values of a list."""
        if not isinstance(self.value, list | tuple):
            alone = isinstance(self.value, str | int | float)
            hint = f"; for one value write [{show(self.value)}]" if alone else ""
            raise self.document.error(self.path, f"expected a list, found {show(self.value)}{hint}")
        for index, value in enumerate(self.value):
            yield Cell(value=value, path=f"{self.path}[{index}]", document=self.document)

    def wholes(self) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        return tuple(item.whole() for item in self.items())

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(item.text() for item in self.items())

    def table(self, expected: str = "a table") -> "TomlTable":
        """Return a table."""
        if not isinstance(self.value, Mapping):
            raise self.error(expected)
        return TomlTable(values=self.value, document=self.document, path=self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlTable:
    """A table of a study file.

    Attributes:
        values: Key -> value, as TOML or JSON gave it; ``None`` counts as not given.
        document: The file, to name lines.
        path: Key path of the table; empty for the whole file.
    """

    values: Mapping[str, object]
    document: Document
    path: str = ""

    def has(self, key: str) -> bool:
        """Return whether a key is given."""
        return self.values.get(key) is not None

    def at(self, key: str, default: object = None) -> Cell:
        """Return the value at a key, or the default."""
        value = self.values[key] if self.has(key) else default
        return Cell(value=value, path=key_path(self.path, key_text(key)), document=self.document)

    def table(self, key: str, *, expected: str = "a table") -> "TomlTable":
        """Return the table at a key; an empty one where none is given."""
        return self.at(key, {}).table(expected)

    def only(self, *known: str) -> None:
        """Refuse keys that are not known.

        Raises:
            StudyFileError: A key is not among them.
        """
        for key in self.values:
            if key not in known:
                path = key_path(self.path, key_text(key))
                raise self.document.error(path, unknown_key(key, known))

    @contextmanager
    def located(self) -> Iterator[None]:
        """Turn the refusal of a record made from this table into one with file, line and key path.

        Raises:
            StudyFileError: The record refused a field.
        """
        try:
            yield
        except FieldError as error:
            raise self.document.error(key_path(self.path, error.key), error.message) from None
