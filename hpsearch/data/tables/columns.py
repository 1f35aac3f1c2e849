"""The columns of a table, and the features that they become."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.examples import Label, OneHotColumn, quote
from hpsearch.errors import DataError
from hpsearch.memory import DEFAULT_LIMIT, PER_NUMBER, MemoryLimit
from hpsearch.table.dates import ISO
from hpsearch.types import BoolArray, Float64Array, IntArray

MOST_CATEGORIES = 1000
"""A column of more different texts is an identifier or free text, and no feature to learn from."""

MISSING = ""
"""The category of cells that are missing: no text of a table is empty."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbers:
    """A column of numbers.

    Attributes:
        name: Its name.
        values: The numbers, ``(n,)``; NaN where a cell is missing.
        decimal: The decimal mark that they were read by; ``None`` where no number of the file showed it.
        date: The column of dates that they are a part of, if any.
    """

    name: str
    values: Float64Array
    decimal: str | None = None
    date: "Dates | None" = None

    @property
    def missing(self) -> BoolArray:
        """The rows whose cell is missing, ``(n,)``."""
        return np.isnan(self.values)

    def take(self, rows: BoolArray) -> "Numbers":
        """Return the column of some rows."""
        return replace(self, values=self.values[rows])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Texts:
    """A column of categories.

    Attributes:
        name: Its name.
        labels: The different texts; the code of a text is its place.
        codes: Each row's place in ``labels``, ``(n,)``; -1 where a cell is missing.
    """

    name: str
    labels: Sequence[str]
    codes: IntArray

    @property
    def missing(self) -> BoolArray:
        """The rows whose cell is missing, ``(n,)``."""
        return self.codes < 0

    def take(self, rows: BoolArray) -> "Texts":
        """Return the column of some rows."""
        return replace(self, codes=self.codes[rows])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dates:
    """A column of dates.

    Attributes:
        name: Its name.
        values: The dates, ``(n,)``; NaT where a cell is missing.
        form: The form of the dates as texts.
    """

    name: str
    values: NDArray[np.datetime64]
    form: str = ISO

    @property
    def missing(self) -> BoolArray:
        """The rows whose cell is missing, ``(n,)``."""
        return np.isnat(self.values)

    def take(self, rows: BoolArray) -> "Dates":
        """Return the column of some rows."""
        return replace(self, values=self.values[rows])


Column: TypeAlias = Numbers | Texts | Dates


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A table that has been read, before any column is a feature.

    Attributes:
        header: The names of its columns.
        index: Columns that number or name the rows, as the file itself says.
        read_columns: Returns the columns of some names, notes about them, and what is wrong with them.
        read_labels: Returns the label of each row in a column, ``None`` where it is missing, and their type.
        read_cells: Returns the cells of a column as the file has them, ``(n,)``: texts, or typed ones.
        notes: What was passed over or guessed.
    """

    header: Sequence[str]
    index: Sequence[str] = ()
    read_columns: Callable[[Sequence[str]], tuple[list[Column], list[str], list[str]]]
    read_labels: Callable[[str], tuple[list[Label | None], str]]
    read_cells: Callable[[str], NDArray[Any]]
    notes: Sequence[str] = ()


def expect_different(names: Sequence[str], *, where: str, hint: str = "") -> None:
    """Refuse columns of which two have one name.

    Raises:
        DataError: Names the file and the first such name.
    """
    seen = set[str]()
    for name in names:
        if name in seen:
            raise DataError(f"{where}: expected different names, found {quote(name)} twice{hint}")
        seen.add(name)


def spread(
    columns: Sequence[Numbers | Texts], *, where: str, limit: MemoryLimit = DEFAULT_LIMIT
) -> tuple[Float64Array, tuple[str, ...], tuple[OneHotColumn, ...]]:
    """Return the features of columns, ``(n, d)``, their names, and the columns that became one-hot.

    A column of categories becomes one feature a category, in the order of the texts: 1 in the rows that hold
    it, 0 elsewhere. Missing cells are a category of their own, the first.

    Raises:
        DataError: A column has too many categories, or all features together do not fit into memory.
    """
    blocks, names, found = list[Float64Array](), list[str](), list[OneHotColumn]()
    _expect_room(columns, where, limit)
    for column in columns:
        if isinstance(column, Numbers):
            blocks.append(column.values[:, None])
            names.append(column.name)
            continue
        labels = _sorted_labels(column, where)
        place = {label: i for i, label in enumerate(labels)}
        order = np.array([place.get(label, 0) for label in [*column.labels, MISSING]], dtype=np.int64)
        blocks.append(np.eye(len(labels))[order[column.codes]])  # the code -1 takes the last
        found.append(OneHotColumn(name=column.name, first=len(names), labels=labels))
        names += [f"{column.name}={label or '(missing)'}" for label in labels]
    return np.hstack(blocks), tuple(names), tuple(found)


def _expect_room(columns: Sequence[Numbers | Texts], where: str, limit: MemoryLimit) -> None:
    """Refuse columns whose features take too much memory: a column of codes may become a thousand."""
    rows = max(len(c.values if isinstance(c, Numbers) else c.codes) for c in columns)
    n_features = sum(
        1 if isinstance(column, Numbers) else min(len(column.labels), MOST_CATEGORIES) for column in columns
    )
    found = f"{rows:,} rows of {n_features:,} features"
    limit.expect(PER_NUMBER * rows * n_features, where=where, found=found)


def _sorted_labels(column: Texts, where: str) -> tuple[str, ...]:
    present = np.unique(column.codes)
    if len(present) > MOST_CATEGORIES:
        raise DataError(
            f"{where}: column {quote(column.name)}: expected at most {MOST_CATEGORIES} categories, found "
            f"{len(present)}; leave the column out with ignore = [...]"
        )
    return tuple(sorted(MISSING if code < 0 else column.labels[int(code)] for code in present))


def coded(cells: Sequence[str]) -> tuple[list[str], IntArray]:
    """Return the different texts in the order of their first cells, and each cell's place among them."""
    places: Mapping[str, int] = {text: i for i, text in enumerate(dict.fromkeys(cells))}
    return list(places), np.array([places[cell] for cell in cells], dtype=np.int64)
