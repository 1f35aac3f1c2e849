"""Rows as estimators take them: checked, from dense or sparse arrays or data frames."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from hpsearch.errors import DataError
from hpsearch.memory import memory_limit
from hpsearch.types import Float64Array, FloatArray

DTYPES = (np.float64, np.float32)
"""Rows of these types are trained on in their own precision, rows of other types in the first."""

PIECE = 1024
"""Rows of a sparse array that are made dense at once for a prediction.

A multiple of the rows that a network predicts at once: a prediction has the bits of one for dense rows.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedRows:
    """Checked rows of one kind of target.

    Attributes:
        X: ``(n, d)``.
        y: ``(n,)`` labels or class indices, or ``(n, outputs)`` values.
        weights: ``(n,)``, 0 or more.
    """

    X: FloatArray
    y: NDArray[Any]
    weights: Float64Array

    def where(self, chosen: NDArray[Any] | slice) -> "WeightedRows":
        """Return some of the rows, by mask, by number or by slice."""
        return WeightedRows(X=self.X[chosen], y=self.y[chosen], weights=self.weights[chosen])

    def above_zero(self) -> "WeightedRows":
        """Return the rows of weight above zero; where all are, no row is copied."""
        chosen = self.weights > 0
        return self if chosen.all() else self.where(chosen)


def checked_rows(estimator: BaseEstimator, X: ArrayLike, **options: Any) -> Any:
    """Return checked rows, sparse ones in CSR, and targets, where given.

    Args:
        estimator: Learns the number and the names of the features, or expects them.
        X: ``(n, d)``.
        options: Further arguments of scikit-learn's check, ``y`` among them.

    Raises:
        ValueError: The arrays cannot be learned from, or a cell is masked.
    """
    for name, values in (("X", X), ("y", options.get("y"))):
        if np.ma.is_masked(values):  # NumPy forgets the mask when it makes a plain array
            raise ValueError(f"{name}: expected a value in every cell, found masked ones; fill them first")
    if "y" in options:
        options["y"] = _plain(options["y"])
    if options.get("y_numeric"):
        expect_numbers("y", options["y"])
    return validate_data(estimator, X, dtype=list(DTYPES), order="C", accept_sparse="csr", **options)


def expect_numbers(name: str, values: Any) -> None:
    """Refuse texts that are no numbers, with the name of their array, which scikit-learn leaves out.

    Raises:
        ValueError: There are some.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "OUSTM":
        return
    try:
        array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: expected numbers, found others: {error}") from None


def dense(X: Any) -> FloatArray:
    """Return checked rows ``(n, d)`` as a dense array.

    Raises:
        DataError: Sparse rows would take more memory than the limit.
    """
    if sparse.issparse(X):
        n, d = X.shape
        found = f"{n:,} sparse rows x {d:,} features"
        memory_limit().expect(n * d * X.dtype.itemsize, where="X", found=found)
    rows: FloatArray = X.toarray() if sparse.issparse(X) else X
    return rows


def expect_precision(X: FloatArray, dtype: np.dtype[Any]) -> None:
    """Refuse rows ``(n, d)`` that a network of this type cannot hold.

    Raises:
        DataError: A number is too large.
    """
    largest = max(X.max(), -X.min())
    if largest > np.finfo(dtype).max:
        raise DataError(
            f"X: expected numbers that {dtype.name}, the network's type, can hold, found {largest}"
        )


def dense_pieces(X: Any) -> Iterator[FloatArray]:
    """Yield checked rows ``(n, d)`` as dense arrays: whole, or in pieces where they are sparse."""
    if not sparse.issparse(X):
        yield X
        return
    for start in range(0, X.shape[0], PIECE):
        yield X[start : start + PIECE].toarray()


def _plain(targets: Any) -> Any:
    """Return a column of a data frame whose type NumPy has not, such as ``Int64``, as an array that holds it.

    scikit-learn would make real numbers of it.
    """
    if isinstance(getattr(targets, "dtype", None), np.dtype) or not hasattr(targets, "dtype"):
        return targets
    plain = np.asarray(targets)
    return targets if plain.dtype == object else plain
