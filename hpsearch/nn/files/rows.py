"""Rows of a table as the features of a model: columns found by name, cells checked."""

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from hpsearch.errors import CategoryWarning, DataError, did_you_mean
from hpsearch.inputs.bins import BinnedColumn, fill_bins
from hpsearch.nn.config import SettingError
from hpsearch.nn.files.category_columns import CategoryColumn
from hpsearch.nn.files.cells import (
    PLAIN,
    as_numbers,
    category_places,
    date_features,
    decimal_mark,
    with_marks,
)
from hpsearch.nn.files.filled_columns import FillRule, fill_missing
from hpsearch.nn.files.input_scaling import InputScaling
from hpsearch.table.rules import DateColumn, TableRules
from hpsearch.types import Float64Array, FloatArray

_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """The columns that the rows of a model have.

    Attributes:
        n_features: Features of the network.
        features: Their names, or ``None`` where none are known.
        categories: Columns of texts, each of which is several features.
        filled: Columns of numbers in which cells may be missing; their indicators are features, not columns.
        binned: Features of numbers that have bins, which are features, not columns.
        rules: The rules by which the table of the model was read, or ``None`` where none are known.

    Raises:
        SettingError: Two columns share a feature, or one goes on past the last.
    """

    n_features: int
    features: Sequence[str] | None
    categories: Sequence[CategoryColumn]
    filled: Sequence[FillRule] = field(default=())
    binned: Sequence[BinnedColumn] = field(default=())
    rules: TableRules | None = None

    def __post_init__(self) -> None:
        taken = [feature for column in self.categories for feature in self._features(column)]
        taken += [feature for column in self._dates for feature in self._features(column)]
        if len(set(taken)) < len(taken) or max(taken, default=0) >= self.n_features:
            raise SettingError("rules", f"expected columns of different features up to {self.n_features}")

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [name for name, _, _ in self.columns()]

    def columns(self) -> Iterator[tuple[str, int, CategoryColumn | DateColumn | None]]:
        """Yield each column: its name, its first feature, and what it is where it is not numbers."""
        starts: dict[int, CategoryColumn | DateColumn] = {}
        starts |= {column.first: column for column in self.categories}
        starts |= {column.first: column for column in self._dates}
        made = {rule.indicator for rule in self.filled}
        made |= {feature for column in self.binned for feature in column.features}
        feature = 0
        while feature < self.n_features:
            column = starts.get(feature)
            if column is not None:
                yield column.name, feature, column
                feature += len(self._features(column))
            else:
                if feature not in made:
                    yield self.feature(feature), feature, None
                feature += 1

    @property
    def _dates(self) -> Sequence[DateColumn]:
        return () if self.rules is None else self.rules.dates

    @staticmethod
    def _features(column: CategoryColumn | DateColumn) -> range:
        width = len(column.labels if isinstance(column, CategoryColumn) else column.parts)
        return range(column.first, column.first + width)

    def feature(self, feature: int) -> str:
        """Return the name of a feature, or its place as one."""
        return str(feature) if self.features is None else self.features[feature]


