"""Choose the columns of a table to learn from, and say why the others are left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.data.examples import quote
from hpsearch.data.tables.columns import MOST_CATEGORIES, Column, Dates, Numbers, Table, Texts
from hpsearch.errors import did_you_mean
from hpsearch.study_file import DataSpec
from hpsearch.table.dates import date_parts

_UNNAMED = re.compile(r"Unnamed: [0-9]+|")
_LEAST_ROWS = 10
"""With fewer rows two columns of whole numbers may both count them by chance."""
_FEW_ROWS, _MOSTLY = 20, 0.9

_INDEX = "it names or counts the rows"
_REASONS = {
    "index": _INDEX,
    "empty": "every cell is missing",
    "constant": "every cell is the same",
    "texts": "as good as each row has a text of its own",
    "dates": "it holds dates",
}
_MENDS = {
    "index": "keep = [...] learns from it",
    "empty": "",
    "constant": "keep = [...] learns from it",
    "texts": "keep = [...] makes each text a category",
    "dates": 'dates = "parts" takes dates apart',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The columns of a table to learn from.

    Attributes:
        columns: The columns, in their order.
        notes: What is left out, and why.
    """

    columns: Sequence[Numbers | Texts]
    notes: Sequence[str]


def named_faults(header: Sequence[str], spec: DataSpec) -> list[str]:
    """Return what is wrong with the columns that a study names: a line for each.

    Args:
        header: All columns.
        spec: The data's part of the study.
    """
    if spec.target is None:
        return [f'expected target = "..." to name the column of the class, one of {quote(*header)}']
    faults, known, taken = list[str](), frozenset(header), dict[str, str]()
    keys = {
        "": (spec.target,),
        "weights: ": () if spec.weights is None else (spec.weights,),
        "ignore: ": spec.ignore,
        "categorical: ": spec.categorical,
        "keep: ": spec.keep,
    }
    for key, names in keys.items():
        for name in names:
            if name not in known:
                hint = did_you_mean(name, list(header)) or f"; the columns are {quote(*header)}"
                faults.append(f"{key}expected a column {quote(name)}, found none{hint}")
            elif name in taken and {key, taken[name]} != {"categorical: ", "keep: "}:
                other = taken[name] or "target: "
                faults.append(f"{key}expected other columns than in {other}found {quote(name)}")
            taken.setdefault(name, key)
    return faults


def index_columns(table: Table, columns: Sequence[Column]) -> list[str]:
    """Return the columns that number or name the rows: what the file says, and perhaps the first one.

    The first is an index where it has no name, or counts the rows from 0 or from 1.

    Args:
        table: The table.
        columns: Columns of the table, with all their rows.
    """
    first = next((column for column in columns if column.name == table.header[0]), None)
    if first is None or first.name in table.index:
        return list(table.index)
    counts = np.arange(len(first.missing))
    is_index = _UNNAMED.fullmatch(first.name) or (
        isinstance(first, Numbers)
        and len(counts) >= _LEAST_ROWS
        and any(np.array_equal(first.values, counts + start) for start in (0, 1))
    )
    return [*table.index, *([first.name] if is_index else [])]


def choose(columns: Sequence[Column], *, index: Sequence[str], spec: DataSpec) -> Choice:
    """Return the columns to learn from, and a note for each kind of column that is left out.

    Left out are an index, constants, texts that are different in nearly each row, and dates. What ``keep`` or
    ``categorical`` names stays.

    Args:
        columns: All columns except the target and those to ignore.
        index: Columns that number or name the rows.
        spec: The data's part of the study.
    """
    kept, out = list[Numbers | Texts](), dict[str, list[str]]()
    named = {*spec.keep, *spec.categorical}
    for column in columns:
        why = None
        if column.name not in named:
            why = "index" if column.name in index else _reason(column)
        if isinstance(column, Dates) and why in {None, "dates"}:
            why = None if spec.dates == "parts" or column.name in spec.keep else "dates"
            if why is None:
                parts = date_parts(column.values)
                kept += [Numbers(name=f"{column.name}.{part}", values=v, date=column) for part, v in parts]
        elif why is None and not isinstance(column, Dates):
            kept.append(column)
        if why is not None:
            out.setdefault(why, []).append(column.name)
    return Choice(columns=kept, notes=[_note(why, names) for why, names in out.items()])


def _reason(column: Column) -> str | None:
    """Return why a column is nothing to learn from, or ``None``."""
    filled = ~column.missing
    n = int(filled.sum())
    if n == 0:
        return "empty"
    values = column.codes if isinstance(column, Texts) else column.values
    different = len(np.unique(values[filled]))
    if different == 1 and n == len(filled) > 1:
        return "constant"
    if isinstance(column, Texts):
        many = n >= _FEW_ROWS and different > _MOSTLY * n
        return "texts" if many or different > MOST_CATEGORIES else None
    return "dates" if isinstance(column, Dates) else None


def _note(why: str, names: Sequence[str]) -> str:
    some = f"column {quote(*names)} is" if len(names) == 1 else f"columns {quote(*names)} are"
    mend = f"; {_MENDS[why]}" if _MENDS[why] else ""
    return f"{some} left out: {_REASONS[why]}{mend}"
