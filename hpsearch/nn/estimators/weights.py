"""Weights of rows and of classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_array

from hpsearch.nn.config import SettingError
from hpsearch.nn.estimators.rows import expect_numbers
from hpsearch.types import Float64Array, FloatArray, IntArray


def row_weights(sample_weight: ArrayLike | None, rows: int) -> Float64Array:
    """Return the weights of rows, ``(rows,)``: ones where none are given.

    Raises:
        ValueError: They are no finite numbers, or have another shape, or one is negative, or all are zero.
    """
    if sample_weight is None:
        return np.ones(rows)
    expect_numbers("sample_weight", sample_weight)
    checked: Float64Array = check_array(
        sample_weight, ensure_2d=False, dtype=np.float64, input_name="sample_weight"
    )
    if checked.shape != (rows,):
        raise ValueError(f"sample_weight: expected shape ({rows},), one a row, found {checked.shape}")
    if checked.min() < 0:
        raise ValueError(f"sample_weight: expected 0 or more, found {checked.min()}")
    if not checked.max() > 0:
        raise ValueError("sample_weight: expected a weight above zero, found only zero")
    return checked


def class_factors(
    class_weight: object, *, classes: NDArray[Any], codes: IntArray, weights: FloatArray
) -> Float64Array:
    """Return how much each class counts, ``(n_classes,)``.

    ``"balanced"`` gives class ``k`` the factor ``sum(w) / (K sum_k(w))``, so that all classes have
    equal sums of weights. A mapping gives the factors of the labels it names, and 1 to the others.

    Args:
        class_weight: ``None``, ``"balanced"`` or a mapping from labels to factors, 0 or more.
        classes: ``(n_classes,)``, the labels.
        codes: ``(n,)``, each row's place in ``classes``.
        weights: ``(n,)``, each row's own weight.

    Raises:
        SettingError: ``class_weight`` is something else, names an unknown label, or a factor is not possible.

    Source: G. King and L. Zeng, "Logistic regression in rare events data", 2001, section 4.2 (weighting).
    """
    if class_weight is None:
        return np.ones(len(classes))
    if isinstance(class_weight, str) and class_weight == "balanced":
        totals = np.bincount(codes, weights, minlength=len(classes))
        return np.asarray(weights.sum() / (len(classes) * np.where(totals > 0, totals, np.inf)))
    if not isinstance(class_weight, Mapping):
        raise SettingError(
            "class_weight", f'expected None, "balanced" or a mapping from labels, found {class_weight!r}'
        )
    return _named_factors(class_weight, classes.tolist())


def _named_factors(class_weight: Mapping[Any, Any], labels: list[Any]) -> Float64Array:
    unknown = [label for label in class_weight if label not in labels]
    if unknown:
        raise SettingError("class_weight", f"expected labels among {labels}, found {unknown[0]!r}")
    factors = np.array([class_weight.get(label, 1.0) for label in labels], np.float64)
    if not (np.isfinite(factors).all() and factors.min() >= 0):
        raise SettingError(
            "class_weight", f"expected finite numbers, 0 or more, found {dict(class_weight)!r}"
        )
    return factors
