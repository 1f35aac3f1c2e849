"""The data set that training uses: examples that are split, scaled and hashed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.examples import Examples, Label, OneHotColumn, quote
from hpsearch.data.fill import FilledColumn, fill_rows, fit_fills
from hpsearch.data.labels import as_labels
from hpsearch.data.scale import SHRINKAGE, Scaling, Shrinkage, fit_inputs
from hpsearch.data.split import Split
from hpsearch.errors import DataError
from hpsearch.inputs.bins import BinnedColumn, fill_bins, fit_bins
from hpsearch.table.rules import TableRules
from hpsearch.types import Float32Array, Float64Array, IntArray

ARRAYS = ("X_train", "y_train", "X_val", "y_val", "X_test", "y_test")
WEIGHTS = ("w_train", "w_val")
"""The arrays of the rows' weights, of a data set that has some."""
SCALES = ("mean", "scale", "rotation")
_NOT_FITTED = ("classes", "categorical", "label_type", "rules", "notes", "doubts")
NAMES = (*_NOT_FITTED, "features", "filled", "clipped", "binned")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """Examples, split and scaled; the arrays are read-only, and shared between processes where they can be.

    Attributes:
        X_train: Rows to learn from, ``(n_train, d)``.
        y_train: Their classes as indices into ``classes``, ``(n_train,)``; or, without classes, their
            numbers, ``(n_train, 1)``.
        X_val: Rows that choose among trials, ``(n_val, d)``.
        y_val: Their classes, ``(n_val,)``.
        X_test: Rows that judge the winner, once, ``(n_test, d)``.
        y_test: Their classes, ``(n_test,)``.
        classes: Sorted labels; none where the target is a number.
        features: Names of the features.
        mean: What was taken away from each feature, ``(d,)``.
        scale: What each feature was then divided by, ``(d,)``.
        rotation: What rows were then multiplied by, ``(d, d)``, or ``(0, 0)`` for nothing.
        clipped: Features that were then smoothly clipped.
        binned: The features of numbers that have bins.
        categorical: The columns that became one-hot features.
        label_type: The type of the labels that a model predicts, as NumPy spells it; empty for that of
            ``classes``.
        filled: The features that some rows lack, and what stands in the place of their missing numbers.
        w_train: How much each training row counts in the loss, ``(n_train,)``, above 0; ``None`` where all
            rows count alike.
        w_val: The same of the validation rows, ``(n_val,)``, for a training that learns from them as well.
        rules: The rules by which their table was read, where it is one.
        notes: What was guessed, left out, passed over or filled when the data were read.
        doubts: What is allowed about them and probably not meant.
        content_hash: SHA-256 of the six arrays, the weights and the classes, on which a study's results
            depend.
    """

    X_train: Float32Array
    y_train: IntArray | Float64Array
    X_val: Float32Array
    y_val: IntArray | Float64Array
    X_test: Float32Array
    y_test: IntArray | Float64Array
    classes: tuple[Label, ...]
    features: tuple[str, ...]
    mean: Float64Array
    scale: Float64Array
    rotation: Float64Array = field(default_factory=lambda: np.empty((0, 0)))
    clipped: tuple[int, ...] = ()
    binned: tuple[BinnedColumn, ...] = ()
    categorical: tuple[OneHotColumn, ...] = ()
    label_type: str = ""
    filled: tuple[FilledColumn, ...] = ()
    w_train: Float64Array | None = None
    w_val: Float64Array | None = None
    rules: TableRules | None = None
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    content_hash: str

    @property
    def task(self) -> str:
        """What is predicted: ``"classification"`` or ``"regression"``."""
        return "classification" if self.classes else "regression"

    @property
    def n_outputs(self) -> int:
        """Outputs of a network that learns it: one a class, or one."""
        return len(self.classes) or 1

    @property
    def labels(self) -> NDArray[Any]:
        """What a model predicts, ``(n_classes,)``: each class as the table holds it."""
        return as_labels(self.classes, self.label_type)


