"""The rows that a stack trains on, and the rows that it is scored on."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from hpsearch.errors import DataError
from hpsearch.metrics import METRICS, Metric
from hpsearch.nn.folds import Folds
from hpsearch.nn.one_hot import Blocks, checked_blocks, expect_one_hot
from hpsearch.nn.unit import Unit
from hpsearch.types import Float64Array, FloatArray, IntArray


class Rows(NamedTuple):
    """Training rows as a step reads them.

    Attributes:
        X: ``(n, d)``, of the network's type.
        y: ``(n,)`` classes, int64; or ``(n, outputs)`` values of the network's type.
        weights: ``(n,)`` of the network's type, their mean 1; ``None`` where all rows weigh the same.
        scale: The mean of the weights as they were given; 1 where none were.
        loss: A name in ``LOSSES``.
    """

    X: FloatArray
    y: NDArray[Any]
    weights: FloatArray | None
    scale: float
    loss: str

    @classmethod
    def of(
        cls, X: FloatArray, y: NDArray[Any], *, weights: FloatArray | None, loss: str, dtype: DTypeLike
    ) -> "Rows":
        """Return the rows of weight above 0."""
        scale = 1.0
        if weights is not None:
            if not weights.min() > 0:
                present = weights > 0
                X, y, weights = X[present], y[present], weights[present]
            # The largest first: a sum of weights near the largest float would overflow.
            shares: Float64Array = weights.astype(np.float64) / weights.max()
            scale = float(weights.max()) * float(shares.mean())
            equal = shares.min() == 1
            weights = None if equal else (shares / shares.mean()).astype(dtype)
        return cls(X=np.ascontiguousarray(X, dtype), y=y, weights=weights, scale=scale, loss=loss)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingData:
    """Rows of known classes to train on and to score by.

    Arrays may be read-only memory maps and are not copied.

    Attributes:
        X: ``(n, d)``, real numbers, ``n`` and ``d`` 1 or more; float32 in C order is used as it is.
        y: ``(n,)``, int64, classes 0..``n_classes`` - 1.
        X_val: ``(n_val, d)``; with no rows every accuracy is NaN.
        y_val: ``(n_val,)``, int64, classes as in ``y``.
        n_classes: Number of classes, 1 or more.
        weights: ``(n,)``, real numbers, 0 or more, one at least above 0: the weight of a row in the loss and
            in the statistics of batch normalization; ``None`` for ones. A row of weight 0 is a row left out.
            In one batch, a whole weight is a number of copies; rows of several batches fall into other
            batches than their copies. The scale of weights reaches the moving variance alone.
        blocks: ``(start, stop)`` of each block of features that are the one-hot categories of one column.
        metric: What validation rows are scored by, a metric of classes.
        folds: The rows of ``X`` that each lane of a training learns from and is scored by; with them
            ``X_val`` has no rows, and no weight is 0. ``None`` where each lane learns from all rows and
            is scored by ``X_val``.

    Raises:
        DataError: Shapes or types do not fit, a class or weight is out of range, ``X`` has NaN or infinity
            or is not one-hot in a block.
        SettingError: ``blocks`` is not possible.
    """

    X: FloatArray
    y: IntArray
    X_val: FloatArray
    y_val: IntArray
    n_classes: int
    weights: FloatArray | None = None
    blocks: Blocks = ()
    metric: Metric = METRICS["accuracy"]
    folds: Folds | None = None

    def __post_init__(self) -> None:
        _check_inputs(self.X, self.X_val, self.weights, self.folds)
        object.__setattr__(self, "blocks", _one_hot_blocks(self.blocks, self.X, self.X_val))
        _check_classes("y", self.y, rows=len(self.X), n_classes=self.n_classes)
        _check_classes("y_val", self.y_val, rows=len(self.X_val), n_classes=self.n_classes)

    @property
    def n_features(self) -> int:
        """Columns of ``X``."""
        return int(self.X.shape[1])

    @property
    def n_outputs(self) -> int:
        """Outputs of a network that learns this: one a class."""
        return self.n_classes

    @property
    def classes(self) -> IntArray:
        """The classes, ``(n_classes,)``."""
        return np.arange(self.n_classes)

    @property
    def unit(self) -> None:
        """Classes have no unit."""
        return

    def rows(self, dtype: DTypeLike) -> Rows:
        """Return what a network of this type trains on."""
        y = np.asarray(self.y)
        return Rows.of(self.X, y, weights=self.weights, loss="cross_entropy", dtype=dtype)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegressionData:
    """Rows of known values to train on and to score by.

    Attributes:
        X: ``(n, d)``, real numbers, ``n`` and ``d`` 1 or more.
        y: ``(n, outputs)``, real numbers, ``outputs`` 1 or more.
        X_val: ``(n_val, d)``; with no rows every score is NaN.
        y_val: ``(n_val, outputs)``.
        weights: As in ``TrainingData``.
        blocks: As in ``TrainingData``.
        metric: What validation rows are scored by, a metric of numbers.
        loss: A name in ``LOSSES`` of a loss of numbers.
        unit: The unit in which the network sees ``y``; ``None`` for the numbers as they are.
        folds: As in ``TrainingData``.

    Raises:
        DataError: Shapes or types do not fit, a weight is out of range, there is NaN or infinity, or ``X`` is
            not one-hot in a block.
        SettingError: ``blocks`` is not possible.
    """

    X: FloatArray
    y: FloatArray
    X_val: FloatArray
    y_val: FloatArray
    weights: FloatArray | None = None
    blocks: Blocks = ()
    metric: Metric = METRICS["r2"]
    loss: str = "squared_error"
    unit: Unit | None = None
    folds: Folds | None = None

    def __post_init__(self) -> None:
        _check_inputs(self.X, self.X_val, self.weights, self.folds)
        object.__setattr__(self, "blocks", _one_hot_blocks(self.blocks, self.X, self.X_val))
        _check_values("y", self.y, rows=len(self.X), n_outputs=None)
        _check_values("y_val", self.y_val, rows=len(self.X_val), n_outputs=self.y.shape[1])

    @property
    def n_features(self) -> int:
        """Columns of ``X``."""
        return int(self.X.shape[1])

    @property
    def n_outputs(self) -> int:
        """Columns of ``y``."""
        return int(self.y.shape[1])

    @property
    def classes(self) -> IntArray:
        """No class, ``(0,)``."""
        return np.arange(0)

    def rows(self, dtype: DTypeLike) -> Rows:
        """Return what a network of this type trains on."""
        targets = self.y if self.unit is None else self.unit.measured(self.y)
        y = np.ascontiguousarray(targets, dtype)
        return Rows.of(self.X, y, weights=self.weights, loss=self.loss, dtype=dtype)


def _check_inputs(X: FloatArray, X_val: FloatArray, weights: FloatArray | None, folds: Folds | None) -> None:
    if not len(X):
        raise DataError("X: expected at least one row, found none; check the training split")
    _check_rows("X", X, n_features=None)
    _check_rows("X_val", X_val, n_features=X.shape[1])
    if weights is not None:
        _check_weights(weights, rows=len(X))
    if folds is not None:
        folds.expect_fit(X, X_val, weights)


def _one_hot_blocks(blocks: Blocks, X: FloatArray, X_val: FloatArray) -> Blocks:
    checked = checked_blocks(blocks, n_features=X.shape[1])
    expect_one_hot("X", X, checked)
    expect_one_hot("X_val", X_val, checked)
    return checked


def _check_weights(weights: FloatArray, *, rows: int) -> None:
    if weights.shape != (rows,) or not np.issubdtype(weights.dtype, np.floating):
        raise DataError(f"weights: expected real numbers ({rows},), found {weights.dtype} {weights.shape}")
    if not (weights.min() >= 0 and np.isfinite(weights.max())):
        raise DataError("weights: expected finite numbers, 0 or more, found a negative, NaN or infinity")
    if not weights.max() > 0:
        raise DataError("weights: expected at least one above zero, found none")


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


def _check_values(name: str, y: FloatArray, *, rows: int, n_outputs: int | None) -> None:
    wanted = "outputs" if n_outputs is None else n_outputs
    fits = y.ndim == 2 and len(y) == rows and y.shape[1] > 0 and n_outputs in (None, y.shape[1])
    if not fits or not np.issubdtype(y.dtype, np.floating):
        raise DataError(f"{name}: expected real numbers ({rows}, {wanted}), found {y.dtype} {y.shape}")
    if rows and not (np.isfinite(y.min()) and np.isfinite(y.max())):
        raise DataError(f"{name}: expected finite numbers, found NaN or infinity; fill or drop those rows")


def encode(
    X: ArrayLike, y: ArrayLike, *, X_val: ArrayLike, y_val: ArrayLike, blocks: Blocks = ()
) -> tuple[TrainingData, NDArray[Any]]:
    """Return the data with labels as class indices, and the labels ``(n_classes,)`` in sorted order.

    Args:
        X: ``(n, d)``, numbers.
        y: ``(n,)``, labels of any one type that sorts.
        X_val: ``(n_val, d)``.
        y_val: ``(n_val,)``, labels that occur in ``y``.
        blocks: As for ``TrainingData``.

    Raises:
        DataError: As for ``TrainingData``; or labels do not sort, or ``y_val`` has one that ``y`` lacks.
        SettingError: ``blocks`` is not possible.
    """
    try:
        labels, indices = np.unique(np.asarray(y), return_inverse=True)
    except TypeError as error:
        raise DataError(f"y: expected labels of one type that sorts, found others: {error}") from None
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
        blocks=blocks,
    )
    return data, labels


def _real(X: ArrayLike) -> FloatArray:
    array = np.asarray(X)
    return array if np.issubdtype(array.dtype, np.floating) else array.astype(np.float32)
