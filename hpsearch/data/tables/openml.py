"""Fetch tables from OpenML."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hpsearch.data.examples import Label, quote
from hpsearch.data.tables.columns import Column, Numbers, Table, Texts, coded
from hpsearch.errors import DataError, first_line
from hpsearch.memory import DEFAULT_LIMIT, PER_OBJECT, MemoryLimit


def read_openml(
    number: int, *, folder: str, target: str | None, limit: MemoryLimit = DEFAULT_LIMIT
) -> tuple[Table, str]:
    """Return a data set of OpenML as a table, and its target; once fetched, it is kept in a folder.

    Args:
        number: The number of the data set; a data set of a number never changes.
        folder: The folder where scikit-learn keeps the fetched file.
        target: The column that holds the class; ``None`` for the one that OpenML names.
        limit: The limit of what may be held in memory.

    Raises:
        DataError: There is no such data set, it cannot be fetched, or is too large.

    Source: J. Vanschoren, J. van Rijn, B. Bischl, L. Torgo, "OpenML: networked science in machine learning",
        SIGKDD Explorations, 2013.
    """
    from sklearn.datasets import fetch_openml  # noqa: PLC0415 4 s

    where, wanted = f"openml:{number}", target or "default-target"
    try:
        bunch = fetch_openml(
            data_id=number, data_home=folder, target_column=wanted, parser="pandas", n_retries=1
        )
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"{where}: expected a data set that can be fetched, found: {first_line(error)}"
        ) from None
    if len(bunch.target_names) != 1:
        raise DataError(
            f"{where}: expected one target, found {quote(*bunch.target_names) or 'none'}; name it"
        )
    frame = bunch.frame.rename(columns=str)
    size = f"{len(frame):,} rows of {len(frame.columns):,} columns"
    limit.expect(PER_OBJECT * len(frame) * len(frame.columns), where=where, found=size)

    def read_columns(names: Sequence[str]) -> tuple[list[Column], list[str], list[str]]:
        return [_column(name, _filled(frame[name])) for name in names], [], []

    def read_labels(name: str) -> tuple[list[Label | None], str]:
        values = _filled(frame[name])
        kinds = {type(value) for value in values if value is not None}
        plain = len(kinds) == 1 and kinds <= {int, bool, str, float}
        return [v if plain or v is None else str(v) for v in values], ""

    table = Table(
        header=list(frame.columns),
        read_columns=read_columns,
        read_labels=read_labels,
        read_cells=lambda name: np.array(_filled(frame[name]), dtype=object),
    )
    return table, str(bunch.target_names[0])


def _filled(column: Any) -> list[Any]:
    """Return the cells of a column, ``None`` where one is missing."""
    return [None if gone else v for v, gone in zip(column.tolist(), column.isna(), strict=True)]


def _column(name: str, cells: Sequence[Any]) -> Column:
    filled = [cell for cell in cells if cell is not None]
    if all(isinstance(cell, bool | int | float) for cell in filled):
        values = np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
        return Numbers(name=name, values=values)
    labels, codes = coded(["" if cell is None else str(cell) for cell in cells])
    gone = labels.index("") if "" in labels else -1
    return Texts(name=name, labels=labels, codes=np.where(codes == gone, -1, codes))
