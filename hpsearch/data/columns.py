"""Turn the columns of a table into features: numbers as they are, each category as one (one-hot)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.data.examples import OneHotColumn, quote
from hpsearch.errors import DataError, did_you_mean
from hpsearch.memory import DEFAULT_LIMIT, PER_NUMBER, MemoryLimit
from hpsearch.types import Float64Array, IntArray

MOST_CATEGORIES = 1000
"""A column of more different texts is an identifier or free text, and no feature to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbers:
    """A column of numbers.

    Attributes:
        name: Its name.
        values: The numbers, ``(n,)``.
    """

    name: str
    values: Float64Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Texts:
    """A column of categories.

    Attributes:
        name: Its name.
        labels: The different texts; the code of a text is its place.
        codes: Each row's place in ``labels``, ``(n,)``.
    """

    name: str
    labels: Sequence[str]
    codes: IntArray


def columns_to_read(
    header: Sequence[str],
    *,
    target: str | None,
    categorical: Sequence[str],
    ignore: Sequence[str],
    where: str,
) -> list[str]:
    """Return the columns of a table that become features, in their order, and last the target.

    Args:
        header: All columns.
        target: The column that holds the class.
        categorical: Columns whose cells are categories, even where they look like numbers.
        ignore: Columns that are left out.
        where: Path of the file, for errors.

    Raises:
        DataError: There is no target, a named column is missing or named twice, or no column is left.
    """
    if target is None:
        raise DataError(
            f'{where}: expected target = "..." to name the column of the class, one of {quote(*header)}'
        )
    known, taken = frozenset(header), dict[str, str]()
    for key, names in {"": (target,), "ignore: ": ignore, "categorical: ": categorical}.items():
        for name in names:
            if name not in known:
                hint = did_you_mean(name, list(header)) or f"; the columns are {quote(*header)}"
                raise DataError(f"{where}: {key}expected a column {quote(name)}, found none{hint}")
            if name in taken:
                other = taken[name] or "target: "
                raise DataError(f"{where}: {key}expected other columns than in {other}found {quote(name)}")
            taken[name] = key
    left_out = {target, *ignore}
    left = [name for name in header if name not in left_out]
    if not left:
        raise DataError(f"{where}: expected at least one column beside the target, found none left")
    return [*left, target]


def expect_different(names: Sequence[str], *, where: str) -> None:
    """Refuse columns of which two have one name.

    Raises:
        DataError: Names the file and the first such name.
    """
    seen = set[str]()
    for name in names:
        if name in seen:
            raise DataError(f"{where}: expected different names, found {quote(name)} twice")
        seen.add(name)


def spread(
    columns: Sequence[Numbers | Texts], *, where: str, limit: MemoryLimit = DEFAULT_LIMIT
) -> tuple[Float64Array, tuple[str, ...], tuple[OneHotColumn, ...]]:
    """Return the features of columns, ``(n, d)``, their names, and the columns that became one-hot.

    A column of categories becomes one feature a category, in the order of the texts: 1 in the rows that hold
    it, 0 elsewhere.

    Raises:
        DataError: A column has too many categories, or all features together do not fit into memory.
    """
    blocks, names, found = list[Float64Array](), list[str](), list[OneHotColumn]()
    _expect_room(columns, where, limit)
    for column in columns:
        if isinstance(column, Numbers):
            blocks.append(column.values[:, None])
            names.append(column.name)
            continue
        labels = _sorted_labels(column, where)
        place = {label: i for i, label in enumerate(labels)}
        order = np.array([place.get(label, 0) for label in column.labels], dtype=np.int64)
        blocks.append(np.eye(len(labels))[order[column.codes]])
        found.append(OneHotColumn(name=column.name, first=len(names), labels=labels))
        names += [f"{column.name}={label}" for label in labels]
    return np.hstack(blocks), tuple(names), tuple(found)


def _expect_room(columns: Sequence[Numbers | Texts], where: str, limit: MemoryLimit) -> None:
    """Refuse columns whose features take too much memory: a column of codes may become a thousand."""
    rows = max(len(c.values if isinstance(c, Numbers) else c.codes) for c in columns)
    n_features = sum(
        1 if isinstance(column, Numbers) else min(len(column.labels), MOST_CATEGORIES) for column in columns
    )
    found = f"{rows:,} rows of {n_features:,} features"
    limit.expect(PER_NUMBER * rows * n_features, where=where, found=found)


def _sorted_labels(column: Texts, where: str) -> tuple[str, ...]:
    present = np.unique(column.codes)
    if len(present) > MOST_CATEGORIES:
        raise DataError(
            f"{where}: column {quote(column.name)}: expected at most {MOST_CATEGORIES} categories, found "
            f"{len(present)}; leave the column out with ignore = [...]"
        )
    return tuple(sorted(column.labels[int(code)] for code in present))


def coded(cells: Sequence[str]) -> tuple[list[str], IntArray]:
    """Return the different texts in the order of their first cells, and each cell's place among them."""
    places: Mapping[str, int] = {text: i for i, text in enumerate(dict.fromkeys(cells))}
    return list(places), np.array([places[cell] for cell in cells], dtype=np.int64)