def feature_rows(X: ArrayLike, layout: RowLayout) -> Float64Array:
    """Return the features ``(n, n_features)`` of rows of a table; all are finite.

    The columns of a data frame are found by their names, in any order, and others are ignored. Without names,
    in a frame or in the model, columns count by their places. A missing cell is NaN, ``None`` or ``NaT``, as
    data frames have them, or a text that the rules name; it is filled where the model knows how. A category
    that the model has not seen counts as missing, with one warning for all.

    Args:
        X: ``(n, n_columns)``: an array, a data frame, or lists.
        layout: The columns of the model.

    Raises:
        DataError: A column is missing or there twice, the shape is another, or a cell is missing or no finite
            number; the message names column and row, from 0.
    """
    wanted, rules = list(layout.columns()), layout.rules
    _expect_unmasked(X, layout.names)
    cells = _cells(X, layout.names, named=layout.features is not None)
    numbers_only = len(wanted) == layout.n_features and not any(column for _, _, column in wanted)
    if isinstance(cells, np.ndarray) and cells.dtype.kind in PLAIN and numbers_only:
        rows = with_marks(cells.astype(np.float64), rules)
        fill_missing(rows, layout.filled)
        _expect_finite(rows, layout, "a finite number", rows)
        return rows
    columns = list(cells.T if isinstance(cells, np.ndarray) else cells)
    rows = np.zeros((len(columns[0]), layout.n_features))
    filled = {rule.feature for rule in layout.filled}
    numbers = (values for values, (_, _, column) in zip(columns, wanted, strict=True) if column is None)
    decimal = None if rules is None else decimal_mark(numbers, rules)
    unseen = dict[str, list[str]]()
    for values, (name, feature, column) in zip(columns, wanted, strict=True):
        fills = feature in filled
        if isinstance(column, CategoryColumn):
            places, unseen[name] = category_places(values, column, rules)
            known = np.flatnonzero(places >= 0)
            rows[known, feature + places[known]] = 1
        elif isinstance(column, DateColumn):
            parts = date_features(values, column, rules, fills=fills)
            rows[:, feature : feature + len(column.parts)] = parts
        else:
            rows[:, feature] = as_numbers(values, name, fills=fills, rules=rules, decimal=decimal)
    _warn_of({name: texts for name, texts in unseen.items() if texts})
    fill_missing(rows, layout.filled)
    fill_bins(rows, layout.binned)
    _expect_finite(rows, layout, "a finite number", rows)
    return rows


def _warn_of(unseen: dict[str, list[str]]) -> None:
    """Warn of categories that the model has not seen."""
    if unseen:
        found = "; ".join(f"column {name!r}: {_listed(texts)}" for name, texts in unseen.items())
        news = f"X: categories that the model has not seen count as missing: {found}"
        warnings.warn(news, CategoryWarning, stacklevel=5)


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
    header = _header(X, names) if named else None
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


def _header(X: Any, names: Sequence[str]) -> list[str] | None:
    """Return the names of the columns of a data frame, or ``None`` where they count by their places.

    Whole numbers, as pandas has them without a header, are the names ``x0``, ``x1``, ... of a table without
    one; else they are the places, which may have changed since.
    """
    found = getattr(X, "column_names", None) if hasattr(X, "column_names") else getattr(X, "columns", None)
    if found is None:
        return None
    header = [str(name) for name in found]
    if any(isinstance(name, str) for name in found) or {*names} <= {*header}:
        return header
    numbered = [f"x{name}" for name in header]
    if {*names} <= {*numbered}:
        return numbered
    places = [str(place) for place in range(len(names))]
    if header == places:
        return None
    if sorted(header, key=str) != sorted(places):
        expected = f"expected columns {', '.join(map(repr, names[:_LISTED]))}"
        raise DataError(
            f"X: {expected}, found {_listed(header)}; X.to_numpy() counts columns by their places"
        )
    return [names[int(place)] for place in header]


def _places_of(names: Sequence[str], header: Sequence[str]) -> list[int]:
    """Return the places of the wanted columns; all that are missing are named."""
    counts, places = Counter(header), {name: place for place, name in enumerate(header)}
    for name in names:
        if counts[name] > 1:
            raise DataError(f"X: expected a column {name!r} once, found it {counts[name]} times")
    gone = [name for name in names if name not in places]
    if gone:
        hint = did_you_mean(gone[0], sorted({*header} - {*names})) or f"; the columns are {_listed(header)}"
        more = f", nor {_listed(gone[1:])}" if gone[1:] else ""
        raise DataError(
            f"X: expected a column {gone[0]!r}, found none{more}{hint}; an array counts by places"
        )
    return [places[name] for name in names]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:_LISTED])) + (", ..." if len(names) > _LISTED else "")


def _column(X: Any, place: int, header: Sequence[str]) -> NDArray[Any]:
    return np.asarray(X.iloc[:, place] if hasattr(X, "iloc") else X[header[place]])


def _expect_finite(checked: FloatArray, layout: RowLayout, expected: str, rows: Float64Array) -> None:
    if np.isfinite(checked).all():
        return
    row, feature = np.argwhere(~np.isfinite(checked))[0]
    name, found = layout.feature(int(feature)), rows[row, feature]
    raise DataError(f"X: column {name!r}, row {row}: expected {expected}, found {found}")
