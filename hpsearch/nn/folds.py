"""Folds: the rows that each lane of a training learns from, and those that it is scored by."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.errors import DataError
from hpsearch.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Folds:
    """Folds of some rows: lane ``f`` of a training learns from row ``f`` of these arrays.

    All lanes of a stack learn from equally many rows. Where a fold is one row smaller than another, the lane
    that holds it out leaves out one row more: the last one of the largest class.

    Attributes:
        train: ``(folds, n_train)``, int64, the rows that a lane learns from, ascending.
        held: ``(folds, n_held)``, int64, the rows that a lane is scored by, ascending; a fold that is smaller
            than another repeats its first row at the end.
        counts: ``(folds,)``, the number of rows of each fold.
    """

    train: IntArray
    held: IntArray
    counts: IntArray

    @classmethod
    def of(cls, numbers: IntArray, y: NDArray[Any]) -> "Folds":
        """Return the folds of some rows, repeat after repeat.

        Args:
            numbers: ``(repeats, n)``, the fold of each row, 0 or more; each fold of each repeat has a row.
            y: ``(n,)`` classes, or ``(n, outputs)`` values.

        Raises:
            DataError: A repeat has fewer than two folds, or a fold without rows; or folds differ by more than
                a row.
        """
        counts = np.stack([np.bincount(row, minlength=numbers.max() + 1) for row in numbers])
        if counts.shape[1] < 2 or not counts.min() or counts.max() - counts.min() > 1:
            expected = "two or more a repeat, with as many rows each or one less"
            raise DataError(f"folds: expected {expected}, found {counts[0].tolist()} rows")
        n_train, n_held = numbers.shape[1] - counts.max(), counts.max()
        train, held = [], []
        for row in numbers:
            for fold in range(counts.shape[1]):
                train.append(_without_spare(np.flatnonzero(row != fold), y, n=n_train))
                own = np.flatnonzero(row == fold)
                held.append(np.append(own, own[: n_held - len(own)]))
        return cls(train=np.stack(train), held=np.stack(held), counts=counts.reshape(-1))

    def expect_fit(self, X: FloatArray, X_val: FloatArray, weights: FloatArray | None) -> None:
        """Refuse rows that these folds do not divide.

        Raises:
            DataError: There are validation rows beside the folds, a row of weight 0, or too few rows.
        """
        if len(X_val):
            raise DataError(f"X_val: expected no rows beside folds, found {len(X_val)}; put them into X")
        if weights is not None and not weights.min() > 0:
            raise DataError("weights: expected numbers above 0 beside folds, found 0; leave those rows out")
        last = max(int(self.train.max()), int(self.held.max()))
        if last >= len(X):
            raise DataError(f"folds: expected numbers of the {len(X)} rows of X, found {last}")

    def __len__(self) -> int:
        return len(self.counts)


def _without_spare(rows: IntArray, y: NDArray[Any], *, n: int) -> IntArray:
    """Return the rows without the last one of the largest class, where they are more than ``n``."""
    if len(rows) == n:
        return rows
    largest = y[rows] == np.bincount(y[rows]).argmax() if y.ndim == 1 else np.ones(len(rows), np.bool_)
    return np.delete(rows, np.flatnonzero(largest)[-1])
