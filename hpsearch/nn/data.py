"""What a stack learns from and is judged on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpsearch.errors import DataError
from hpsearch.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingData:
    """Rows to train on and rows to judge by; arrays may be read-only memory maps and are not copied.

    Attributes:
        X: ``(n, d)``, real numbers, ``n`` and ``d`` 1 or more; float32 in C order is used as it is.
        y: ``(n,)``, int64, classes 0..``n_classes`` - 1.
        X_val: ``(n_val, d)``; with no rows every accuracy is NaN.
        y_val: ``(n_val,)``, int64, classes as in ``y``.
        n_classes: How many classes, 1 or more.

    Raises:
        DataError: Shapes or types do not fit, a class is out of range, or ``X`` has NaN or infinity.
    """

    X: FloatArray
    y: IntArray
    X_val: FloatArray
    y_val: IntArray
    n_classes: int

    def __post_init__(self) -> None:
        if not len(self.X):
            raise DataError("X: expected at least one row, found none; check the training split")
        _check_rows("X", self.X, n_features=None)
        _check_rows("X_val", self.X_val, n_features=self.X.shape[1])
        _check_classes("y", self.y, rows=len(self.X), n_classes=self.n_classes)
        _check_classes("y_val", self.y_val, rows=len(self.X_val), n_classes=self.n_classes)

    @property
    def n_features(self) -> int:
        """Columns of ``X``."""
        return int(self.X.shape[1])


def _check_rows(name: str, X: FloatArray, *, n_features: int | None) -> None:
    if X.ndim != 2 or not np.issubdtype(X.dtype, np.floating):
        raise DataError(f"{name}: expected real numbers (rows, features), found {X.dtype} {X.shape}")
    if X.shape[1] == 0 or n_features not in (None, X.shape[1]):
        wanted = "at least one feature" if n_features is None else f"{n_features} features as in X"
        raise DataError(f"{name}: expected {wanted}, found {X.shape[1]}")
    if X.size and not (np.isfinite(X.min()) and np.isfinite(X.max())):
        raise DataError(f"{name}: expected finite numbers, found NaN or infinity; fill or drop those rows")


def _check_classes(name: str, y: IntArray, *, rows: int, n_classes: int) -> None:
    if y.shape != (rows,) or y.dtype != np.int64:
        raise DataError(f"{name}: expected int64 ({rows},), found {y.dtype} {y.shape}")
    if rows and not (y.min() >= 0 and y.max() < n_classes):
        raise DataError(f"{name}: expected classes 0..{n_classes - 1}, found {y.min()}..{y.max()}")


def encode(
    X: ArrayLike, y: ArrayLike, *, X_val: ArrayLike, y_val: ArrayLike
) -> tuple[TrainingData, NDArray[Any]]:
    """Return the data with labels as class indices, and the labels ``(n_classes,)`` in sorted order.

    Args:
        X: ``(n, d)``, numbers.
        y: ``(n,)``, labels of any one type that sorts.
        X_val: ``(n_val, d)``.
        y_val: ``(n_val,)``, labels that occur in ``y``.

    Raises:
        DataError: As for ``TrainingData``; or ``y_val`` has a label that ``y`` lacks.
    """
    labels, indices = np.unique(np.asarray(y), return_inverse=True)
    wanted = np.asarray(y_val)
    unseen = np.setdiff1d(wanted, labels)
    if unseen.size:
        raise DataError(
            f"y_val: expected labels that occur in y, found {unseen.tolist()[0]!r}; "
            "split so that every class is in both"
        )
    data = TrainingData(
        X=_real(X),
        y=indices.astype(np.int64),
        X_val=_real(X_val),
        y_val=np.searchsorted(labels, wanted).astype(np.int64),
        n_classes=len(labels),
    )
    return data, labels


def _real(X: ArrayLike) -> FloatArray:
    array = np.asarray(X)
    return array if np.issubdtype(array.dtype, np.floating) else array.astype(np.float32)