def make_dataset(
    examples: Examples,
    split: Split,
    *,
    scaling: str = "auto",
    shrinkage: Shrinkage = SHRINKAGE,
    bins: int = 0,
) -> Dataset:
    """Return the rows of a split, filled and scaled by its training rows.

    Args:
        examples: All rows.
        split: The rows of the three sets.
        scaling: A name in ``SCALINGS``.
        shrinkage: What a whitening does with directions of little variance.
        bins: Bins of each feature of numbers, 0 for none.

    Raises:
        DataError: A feature is too large for float32, even scaled.
    """
    X, features = examples.X, examples.features
    filled: tuple[FilledColumn, ...] = ()
    missing = np.flatnonzero(np.isnan(X).any(axis=0)).tolist()
    if missing:
        filled = fit_fills(X[split.train], missing=missing)
        X = fill_rows(X, filled)
        lacking = [column for column in filled if column.indicator >= 0]
        features += tuple(f"{features[column.feature]} is missing" for column in lacking)
    one_hot = {j for column in examples.categorical for j in column.features}
    binned: tuple[BinnedColumn, ...] = ()
    if bins:
        chosen = [j for j in range(examples.X.shape[1]) if j not in one_hot]
        binned = fit_bins(X[split.train], n_bins=bins, features=chosen)
        X = np.hstack([X, np.zeros((len(X), sum(len(column.features) for column in binned)))])
        fill_bins(X, binned)
        features += tuple(
            f"{features[column.feature]}, bin {place}"
            for column in binned
            for place in range(1, len(column.edges))
        )
    inputs = fit_inputs(
        X[split.train],
        scaling=scaling,
        maximum=examples.maximum,
        kept=[*one_hot, *range(examples.X.shape[1], X.shape[1])],
        shrinkage=shrinkage,
    )
    arrays = _split_arrays(replace(examples, X=X, features=features), split, inputs)
    arrays |= {"mean": inputs.mean, "scale": inputs.scale, "rotation": inputs.rotation}
    for values in arrays.values():
        values.setflags(write=False)
    names: dict[str, Any] = {name: getattr(examples, name) for name in _NOT_FITTED}
    names |= {"features": features, "filled": filled, "clipped": inputs.clipped, "binned": binned}
    content_hash, _ = digests(arrays, **names)
    return Dataset(**{**arrays, **names}, content_hash=content_hash)


def _split_arrays(examples: Examples, split: Split, inputs: Scaling) -> dict[str, NDArray[Any]]:
    """Return the scaled rows of the three sets, their targets, and the weights of rows where they have some.

    Raises:
        DataError: A feature is too large for float32, even scaled.
    """
    arrays: dict[str, NDArray[Any]] = {}
    for name, rows in (("train", split.train), ("val", split.validation), ("test", split.test)):
        arrays[f"X_{name}"] = inputs.apply(examples.X[rows])
        arrays[f"y_{name}"] = examples.y[rows]
        _expect_finite(arrays[f"X_{name}"], examples.where, examples.features)
    if examples.weights is not None:
        arrays |= {"w_train": examples.weights[split.train], "w_val": examples.weights[split.validation]}
    return arrays


def digests(  # noqa: PLR0913 - all that a data set holds
    arrays: Mapping[str, NDArray[Any]],
    *,
    classes: Sequence[Label],
    features: Sequence[str],
    categorical: Sequence[OneHotColumn],
    label_type: str = "",
    filled: Sequence[FilledColumn] = (),
    rules: TableRules | None = None,
    notes: Sequence[str] = (),
    doubts: Sequence[str] = (),
    clipped: Sequence[int] = (),
    binned: Sequence[BinnedColumn] = (),
) -> tuple[str, str]:
    """Return two SHA-256, from one pass: of the split arrays and the classes, and of the whole data set.

    Args:
        arrays: Name -> array, for each name in ``ARRAYS`` and ``SCALES``; where rows have weights, for each
            in ``WEIGHTS`` as well.
        classes: Sorted labels.
        features: Names of the features.
        categorical: The columns that became one-hot features.
        label_type: The type of the labels; the results of a study do not depend on it.
        filled: The features that some rows lack.
        rules: The rules by which their table was read.
        notes: What was said about the data.
        doubts: What was doubted about them.
        clipped: Features that were smoothly clipped.
        binned: The features of numbers that have bins.
    """
    digest = hashlib.sha256()
    # Without weights the hash is that of an earlier version, which knew none.
    for name in (*ARRAYS, *(name for name in WEIGHTS if name in arrays)):
        _add(digest, name, arrays[name])
    digest.update(json.dumps(list(classes)).encode())
    content_hash = digest.hexdigest()
    for name in SCALES:
        _add(digest, name, arrays[name])
    digest.update(json.dumps([list(features), [asdict(column) for column in categorical]]).encode())
    # Nothing in the data sets of earlier versions:
    digest.update(label_type.encode())
    if filled or notes or doubts:
        digest.update(json.dumps([[asdict(column) for column in filled], list(notes), list(doubts)]).encode())
    if rules is not None:
        digest.update(json.dumps(rules.to_json(), sort_keys=True).encode())
    if clipped:
        digest.update(json.dumps({"clipped": list(clipped)}).encode())
    if binned:
        digest.update(json.dumps({"binned": [asdict(column) for column in binned]}).encode())
    return content_hash, digest.hexdigest()


def _add(digest: "hashlib._Hash", name: str, values: NDArray[Any]) -> None:
    digest.update(f"{name} {values.dtype.str} {values.shape}".encode())
    digest.update(np.ascontiguousarray(values).reshape(-1).view(np.uint8).data)


def _expect_finite(X: Float32Array, where: str, features: Sequence[str]) -> None:
    columns = np.flatnonzero(~np.isfinite(X).all(axis=0))
    if len(columns):
        name = quote(features[columns[0]])
        raise DataError(
            f"{where}: column {name}: expected numbers that float32 can hold when scaled by "
            f"the training rows, found some that are too large; rescale the column"
        )
