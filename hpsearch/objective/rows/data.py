"""The rows that the trials of a study learn from, with their weights, and the rows that choose among them."""

from typing import Any

import numpy as np

from hpsearch.data import Dataset
from hpsearch.errors import DataError, did_you_mean
from hpsearch.nn import TrainingData
from hpsearch.nn.data import RegressionData
from hpsearch.nn.unit import Unit
from hpsearch.objective.rows.folds import folds_of
from hpsearch.study_file import BALANCED, NUMBER_LOSSES, ClassWeight, StudySpec
from hpsearch.types import Float64Array


def training_data(spec: StudySpec, dataset: Dataset, *, refit: bool = False) -> TrainingData | RegressionData:
    """Return what a study's trials learn from.

    Args:
        spec: The study.
        dataset: Its examples.
        refit: Whether validation rows are learned from as well, and nothing is left to score by.

    Raises:
        DataError: A weight names a class that is not there.
    """
    rows: dict[str, Any] = {
        "X": dataset.X_train,
        "y": dataset.y_train,
        "X_val": dataset.X_val,
        "y_val": dataset.y_val,
        "blocks": blocks_of(dataset),
        "metric": spec.metric,
        "folds": None if refit else folds_of(spec, dataset),
        "weights": dataset.w_train,
    }
    if refit:
        rows["X"] = np.concatenate([rows["X"], rows["X_val"]])
        rows["y"] = np.concatenate([rows["y"], rows["y_val"]])
        if dataset.w_train is not None and dataset.w_val is not None:
            rows["weights"] = np.concatenate([dataset.w_train, dataset.w_val])
        rows["X_val"], rows["y_val"] = rows["X_val"][:0], rows["y_val"][:0]
    if not dataset.classes:
        loss = spec.objective.loss or NUMBER_LOSSES[0]
        return RegressionData(**rows, loss=loss, unit=Unit.of(rows["y"]))
    weight = spec.objective.class_weight
    if weight is not None:
        factors = class_factors(weight, dataset)[rows["y"]]
        rows["weights"] = factors if rows["weights"] is None else factors * rows["weights"]
    return TrainingData(**rows, n_classes=len(dataset.classes))


def class_factors(weight: ClassWeight, dataset: Dataset) -> Float64Array:
    """Return the weight of a row of each class, ``(n_classes,)``.

    ``"balanced"`` gives a class with ``n_c`` of ``n`` training rows of ``k`` classes ``n / (k n_c)``. Where
    rows have weights, sums of weights take the place of numbers of rows: the classes then have equal parts in
    the loss. A row weighs the product of both.

    Raises:
        DataError: A weight names a class that is not there.

    Source: G. King and L. Zeng, "Logistic regression in rare events data", 2001, section 4.2 (weighting);
    scikit-learn's ``compute_class_weight`` with ``sample_weight`` (sums of weights).
    """
    if isinstance(weight, str):
        assert weight == BALANCED
        # Relative to the largest, so that no sum overflows: the scale has no part in a quotient of sums.
        weights = None if dataset.w_train is None else dataset.w_train / dataset.w_train.max()
        counts = np.bincount(dataset.y_train, weights, minlength=len(dataset.classes))
        return np.asarray(counts.sum() / (len(counts) * counts), np.float64)
    names = [str(label) for label in dataset.classes]
    for label in weight:
        if label not in names:
            expected = f"expected one of the classes {', '.join(names[:20])}{did_you_mean(label, names)}"
            raise DataError(f"objective.class_weight: {expected}, found {label!r}")
    return np.array([weight.get(name, 1.0) for name in names])


def blocks_of(dataset: Dataset) -> tuple[tuple[int, int], ...]:
    """Return ``(start, stop)`` of each block of one-hot features; whitened rows have none left."""
    if dataset.rotation.size:
        return ()
    return tuple((column.features.start, column.features.stop) for column in dataset.categorical)
