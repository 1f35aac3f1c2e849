"""Doubts about the columns of a table: identifiers, and columns that alone give the target away."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.examples import Label, quote
from hpsearch.data.tables.columns import Numbers, Texts
from hpsearch.types import IntArray

_LEAST_ROWS = 20
_NEARLY = 0.99
"""The share of rows that a column alone must get right: what is known before the answer seldom does."""


def column_doubts(columns: Sequence[Numbers | Texts], y: IntArray) -> Iterator[str]:
    """Yield a line for each column that is probably not meant to be learned from.

    Args:
        columns: The columns.
        y: The class of each row, ``(n,)``.
    """
    if len(y) < _LEAST_ROWS:
        return
    for column in columns:
        name = quote(column.name)
        mend = f"ignore = [{name}] leaves it out"
        if isinstance(column, Numbers) and _counts_up(column.values):
            yield f"data.ignore: column {name} looks like an identifier: whole numbers, one a row; {mend}"
        if _gives_away(column, y):
            yield (
                f"data.ignore: column {name} alone nearly determines the target; if it is only known after "
                f"the answer, {mend}"
            )


def class_doubts(classes: Sequence[Label]) -> Iterator[str]:
    """Yield a line where classes differ in capitals or blanks only, or are many whole numbers."""
    seen = dict[str, Label]()
    for label in classes:
        if isinstance(label, str):
            key = " ".join(label.casefold().split())
            if key in seen:
                yield (
                    f"data.target: {quote(seen[key])} and {quote(label)} differ in capitals or blanks only "
                    "and count as two classes; write it in one way"
                )
            seen.setdefault(key, label)
    whole = [label for label in classes if isinstance(label, int) and not isinstance(label, bool)]
    if len(whole) > 10:  # digits are 10 classes
        yield (
            f"data.target: {len(whole)} whole numbers, each a class of its own without an order; if they are "
            "quantities, a network of classes does not know which are near each other"
        )


def _counts_up(values: NDArray[np.float64]) -> bool:
    """Return whether numbers are whole, all different, and cover a range without many gaps, or rise."""
    if not np.isfinite(values).all() or (values != np.floor(values)).any():
        return False
    if len(np.unique(values)) < len(values):
        return False
    steps = np.diff(values)
    return bool((steps > 0).all() or np.ptp(values) < 2 * len(values))


def _gives_away(column: Numbers | Texts, y: IntArray) -> bool:
    """Return whether a column alone tells the classes apart in nearly all rows.

    Two rules are tried: the most frequent class of each value, in which a row does not count for itself; and,
    for numbers, as many intervals as there are classes.
    """
    n_classes = int(y.max()) + 1
    usual = np.bincount(y).max()
    values = column.values if isinstance(column, Numbers) else column.codes
    _, groups = np.unique(values, return_inverse=True)  # all NaN are one value
    n_groups = int(groups.max()) + 1
    if n_groups < 2:
        return False
    order = np.lexsort((y, groups))
    if n_groups <= len(y) // 2:
        pairs, counts = np.unique(groups * n_classes + y, return_counts=True)
        most = np.zeros(n_groups, dtype=np.int64)
        np.maximum.at(most, pairs // n_classes, counts)
        sizes = np.bincount(groups)
        right = int((most - 1).sum())  # each group's first row has nothing to go by
        known = int((sizes - 1).sum())
        if known >= _LEAST_ROWS // 2 and right >= _NEARLY * known and _better(most.sum(), usual, len(y)):
            return True
    if isinstance(column, Texts):
        return False
    changes = int((np.diff(y[order]) != 0).sum())
    mixed = np.unique(groups * n_classes + y).size - n_groups
    return mixed <= (1 - _NEARLY) * len(y) and changes - (n_classes - 1) <= (1 - _NEARLY) * len(y)


def _better(right: int, usual: int, n: int) -> bool:
    """Return whether so many right rows are more than a constant answer has, by half of its errors."""
    return bool(n - right <= (n - usual) / 2)
