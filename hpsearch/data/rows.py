"""Rows to predict: a table or arrays, read by the rules of the table that a model has learned from."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from hpsearch.data.archive import read_arrays
from hpsearch.data.examples import quote
from hpsearch.data.rules import FIRST_RULES, PRESENT_RULES
from hpsearch.data.sources import TABLES, file_bytes, table_of
from hpsearch.data.tables.columns import Table
from hpsearch.data.tables.unpack import kind_of
from hpsearch.errors import DataError
from hpsearch.memory import memory_limit
from hpsearch.study_file import DataSpec
from hpsearch.table.rules import TableRules


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArrayRows:
    """Rows without names of columns.

    Attributes:
        X: The rows, ``(n, d)``.
        y: The target of each, ``(n,)``, or ``None``.
    """

    X: NDArray[Any]
    y: NDArray[Any] | None


def open_rows(path: Path, *, rules: TableRules) -> Table | ArrayRows:
    """Return the rows of a file, whose columns need neither a target nor an order.

    Args:
        path: The file: a table or an NPZ file, by its ending.
        rules: The rules by which the table of the model was read.

    Raises:
        DataError: It cannot be read, or is no such file.
    """
    limit, kind = memory_limit(), kind_of(path.name)
    if kind not in {".npz", ".zip", *TABLES}:
        known = f"{', '.join(TABLES)} or .npz"
        raise DataError(f"{path}: expected a file that ends in {known}, found {quote(path.name)}")
    content = file_bytes(path, limit)
    if kind == ".npz":
        arrays = read_arrays(content, where=str(path), limit=limit, wanted=("X",))
        return ArrayRows(X=arrays["X"], y=arrays.get("y"))
    spec = DataSpec(
        source="rows.csv",
        target=rules.target,
        header=rules.header,
        missing=rules.missing,
        decimal=rules.decimal,
    )
    reading = FIRST_RULES if rules.plain else PRESENT_RULES
    return _named(table_of(content, path, spec, limit=limit, rules=reading, least=1), rules, where=str(path))


def _named(table: Table, rules: TableRules, *, where: str) -> Table:
    """Return a table whose columns have the names that they had in training.

    A table without a header may lack its target, and the weights with it: then the names of the columns
    behind are others. One of both alone cannot be missing: nothing would say which.

    Raises:
        DataError: It has another number of columns.
    """
    if rules.header or not rules.width:
        return table
    if len(table.header) == rules.width:
        return table
    further = [name for name in (rules.target, rules.weights) if name is not None]
    n_least = rules.width - max(len(further), 1)
    if len(table.header) != n_least:
        what = "the target" if rules.weights is None else "the target and the weights"
        raise DataError(
            f"{where}: expected {rules.width:,} columns, or {n_least:,} without {what}, found "
            f"{len(table.header):,}; the model learned from a table without a header"
        )
    names = [name for name in (f"x{place}" for place in range(rules.width)) if name not in further]
    own = dict(zip(names, table.header, strict=True))
    return replace(table, header=names, read_cells=lambda name: table.read_cells(own[name]))
