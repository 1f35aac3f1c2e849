"""The examples of a table: its target, its rows with a target, and the features of its columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.data.examples import Examples, Label, OneHotColumn, class_indices, quote, strata_of
from hpsearch.data.fill import missing_notes
from hpsearch.data.quantity import Quantity, find_quantity
from hpsearch.data.tables.cells import MARKS
from hpsearch.data.tables.choice import choose, index_columns, named_faults
from hpsearch.data.tables.columns import Column, Numbers, Table, Texts, spread
from hpsearch.data.tables.doubts import class_doubts, column_doubts
from hpsearch.data.tables.weights import RowWeights, find_weights
from hpsearch.errors import DataError
from hpsearch.memory import DEFAULT_LIMIT, MemoryLimit
from hpsearch.study_file import DataSpec
from hpsearch.table.rules import DateColumn, TableRules
from hpsearch.types import BoolArray

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableRows:
    """The rows of a table that have a target and a weight above 0.

    Attributes:
        labels: The label of each, ``(n_used,)``.
        kind: The type of the labels, as NumPy spells it.
        used: Which of the table's rows they are, ``(n,)``.
        labeled: Which of the table's rows have a target, ``(n,)``.
        weights: The weights of all rows of the table, where a column holds them.
    """

    labels: Sequence[Label]
    kind: str
    used: BoolArray
    labeled: BoolArray
    weights: RowWeights | None


def examples_of(
    table: Table, *, where: str, spec: DataSpec, limit: MemoryLimit = DEFAULT_LIMIT, plain: bool = False
) -> Examples:
    """Return the labeled rows of a table.

    Rows without a target and rows of weight 0 are left out. Columns that are nothing to learn from are left
    out, too.

    Args:
        table: The table.
        where: Path of the file, for errors.
        spec: The data's part of the study.
        limit: The limit of what may be held in memory.
        plain: Whether to read as version 1 did: no column and no row is left out.

    Raises:
        DataError: A named column is missing, or nothing can be learned; the message names all that is wrong.
    """
    faults = named_faults(table.header, spec)
    left_out = {target := str(spec.target), *spec.ignore}
    columns, notes, wrong = table.read_columns([n for n in table.header if n not in left_out])
    weight = next((column for column in columns if column.name == spec.weights), None)
    columns = [column for column in columns if column is not weight]
    faults += [*wrong, *_infinite(columns)]
    if target not in table.header:
        raise _refusal(faults, where)
    rows = _table_rows(table, target, weight)
    faults += rows.weights.faults if rows.weights else ()
    quantity = None if plain else find_quantity(rows.labels, name=target, kind=rows.kind, spec=spec)
    faults += quantity.faults if quantity else ()
    if faults:
        raise _refusal(faults, where)
    index, notes = index_columns(table, columns), [*table.notes, *notes]
    notes += [*(quantity.notes if quantity else ()), *_row_notes(rows, target, where)]
    columns = columns if rows.used.all() else [column.take(rows.used) for column in columns]
    chosen = [c for c in columns if isinstance(c, Numbers | Texts)]
    if not plain:
        choice = choose(columns, index=index, spec=spec)
        chosen, notes = list(choice.columns), [*notes, *choice.notes]
    _expect_enough(chosen, rows.labels, quantity, where=where, why="".join(f"; {note}" for note in notes))
    X, features, one_hot = spread(chosen, where=where, limit=limit)
    gone = {c.name: int(c.missing.sum()) for c in chosen if isinstance(c, Texts) and c.missing.any()}
    notes += missing_notes(X, features, gone)
    y, classes = (quantity.values, ()) if quantity else class_indices(rows.labels, where=where)
    doubts = () if plain else (*column_doubts(chosen, strata_of(y)), *class_doubts(classes))
    return Examples(
        where=where,
        X=X,
        y=y,
        classes=classes,
        features=features,
        categorical=one_hot,
        label_type="" if quantity else rows.kind,
        rules=_rules(table, spec, columns=chosen, one_hot=one_hot, plain=plain),
        weights=rows.weights.values[rows.used] if rows.weights else None,
        notes=tuple(notes),
        doubts=(*doubts, *(rows.weights.doubts if rows.weights else ())),
    )


def _table_rows(table: Table, target: str, weight: Column | None) -> TableRows:
    """Return the rows with a label in the target's column and a weight above 0 in the weights' column."""
    labels, kind = table.read_labels(target)
    used = labeled = np.array([label is not None for label in labels], dtype=bool)
    weights = None
    if weight is not None:
        weights = find_weights(weight, kept=labeled)
        used = labeled & (weights.values > 0)
    kept = [label for label, row in zip(labels, used, strict=True) if row and label is not None]
    return TableRows(labels=kept, kind=kind, used=used, labeled=labeled, weights=weights)


def _row_notes(rows: TableRows, target: str, where: str) -> list[str]:
    """Return what there is to say about rows that are left out, and about the weights of the others."""
    notes = [] if rows.labeled.all() else [_dropped(rows.labeled, target, where)]
    return [*notes, *(rows.weights.notes if rows.weights else ())]


def _expect_enough(
    columns: Sequence[Column], labels: Sequence[Label], quantity: Quantity | None, *, where: str, why: str
) -> None:
    """Refuse a table in which nothing is left to learn from, or one class alone."""
    if not columns:
        raise DataError(f"{where}: expected at least one column beside the target, found none left{why}")
    if quantity is None and len(set(labels)) < 2:
        raise DataError(f"{where}: expected at least 2 classes, found 1: {quote(labels[0])}{why}")


def _rules(
    table: Table,
    spec: DataSpec,
    *,
    columns: Sequence[Numbers | Texts],
    one_hot: Sequence[OneHotColumn],
    plain: bool,
) -> TableRules:
    """Return the rules by which a table was read."""
    widths, feature = {column.name: len(column.labels) for column in one_hot}, 0
    dates, parts = dict[str, DateColumn](), dict[str, list[str]]()
    for column in columns:
        if isinstance(column, Numbers) and column.date is not None:
            name, form = column.date.name, column.date.form
            parts.setdefault(name, []).append(column.name.removeprefix(f"{name}."))
            first = dates[name].first if name in dates else feature
            dates[name] = DateColumn(name=name, first=first, parts=tuple(parts[name]), form=form)
        feature += 1 if isinstance(column, Numbers) else widths[column.name]
    marks = (column.decimal for column in columns if isinstance(column, Numbers) and column.decimal)
    missing = sorted(MARKS) if spec.missing is None else spec.missing
    return TableRules(
        target=spec.target,
        weights=spec.weights,
        header=spec.header,
        width=len(table.header),
        missing=() if plain else tuple(missing),
        decimal=next(marks, None),
        dates=tuple(dates.values()),
        plain=plain,
    )


def _refusal(faults: Sequence[str], where: str) -> DataError:
    """Return the refusal of a table for all that is wrong with it, in one message."""
    return DataError(f"{where}: {'; '.join(faults)}")


def _infinite(columns: Sequence[Column]) -> list[str]:
    faults = list[str]()
    for column in columns:
        if not isinstance(column, Numbers):
            continue
        bad = np.flatnonzero(np.isinf(column.values))
        if len(bad):
            faults.append(
                f"column {quote(column.name)}, row {bad[0]}: expected a finite number, found infinity in "
                f"{len(bad):,} rows; ignore = [{quote(column.name)}] leaves the column out"
            )
    return faults


def _dropped(has_label: BoolArray, target: str, where: str) -> str:
    """Return the note about rows without a target."""
    gone = np.flatnonzero(~has_label)
    if len(gone) == len(has_label):
        raise DataError(f"{where}: column {quote(target)}: expected classes, found every cell missing")
    shown = ", ".join(map(str, gone[:_SHOWN])) + (", ..." if len(gone) > _SHOWN else "")
    return (
        f"{len(gone):,} of {len(has_label):,} rows are left out, because they have no {quote(target)} "
        f"(from 0: row {shown}); missing = [...] says what stands for a missing cell"
    )
