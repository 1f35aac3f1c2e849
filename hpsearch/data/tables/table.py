"""The examples of a table: its target, its rows with a target, and the features of its columns."""

from collections.abc import Sequence

import numpy as np

from hpsearch.data.examples import Examples, OneHotColumn, class_indices, quote, strata_of
from hpsearch.data.fill import missing_notes
from hpsearch.data.quantity import find_quantity
from hpsearch.data.tables.cells import MARKS
from hpsearch.data.tables.choice import choose, index_columns, named_faults
from hpsearch.data.tables.columns import Column, Numbers, Table, Texts, spread
from hpsearch.data.tables.doubts import class_doubts, column_doubts
from hpsearch.errors import DataError
from hpsearch.memory import DEFAULT_LIMIT, MemoryLimit
from hpsearch.study_file import DataSpec
from hpsearch.table.rules import DateColumn, TableRules
from hpsearch.types import BoolArray

_SHOWN = 5


def examples_of(
    table: Table, *, where: str, spec: DataSpec, limit: MemoryLimit = DEFAULT_LIMIT, plain: bool = False
) -> Examples:
    """Return the labeled rows of a table.

    Rows without a target are left out. Columns that are nothing to learn from are left out, too.

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
    faults += [*wrong, *_infinite(columns)]
    if target not in table.header:
        raise _refusal(faults, where)
    labels, kind = table.read_labels(target)
    names = [label for label in labels if label is not None]
    quantity = None if plain else find_quantity(names, name=target, kind=kind, spec=spec)
    faults += quantity.faults if quantity else ()
    if faults:
        raise _refusal(faults, where)
    index, notes = index_columns(table, columns), [*table.notes, *notes]
    notes += quantity.notes if quantity else ()
    has_label = np.array([label is not None for label in labels], dtype=bool)
    if not has_label.all():
        notes.append(_dropped(has_label, target, where))
        columns = [column.take(has_label) for column in columns]
    chosen = [c for c in columns if isinstance(c, Numbers | Texts)]
    if not plain:
        choice = choose(columns, index=index, spec=spec)
        chosen, notes = list(choice.columns), [*notes, *choice.notes]
    why = "".join(f"; {note}" for note in notes)
    if not chosen:
        raise DataError(f"{where}: expected at least one column beside the target, found none left{why}")
    if quantity is None and len(set(names)) < 2:
        raise DataError(f"{where}: expected at least 2 classes, found 1: {quote(names[0])}{why}")
    X, features, one_hot = spread(chosen, where=where, limit=limit)
    gone = {c.name: int(c.missing.sum()) for c in chosen if isinstance(c, Texts) and c.missing.any()}
    notes += missing_notes(X, features, gone)
    y, classes = (quantity.values, ()) if quantity else class_indices(names, where=where)
    return Examples(
        where=where,
        X=X,
        y=y,
        classes=classes,
        features=features,
        categorical=one_hot,
        label_type="" if quantity else kind,
        rules=_rules(table, spec, columns=chosen, one_hot=one_hot, plain=plain),
        notes=tuple(notes),
        doubts=() if plain else (*column_doubts(chosen, strata_of(y)), *class_doubts(classes)),
    )


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
