"""Rows of a table as the features of a model: columns found by name, cells checked."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from numbers import Number
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from hpsearch.errors import DataError, did_you_mean
from hpsearch.inputs.bins import BinnedColumn, fill_bins
from hpsearch.nn.files.category_columns import CategoryColumn
from hpsearch.nn.files.filled_columns import FillRule, fill_missing
from hpsearch.nn.files.input_scaling import InputScaling
from hpsearch.number import read_number
from hpsearch.types import Float64Array, FloatArray

_LISTED = 10
MISSING = ""
"""The category of missing cells: no text of a table is empty."""
_PLAIN = "biuf"
"""NumPy's kinds of numbers: truth values, whole and real numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """The columns that the rows of a model have.

    Attributes:
        n_features: Features of the network.
        features: Their names, or ``None`` where none are known.
        categories: Columns of texts, each of which is several features.
        filled: Columns of numbers in which cells may be missing; their indicators are features, not columns.
        binned: Features of numbers that have bins, which are features, not columns.
    """

    n_features: int
    features: Sequence[str] | None
    categories: Sequence[CategoryColumn]
    filled: Sequence[FillRule] = field(default=())
    binned: Sequence[BinnedColumn] = field(default=())

    def columns(self) -> Iterator[tuple[str, int, CategoryColumn | None]]:
        """Yield each column: its name, its first feature, and its texts where it has some."""
        starts = {column.first: column for column in self.categories}
        made = {rule.indicator for rule in self.filled}
        made |= {feature for column in self.binned for feature in column.features}
        feature = 0
        while feature < self.n_features:
            column = starts.get(feature)
            if column is not None:
                yield column.name, feature, column
                feature += len(column.labels)
            else:
                if feature not in made:
                    yield self.feature(feature), feature, None
                feature += 1

    def feature(self, feature: int) -> str:
        """Return the name of a feature, or its place as one."""
        return str(feature) if self.features is None else self.features[feature]


def feature_rows(X: ArrayLike, layout: RowLayout) -> Float64Array:
    """Return the features ``(n, n_features)`` of rows of a table; all are finite.

    The columns of a data frame are found by their names, in any order, and others are ignored. Without names,
    in a frame or in the model, columns count by their places. A missing cell is NaN, ``None`` or ``NaT``, as
    data frames have them; it is filled where the model knows how.

    Args:
        X: ``(n, n_columns)``: an array, a data frame, or lists.
        layout: The columns of the model.

    Raises:
        DataError: A column is missing or there twice, the shape is another, or a cell is not a finite number
            or a known text; the message names column and row, from 0.
    """
    wanted = list(layout.columns())
    _expect_unmasked(X, [name for name, _, _ in wanted])
    cells = _cells(X, [name for name, _, _ in wanted], named=layout.features is not None)
    if isinstance(cells, np.ndarray) and cells.dtype.kind in _PLAIN and len(wanted) == layout.n_features:
        rows = cells.astype(np.float64)
        fill_missing(rows, layout.filled)
        _expect_finite(rows, layout, "a finite number", rows)
        return rows
    columns = list(cells.T if isinstance(cells, np.ndarray) else cells)
    rows = np.zeros((len(columns[0]), layout.n_features))
    filled = {rule.feature for rule in layout.filled}
    for values, (name, feature, texts) in zip(columns, wanted, strict=True):
        if texts is None:
            rows[:, feature] = _numbers(values, name, fills=feature in filled)
        else:
            rows[np.arange(len(rows)), feature + _places(values, texts)] = 1
    fill_missing(rows, layout.filled)
    fill_bins(rows, layout.binned)
    _expect_finite(rows, layout, "a finite number", rows)
    return rows


def scaled_rows(
    rows: Float64Array, layout: RowLayout, scaler: InputScaling | None, dtype: DTypeLike
) -> FloatArray:
    """Return rows ``(n, n_features)`` as the network takes them.

    Raises:
        DataError: A number is too large for the type; the message names column and row.
    """
    if scaler is None:
        with np.errstate(over="ignore"):
            scaled: FloatArray = rows.astype(dtype)
    else:
        scaled = scaler.apply(rows, dtype)
    expected = f"a number that {np.dtype(dtype).name} can hold{' when scaled' if scaler else ''}"
    _expect_finite(scaled, layout, expected, rows)
    return scaled


def _expect_unmasked(X: Any, names: Sequence[str]) -> None:
    """Refuse a hidden cell of a masked array, whose mask NumPy forgets when it makes a plain one."""
    if not np.ma.is_masked(X):
        return
    row, *place = np.argwhere(np.ma.getmaskarray(X))[0].tolist()
    name = names[place[0]] if place and place[0] < len(names) else "0"
    raise DataError(f"X: column {name!r}, row {row}: expected a value, found a masked one")


def _cells(X: Any, names: Sequence[str], *, named: bool) -> NDArray[Any] | list[NDArray[Any]]:
    """Return an array ``(n, n_columns)``, or the columns of a data frame, each ``(n,)``."""
    header = _header(X) if named else None
    if header is not None:
        return [_column(X, place, header) for place in _places_of(names, header)]
    try:
        rows = np.asarray(X)
    except ValueError as error:
        raise DataError(f"X: expected rows of {len(names)} columns each, found others: {error}") from None
    if rows.ndim != 2 or rows.shape[1] != len(names):
        hint = "; a single row is a list of one row" if rows.shape == (len(names),) else ""
        raise DataError(f"X: expected shape (n, {len(names)}), found {rows.shape}{hint}")
    return rows


def _header(X: Any) -> list[str] | None:
    """Return the names of the columns of a data frame, or ``None`` where they have none."""
    names = getattr(X, "column_names", None) if hasattr(X, "column_names") else getattr(X, "columns", None)
    if names is None or not any(isinstance(name, str) for name in names):
        return None
    return [str(name) for name in names]


def _places_of(names: Sequence[str], header: Sequence[str]) -> list[int]:
    """Return the places of the wanted columns."""
    counts, places = Counter(header), {name: place for place, name in enumerate(header)}
    for name in names:
        if counts[name] > 1:
            raise DataError(f"X: expected a column {name!r} once, found it {counts[name]} times")
        if name not in places:
            shown = ", ".join(map(repr, header[:_LISTED])) + (", ..." if len(header) > _LISTED else "")
            hint = did_you_mean(name, sorted({*header} - {*names})) or f"; the columns are {shown}"
            raise DataError(f"X: expected a column {name!r}, found none{hint}; an array counts by places")
    return [places[name] for name in names]


def _column(X: Any, place: int, header: Sequence[str]) -> NDArray[Any]:
    return np.asarray(X.iloc[:, place] if hasattr(X, "iloc") else X[header[place]])


def _numbers(cells: NDArray[Any], name: str, *, fills: bool) -> Float64Array:
    """Return a column of numbers; a text that is one counts, as NumPy makes texts of mixed rows.

    Args:
        cells: The cells of the column.
        name: Its name, for errors.
        fills: Whether missing cells are filled, so that they may be NaN.
    """
    if cells.dtype.kind in _PLAIN:
        return cells.astype(np.float64)
    if fills and cells.dtype.kind == "O":
        cells = np.array([math.nan if _is_missing(cell) else cell for cell in cells.tolist()], dtype=object)
    numbers = [_number(cell) for cell in cells.tolist()] if cells.dtype.kind in "OUT" else [None] * len(cells)
    for row, number in enumerate(numbers):
        if number is None:
            found = cells[row]
            shown = repr(str(found)) if isinstance(found, str) else str(found)
            raise DataError(f"X: column {name!r}, row {row}: expected a number, found {shown}")
    return np.array(numbers, np.float64)


def _number(cell: object) -> float | None:
    if isinstance(cell, str):
        number = read_number(cell.strip())
        return None if number is None else float(cell)
    return float(cell) if isinstance(cell, Number) and not isinstance(cell, complex) else None  # type: ignore[arg-type]


def _is_missing(cell: object) -> bool:
    """Return whether a cell is missing: ``None``, NaN, or a mark of pandas, which is not imported for it."""
    return cell is None or type(cell).__name__ in {"NAType", "NaTType"} or bool(cell != cell)  # noqa: PLR0124


def _places(cells: NDArray[Any], column: CategoryColumn) -> NDArray[np.int64]:
    known = {label: place for place, label in enumerate(column.labels)}
    gone = known.get(MISSING)  # the level of missing cells, where the model has one
    places = [gone if gone is not None and _is_missing(cell) else known.get(str(cell)) for cell in cells]
    for row, place in enumerate(places):
        if place is None:
            shown = ", ".join(map(repr, column.labels[:5])) + (", ..." if len(column.labels) > 5 else "")
            raise DataError(
                f"X: column {column.name!r}, row {row}: expected one of {shown}, found {str(cells[row])!r}"
            )
    return np.array(places, np.int64)


def _expect_finite(checked: FloatArray, layout: RowLayout, expected: str, rows: Float64Array) -> None:
    if np.isfinite(checked).all():
        return
    row, feature = np.argwhere(~np.isfinite(checked))[0]
    name, found = layout.feature(int(feature)), rows[row, feature]
    raise DataError(f"X: column {name!r}, row {row}: expected {expected}, found {found}")
