"""Columns of texts as one-hot features: one feature for each text of a column."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpsearch.errors import DataError
from hpsearch.nn.config import SettingError, whole_number
from hpsearch.types import Float64Array, Json


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


def one_hot_rows(X: ArrayLike, columns: Sequence[CategoryColumn], *, n_features: int) -> Float64Array:
    """Return the features ``(n, n_features)`` of rows of a table, in which a column of texts is one column.

    Raises:
        DataError: The rows have another number of columns, a text that is not known, or no number where one
            belongs.
    """
    rows = np.asarray(X)
    width = n_features - sum(len(column.labels) - 1 for column in columns)
    if rows.ndim != 2 or rows.shape[1] != width:
        raise DataError(f"X: expected shape (n, {width}), found {rows.shape}")
    starts = {column.first: column for column in columns}
    spread = np.zeros((len(rows), n_features))
    feature = 0
    for cells in rows.T:
        if (column := starts.get(feature)) is None:
            spread[:, feature] = _numbers(cells, feature)
            feature += 1
        else:
            spread[np.arange(len(rows)), feature + _places(cells, column)] = 1
            feature += len(column.labels)
    return spread


def _numbers(cells: NDArray[Any], feature: int) -> Float64Array:
    try:
        return cells.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"X: feature {feature}: expected numbers, found others: {error}") from error


def _places(cells: NDArray[Any], column: CategoryColumn) -> NDArray[np.int64]:
    known = {label: place for place, label in enumerate(column.labels)}
    for cell in cells:
        if str(cell) not in known:
            shown = ", ".join(map(repr, column.labels[:5]))
            raise DataError(f"X: column {column.name!r}: expected one of {shown}, found {str(cell)!r}")
    return np.array([known[str(cell)] for cell in cells], np.int64)
