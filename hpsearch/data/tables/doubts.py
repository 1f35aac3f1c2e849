"""Doubts about the columns of a table: identifiers, and columns that alone give the target away."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.examples import Label, quote
from hpsearch.data.tables.columns import Numbers, Texts
from hpsearch.types import IntArray

_LEAST_ROWS = 20
_MOST_COLUMNS = 1000  # of so many some give the target away by chance
_NEARLY = 0.99
"""The share of rows that a column alone must get right: what is known before the answer seldom does."""


def column_doubts(columns: Sequence[Numbers | Texts], y: IntArray) -> Iterator[str]:
    """Yield a line for each column that is probably not meant to be learned from.

    Args:
        columns: The columns.
        y: The class of each row, ``(n,)``.
    """
    if len(y) < _LEAST_ROWS or len(columns) > _MOST_COLUMNS:
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
    values = column.values if isinstance(column, Numbers) else column.codes
    _, groups = np.unique(values, return_inverse=True)  # all NaN are one value
    n_groups, n_classes = int(groups.max()) + 1, int(y.max()) + 1
    if n_groups < 2:
        return False
    pairs, counts = np.unique(groups * n_classes + y, return_counts=True)
    rising = np.lexsort((counts, pairs // n_classes))  # the last of a group is its most frequent class
    last = np.flatnonzero(np.diff([*(pairs[rising] // n_classes), n_groups]))
    usual, most = pairs[rising][last] % n_classes, counts[rising][last]
    wrong, usually_wrong = len(y) - most.sum(), len(y) - np.bincount(y).max()
    if wrong > usually_wrong / 2:
        return False
    others = len(y) - n_groups  # the first row of each group has nothing to go by
    if others >= _LEAST_ROWS / 2 and (most - 1).sum() >= _NEARLY * others:
        return True
    changes = int((np.diff(usual) != 0).sum()) - (n_classes - 1)
    return isinstance(column, Numbers) and wrong + changes <= (1 - _NEARLY) * len(y)
