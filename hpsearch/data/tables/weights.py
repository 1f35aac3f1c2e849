"""The weights of rows: how much each counts in the training loss."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.data.examples import quote
from hpsearch.data.tables.columns import Column, Numbers, Texts
from hpsearch.number import read_number, read_quantity
from hpsearch.study_file import DECIMALS
from hpsearch.types import BoolArray, Float64Array, IntArray

_SHOWN = 5
"""Rows of one kind of fault that a message names."""
_TEXTS = 3
"""Different texts and negative numbers that it names."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowWeights:
    """The weights of the rows of a file.

    Attributes:
        values: The weight of each row, ``(n,)``, finite, 0 or more; 1 where there is none to be had.
        notes: What is said about them.
        doubts: What is allowed about them and probably not meant.
        faults: What is wrong with them.
    """

    values: Float64Array
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def find_weights(column: Column, *, kept: BoolArray, what: str = "column") -> RowWeights:
    """Return the numbers of a column as the weights of rows; whatever is wrong with them is one fault.

    Args:
        column: The column, with all its rows.
        kept: The rows that are used, ``(n,)``; what the others have does not matter.
        what: What a message calls the column.
    """
    values, strange = _numbers(column)
    bad = kept & ~(np.isfinite(values) & (values >= 0) & ~strange)
    name = quote(column.name)
    if bad.any():
        found = ", ".join(_found(column, values, bad, strange & kept))
        fault = (
            f"{what} {name}: expected a finite number in every row, 0 or more, found {found} "
            "(rows from 0); write a number there: 0 leaves the row out"
        )
        return RowWeights(values=np.where(bad, 1.0, values), faults=(fault,))
    known = values[kept]
    if not known.any():
        fault = f"{what} {name}: expected a weight above 0 in some row, found 0 in all of them"
        return RowWeights(values=np.ones(len(kept)), faults=(fault,) if len(known) else ())
    low, high = float(known[known > 0].min()), float(known.max())
    loss = f"weighs the rows in the training loss, from {low:.4g} to {high:.4g}"
    notes = [f"{what} {name} {loss}; metrics count every row alike"]
    gone = np.flatnonzero(kept & (values == 0))
    if len(gone):
        few = f"{len(gone):,} of {len(known):,} rows are left out, because their weight is 0"
        notes.append(f"{few} (rows from 0: {_rows(gone)})")
    same = f"data.weights: {what} {name} has the same weight in all rows, {low:.4g}: none counts for more"
    return RowWeights(
        values=values, notes=tuple(notes), doubts=(same,) if low == high and not len(gone) else ()
    )


def _numbers(column: Column) -> tuple[Float64Array, BoolArray]:
    """Return each row's number, ``(n,)``, NaN where there is none, and the rows that hold something else.

    A column of texts may hold numbers as well. Where all its texts are numbers, their units or their marks
    differ, and none of them is one.
    """
    if isinstance(column, Numbers):
        return column.values, np.zeros(len(column.values), dtype=bool)
    if not isinstance(column, Texts):
        return np.full(len(column.values), np.nan), ~column.missing
    numbers = np.array([*map(_number, column.labels), np.nan])  # the code -1 takes the last
    strange = np.isnan(numbers)[column.codes] & ~column.missing
    return (numbers[column.codes], strange) if strange.any() else (numbers[column.codes], ~column.missing)


def _number(text: str) -> float:
    """Return the number that a text stands for by itself; NaN for none."""
    plain = read_number(text)
    found = (read_quantity(text, decimal=mark) for mark in DECIMALS)
    return float(plain) if plain is not None else next((one[0] for one in found if one), np.nan)


def _found(column: Column, values: Float64Array, bad: BoolArray, strange: BoolArray) -> Iterator[str]:
    """Yield each kind of thing that is no weight, with its rows."""
    negative = bad & (values < 0) & ~np.isinf(values) & ~strange
    kinds = (
        ("a missing cell", bad & column.missing),
        (_texts(column, strange), strange),
        ("infinity", bad & np.isinf(values) & ~strange),
        (_listed([f"{n:g}" for n in dict.fromkeys(values[negative].tolist())]), negative),
    )
    for found, rows in kinds:
        if rows.any():
            yield f"{found} in row {_rows(np.flatnonzero(rows))}"


def _texts(column: Column, rows: BoolArray) -> str:
    """Return what rows hold that are no numbers: their different texts, or dates."""
    if not isinstance(column, Texts):
        return "dates"
    different = dict.fromkeys(column.labels[code] for code in column.codes[rows].tolist())
    return _listed([quote(text) for text in different])


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts[:_TEXTS]) + (", ..." if len(texts) > _TEXTS else "")


def _rows(rows: IntArray) -> str:
    return ", ".join(map(str, rows[:_SHOWN].tolist())) + (", ..." if len(rows) > _SHOWN else "")
