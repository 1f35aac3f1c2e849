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
        X, y = read_arrays(content, where=str(path), limit=limit, labeled=False)
        return ArrayRows(X=X, y=y)
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

    A table without a header may lack its target: then the names of the columns behind it are others.

    Raises:
        DataError: It has another number of columns.
    """
    if rules.header or not rules.width:
        return table
    if len(table.header) == rules.width:
        return table
    if len(table.header) != rules.width - 1:
        raise DataError(
            f"{where}: expected {rules.width:,} columns, or {rules.width - 1:,} without the target, found "
            f"{len(table.header):,}; the model learned from a table without a header"
        )
    names = [name for name in (f"x{place}" for place in range(rules.width)) if name != rules.target]
    own = dict(zip(names, table.header, strict=True))
    return replace(table, header=names, read_cells=lambda name: table.read_cells(own[name]))
