"""Columns of texts as one-hot features: one feature for each text of a column."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from hpsearch.nn.config import SettingError, whole_number
from hpsearch.types import Json


class CategoryColumnLike(Protocol):
    """A column of texts among the features."""

    @property
    def name(self) -> str:
        """The column's name."""

    @property
    def first(self) -> int:
        """The feature of its first text; the features of its other texts follow."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Its texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryColumn:
    """A column of texts among the features.

    Attributes:
        name: The column's name.
        first: The feature of its first text; the features of its other texts follow.
        labels: Its texts, at least one, all different.
    """

    name: str
    first: int
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if not all(isinstance(text, str) for text in (self.name, *self.labels)) or not self.labels:
            raise SettingError(
                "categories", f"expected a name and texts, found {self.name!r}: {self.labels!r}"
            )


def as_categories(columns: Sequence[CategoryColumnLike], n_features: int) -> tuple[CategoryColumn, ...]:
    """Return columns of texts, checked against the number of features.

    Raises:
        SettingError: They overlap, are not in order, or reach beyond the features.
    """
    end = 0
    for column in columns:
        if whole_number("categories", column.first, least=0) < end:
            raise SettingError("categories", f"expected columns in order, found {column.name!r} too early")
        end = column.first + len(column.labels)
    if end > n_features:
        raise SettingError("categories", f"expected features up to {n_features}, found {end}")
    return tuple(CategoryColumn(name=c.name, first=c.first, labels=tuple(c.labels)) for c in columns)


def categories_to_json(columns: Sequence[CategoryColumn]) -> list[Json]:
    """Return columns as plain JSON."""
    return [asdict(column) | {"labels": list(column.labels)} for column in columns]


def categories_from_json(saved: Any, n_features: int) -> tuple[CategoryColumn, ...]:
    """Return the columns that ``categories_to_json`` wrote.

    Raises:
        KeyError, SettingError, TypeError: They are none.
    """
    columns = [CategoryColumn(name=c["name"], first=c["first"], labels=tuple(c["labels"])) for c in saved]
    return as_categories(columns, n_features)
