"""Guess which column of a table holds the class, where the user does not name it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from hpsearch.data.frames import parquet_columns
from hpsearch.data.table import is_number, open_table
from hpsearch.errors import DataError
from hpsearch.memory import DEFAULT_LIMIT, MemoryLimit

OBVIOUS = ("target", "label", "class", "y", "labels", "classes", "species", "category")
"""Names of columns that hold the class, in any case; the clearest first."""

_LOOKED_AT = 1000  # a column of texts shows itself in far fewer rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The column that holds the class.

    Attributes:
        name: Its name in the header line.
        why: The reason for this column.
    """

    name: str
    why: str


def guess_target(data: bytes, *, kind: str, where: str, limit: MemoryLimit = DEFAULT_LIMIT) -> Target:
    r"""Return the column of a table that most likely holds the class.

    That is a column with an obvious name; else the only column that holds anything except numbers; else the
    last one.

    Args:
        data: The bytes of the file.
        kind: ``".csv"`` or ``".parquet"``.
        where: Path of the file, for errors.
        limit: The limit of what may be held in memory.

    Raises:
        DataError: The columns cannot be read, or take too much memory.

    Example:
        >>> guess_target(b"kind,width\nx,1\ny,2\n", kind=".csv", where="t.csv").name
        'kind'
    """
    names, texts = _COLUMNS[kind](data, where=where, limit=limit)
    if len(names) < 2:
        raise DataError(f"{where}: expected at least 2 columns, found {len(names)}")
    by_name = {name.casefold(): name for name in names}
    for name in OBVIOUS:
        if name in by_name:
            return Target(name=by_name[name], why="its name says so")
    if len(texts) == 1:
        return Target(name=texts[0], why="the only column that is not numbers")
    return Target(name=names[-1], why="the last column")


def _csv_columns(data: bytes, *, where: str, limit: MemoryLimit) -> tuple[list[str], list[str]]:
    """Return the names of all columns, and of the columns that hold anything except numbers."""
    header, records = open_table(data, where=where, limit=limit)
    rows = [row for _, row in islice(records, _LOOKED_AT) if len(row) == len(header)]
    texts = [
        name
        for place, name in enumerate(header)
        if any(row[place] and not is_number(row[place]) for row in rows)
    ]
    return header, texts


_COLUMNS: dict[str, Callable[..., tuple[list[str], list[str]]]] = {
    ".csv": _csv_columns,
    ".parquet": parquet_columns,
}
"""Kind of table -> the function that returns the names of all columns, and of the columns of texts."""
