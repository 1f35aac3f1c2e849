"""Cells of a table as numbers, categories and dates, by the rules that a model keeps."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from numbers import Number
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.errors import DataError
from hpsearch.nn.files.category_columns import CategoryColumn
from hpsearch.number import read_number, read_quantity
from hpsearch.table.dates import ISO, every_part, read_dates
from hpsearch.table.rules import DateColumn, TableRules
from hpsearch.types import Float64Array, IntArray

PLAIN = "biuf"
"""NumPy's kinds of numbers: truth values, whole and real numbers."""
MISSING = ""
"""The category of missing cells: no text of a table is empty."""

_TRUTHS = frozenset(["true", "false"])
_SHOWN = 5


def decimal_mark(columns: Iterable[NDArray[Any]], rules: TableRules) -> str | None:
    """Return the mark before the fraction of the numbers in a table.

    It is the model's, unless that is a comma and every number of the table is one only with a point, as
    pandas writes numbers that it has read with commas.

    Args:
        columns: The columns of numbers, those with texts among them.
        rules: The rules of the model.
    """
    if rules.decimal != ",":
        return rules.decimal
    texts = {
        cell.strip()
        for cells in columns
        if cells.dtype.kind in "OUT"
        for cell in cells.tolist()
        if isinstance(cell, str) and not is_missing(cell, rules)
    }
    fits = {mark: all(read_quantity(text, decimal=mark) for text in texts) for mark in ",."}
    return "." if fits["."] and not fits[","] else ","


def is_missing(cell: object, rules: TableRules | None) -> bool:
    """Return whether a cell is missing: ``None``, NaN, a mark of pandas, which is not imported, or a text."""
    if isinstance(cell, str):
        return rules is not None and not rules.plain and (not cell.strip() or cell.strip() in rules.missing)
    return cell is None or type(cell).__name__ in {"NAType", "NaTType"} or bool(cell != cell)  # noqa: PLR0124


def as_numbers(
    cells: NDArray[Any], name: str, *, fills: bool, rules: TableRules | None, decimal: str | None
) -> Float64Array:
    """Return a column of numbers; a text that is one counts, as NumPy makes texts of mixed rows.

    Args:
        cells: The cells of the column.
        name: Its name, for errors.
        fills: Whether missing cells are filled, so that they may be NaN.
        rules: The rules of the model, where it has some.
        decimal: The mark before the fraction of a number.

    Raises:
        DataError: A cell is no number.
    """
    if cells.dtype.kind in PLAIN:
        return with_marks(cells.astype(np.float64), rules)

    def read(cell: object) -> float | None:
        if fills and is_missing(cell, rules):
            return math.nan
        if isinstance(cell, str):
            return None if is_missing(cell, rules) else _text_number(cell.strip(), rules, decimal)
        return float(cell) if isinstance(cell, Number) and not isinstance(cell, complex) else None  # type: ignore[arg-type]

    numbers = [read(cell) for cell in cells.tolist()] if cells.dtype.kind in "OUT" else [None] * len(cells)
    for row, number in enumerate(numbers):
        if number is None:
            raise _refused(name, row, "a number", cells[row], rules)
    return with_marks(np.array(numbers, np.float64), rules)


def with_marks(numbers: Float64Array, rules: TableRules | None) -> Float64Array:
    """Return numbers, NaN where one of them stands for a missing cell, such as -999."""
    marks = [read_number(text) for text in (rules.missing if rules is not None else ())]
    for mark in marks:
        if mark is not None and math.isfinite(mark):
            numbers[numbers == mark] = np.nan
    return numbers


def _text_number(text: str, rules: TableRules | None, decimal: str | None) -> float | None:
    """Return the number that a text is; where no number showed a decimal mark, one with a comma is none."""
    if decimal != "," and read_number(text) is not None:
        return float(text)
    if rules is None or rules.plain or (decimal is None and "," in text):
        return None
    found = read_quantity(text, decimal=decimal or ".")
    return None if found is None else found[0]


