"""Examples: labeled rows as they were read, before they are split and scaled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from hpsearch.errors import DataError
from hpsearch.space.checks import cut
from hpsearch.table.rules import TableRules
from hpsearch.types import Float64Array, IntArray

Label: TypeAlias = str | int | float | bool
"""The name of a class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneHotColumn:
    """A column of categories that became one feature a category (one-hot).

    Attributes:
        name: The column's name.
        first: The feature of its first category; the features of the others follow.
        labels: Its categories, sorted.
    """

    name: str
    first: int
    labels: tuple[str, ...]

    @property
    def features(self) -> range:
        """The features of its categories."""
        return range(self.first, self.first + len(self.labels))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examples:
    """Labeled rows.

    Attributes:
        where: Name of the data in error messages: the path of the file, or the name of the data set.
        X: Features, ``(n, d)``; NaN where a number is missing, else finite.
        y: Index into ``classes``, ``(n,)``; or, without classes, the number of each row, ``(n, 1)``.
        classes: Sorted labels, at least two; none where the target is a number.
        features: Names of the columns of ``X``.
        maximum: The largest value a feature can have, for images; ``None`` for tables.
        categorical: The columns that became one-hot features, which are not scaled.
        label_type: The type of the labels that a model predicts, as NumPy spells it; empty for that of
            ``classes``.
        rules: The rules by which their table was read, where it is one.
        weights: How much each row counts in the training loss, ``(n,)``, above 0; ``None`` where all rows
            count alike.
        notes: What was guessed, left out or passed over when they were read.
        doubts: What is allowed about them and probably not meant.
    """

    where: str
    X: Float64Array
    y: IntArray | Float64Array
    classes: tuple[Label, ...]
    features: tuple[str, ...]
    maximum: float | None = None
    categorical: tuple[OneHotColumn, ...] = ()
    label_type: str = ""
    rules: TableRules | None = None
    weights: Float64Array | None = None
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def strata(self) -> IntArray:
        """The classes, or groups of rows with numbers of about one size, ``(n,)``."""
        return strata_of(self.y)


def strata_of(y: IntArray | Float64Array) -> IntArray:
    """Return the strata of a target, ``(n,)``: classes ``(n,)``, or groups of numbers ``(n, 1)``."""
    return y.astype(np.int64) if y.ndim == 1 else quantile_groups(y[:, 0].astype(np.float64))


def quantile_groups(values: Float64Array) -> IntArray:
    """Return the group of each value, ``(n,)``: ten of equal size at most, in the order of the values.

    Each has at least ten rows, so that a small table has fewer groups, or one.
    """
    n = len(values)
    n_groups = max(1, min(10, n // 10))
    rank = np.empty(n, np.int64)
    rank[np.argsort(values, kind="stable")] = np.arange(n)
    return rank * n_groups // n


def class_indices(labels: Sequence[Label], *, where: str) -> tuple[IntArray, tuple[Label, ...]]:
    """Return each label's index in the sorted classes, ``(n,)``, and the classes.

    Args:
        labels: The label of each row, ``(n,)``, all of one type.
        where: Name of the data in error messages.

    Raises:
        DataError: All rows are of one class.
    """
    classes = tuple(sorted(set(labels)))
    if len(classes) < 2:
        raise DataError(f"{where}: expected at least 2 classes, found {len(classes)}: {quote(*classes)}")
    index = {label: i for i, label in enumerate(classes)}
    return np.array([index[label] for label in labels], dtype=np.int64), classes


def quote(*values: object) -> str:
    """Return values for an error message: escaped, on one line, each cut, at most twenty."""
    shown = [repr(cut(value) if isinstance(value, str) else value) for value in values]
    return ", ".join(shown[:20]) + (", ..." if len(shown) > 20 else "")
