"""The rules by which a table was read, so that another table is read alike."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hpsearch.table.dates import ISO, PARTS
from hpsearch.types import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class DateColumn:
    """A column of dates that became several features, one for each part.

    Attributes:
        name: The column's name.
        first: The feature of its first part; the features of the others follow.
        parts: Its parts, at least one of ``PARTS``.
        form: The form of its dates as texts.
    """

    name: str
    first: int
    parts: tuple[str, ...]
    form: str = ISO

    def __post_init__(self) -> None:
        _expect_types(self, name=str, first=int, parts=tuple, form=str)
        if not (self.parts and {*self.parts} <= {*PARTS} and self.first >= 0):
            raise ValueError(f"expected parts of dates among {', '.join(PARTS)}, found {self.parts}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRules:
    """The rules by which the cells of a table were read.

    Attributes:
        target: The column that held the target, or ``None`` where there was none.
        weights: The column that held the weights of the rows, or ``None`` where there was none.
        header: Whether a line named the columns; else they are ``x0``, ``x1``, ...
        width: Number of columns, the target and those left out among them; 0 where it is not known.
        missing: Texts that stand for a missing cell, beside the empty one.
        decimal: The mark before the fraction of a number; ``None`` where no number showed it.
        dates: Columns of dates that were taken apart.
        plain: Whether the table was read as version 1 did.
    """

    target: str | None = None
    weights: str | None = None
    header: bool = True
    width: int = 0
    missing: tuple[str, ...] = ()
    decimal: str | None = None
    dates: tuple[DateColumn, ...] = ()
    plain: bool = False

    def __post_init__(self) -> None:
        _expect_types(self, target=str | None, weights=str | None, header=bool, width=int)
        _expect_types(self, missing=tuple, plain=bool)
        if self.decimal not in {None, ".", ","} or not all(isinstance(mark, str) for mark in self.missing):
            raise ValueError(f"expected a decimal mark and texts, found {self.decimal!r}, {self.missing!r}")

    def to_json(self) -> dict[str, Json]:
        """Return the rules as plain JSON."""
        dates: list[Json] = [{**asdict(column), "parts": list(column.parts)} for column in self.dates]
        found = {**asdict(self), "missing": list(self.missing), "dates": dates}
        if self.weights is None:  # as in the files of earlier versions, which knew none
            del found["weights"]
        return found

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "TableRules":
        """Return the rules that ``to_json`` made JSON of.

        Raises:
            KeyError, TypeError, ValueError: They are none.
        """
        dates = tuple(DateColumn(**{**column, "parts": tuple(column["parts"])}) for column in saved["dates"])
        return cls(**{**saved, "missing": tuple(saved["missing"]), "dates": dates})


def _expect_types(record: object, **types: Any) -> None:
    """Refuse a record that was read from a file and holds something else than its fields say."""
    for name, kind in types.items():
        found = getattr(record, name)
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise TypeError(f"expected {name} as {kind}, found {found!r}")