def category_places(
    cells: NDArray[Any], column: CategoryColumn, rules: TableRules | None
) -> tuple[IntArray, list[str]]:
    """Return the place of each cell's category, ``(n,)``, and the categories that the model has not seen.

    They count as missing: their place is the level of missing cells, or -1 where the model has none. A text
    is found by its spelling, a truth value in any case, and a number also by its value: pandas reads ``01``
    as 1, and as 1.0 in a column that lacks a cell.

    Args:
        cells: The cells of the column.
        column: Its categories.
        rules: The rules of the model, where it has some.

    Raises:
        DataError: A cell is missing, and the model has no level of missing cells.
    """
    places = {label: place for place, label in enumerate(column.labels)}
    truths = {label.casefold(): place for label, place in places.items() if label.casefold() in _TRUTHS}
    values = _values(column.labels)

    def find(cell: object) -> int | None:
        spelled = str(cell)
        if isinstance(cell, str | bool | np.bool_):
            found = places.get(spelled, places.get(spelled.strip()))
            return truths.get(spelled.strip().casefold()) if found is None else found
        if isinstance(cell, Number) and not isinstance(cell, complex) and spelled not in places:
            return values.get(float(cell))  # type: ignore[arg-type]
        return places.get(spelled)

    found, unseen, gone = list[int](), dict[str, None](), places.get(MISSING)
    for row, cell in enumerate(cells.tolist() if cells.dtype.kind != "M" else cells):
        place = None if cell is None else find(cell)
        if place is None and is_missing(cell, rules):
            if gone is None:
                labels = ", ".join(map(repr, column.labels[:_SHOWN]))
                shown = labels + (", ..." if len(column.labels) > _SHOWN else "")
                raise _refused(
                    column.name, row, f"one of {shown}", str(cell), TableRules(missing=(str(cell),))
                )
            place = gone
        elif place is None:
            unseen[str(cell)] = None
            place = -1 if gone is None else gone
        found.append(place)
    return np.array(found, np.int64), list(unseen)


def _values(labels: Sequence[str]) -> dict[float, int]:
    """Return number -> place of the labels that are numbers; of several with one value, none."""
    found, several = dict[float, int](), set[float]()
    for place, label in enumerate(labels):
        number = read_number(label)
        if number is not None and math.isfinite(value := float(label)):
            several |= {value} & found.keys()
            found[value] = place
    return {value: place for value, place in found.items() if value not in several}


def date_features(
    cells: NDArray[Any], column: DateColumn, rules: TableRules | None, *, fills: bool
) -> Float64Array:
    """Return the parts of a column of dates, ``(n, n_parts)``; NaN where a date is missing.

    Args:
        cells: The cells of the column: texts, or moments of NumPy, Python or pandas.
        column: Its form and its parts.
        rules: The rules of the model.
        fills: Whether missing cells are filled, so that they may be NaN.

    Raises:
        DataError: A cell is no date.
    """
    if cells.dtype.kind == "M":
        gone, moments = np.isnat(cells), cells.astype("M8[us]")
    else:
        plain = cells.tolist()
        gone = np.array([is_missing(cell, rules) for cell in plain], dtype=bool)
        dated = [isinstance(cell, str | date | np.datetime64) for cell in plain]
        moments = np.full(len(plain), np.datetime64("NaT"), dtype="M8[us]")
        for form in dict.fromkeys((column.form, ISO)):
            left = np.flatnonzero(np.isnat(moments) & ~gone & np.array(dated, dtype=bool))
            if len(left):
                wanted = [plain[row].strip() if isinstance(plain[row], str) else plain[row] for row in left]
                moments[left] = read_dates(wanted, form)
    bad = np.flatnonzero(np.isnat(moments) & ~(gone & fills))
    if len(bad):
        raise _refused(column.name, int(bad[0]), "a date", cells[bad[0]], rules)
    parts = every_part(moments)
    return np.column_stack([parts[name] for name in column.parts])


def _refused(name: str, row: int, expected: str, found: object, rules: TableRules | None) -> DataError:
    shown = repr(str(found)) if isinstance(found, str) else str(found)
    why = (
        "; no row that the model learned from lacks one, so leave the row out"
        if is_missing(found, rules)
        else ""
    )
    return DataError(f"X: column {name!r}, row {row}: expected {expected}, found {shown}{why}")
