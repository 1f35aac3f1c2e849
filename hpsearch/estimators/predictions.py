"""What a fitted estimator predicts: labels, probabilities, values."""

from typing import Any

import numpy as np

from hpsearch.estimators.estimator import EstimatorError


def labels_of(predicted: Any, n_rows: int, n_classes: int) -> Any:
    """Return predicted labels as places of classes, ``(n_rows,)``.

    Raises:
        EstimatorError: There are more or fewer, or one that is no class.
    """
    found = np.asarray(predicted)
    if found.size != n_rows or found.shape[:1] != (n_rows,):
        raise EstimatorError(
            f"predict: expected the class of each of {n_rows} rows, found predictions of shape {found.shape}"
        )
    found = found.reshape(-1)
    known = np.isin(found, np.arange(n_classes))
    if not known.all():
        wrong = found[np.argmin(known)].item()
        raise EstimatorError(f"predict: expected a class from 0 to {n_classes - 1}, found {wrong!r}")
    return found.astype(np.int64)


def values_of(predicted: Any, n_rows: int) -> Any:
    """Return predicted values as a column, ``(n_rows, 1)``.

    Raises:
        EstimatorError: There are more or fewer, or one that is no finite number.
    """
    found = np.asarray(predicted)
    if found.size != n_rows or found.shape[:1] != (n_rows,):
        raise EstimatorError(
            f"predict: expected a value for each of {n_rows} rows, found predictions of shape {found.shape}"
        )
    _expect_finite(found, "predict: expected finite values")
    return found.astype(np.float64).reshape(-1, 1)


def _expect_finite(found: Any, expected: str) -> None:
    known = np.isfinite(found) if found.dtype.kind in "buif" else np.zeros(found.shape, bool)
    if not known.all():
        wrong = next(value for value, fine in zip(found.flat, known.flat, strict=True) if not fine)
        raise EstimatorError(f"{expected}, found {getattr(wrong, 'item', lambda: wrong)()!r}")


def probabilities(estimator: Any, X: Any, labels: Any, n_classes: int) -> Any:
    """Return the probability of each class, ``(n, n_classes)``.

    Of an estimator without probabilities these are its decision function through a logistic function or a
    softmax, or else 1 for the class that it predicts.

    Raises:
        EstimatorError: They have another shape, or one is no finite number.
    """
    if hasattr(estimator, "predict_proba"):
        known = np.asarray(estimator.predict_proba(X), np.float64)
    elif hasattr(estimator, "decision_function"):
        scores = np.asarray(estimator.decision_function(X), np.float64)
        if scores.ndim == 1:
            scores = np.column_stack([np.zeros_like(scores), scores])
        scores -= scores.max(axis=1, keepdims=True)
        known = np.exp(scores)
        known /= known.sum(axis=1, keepdims=True)
    else:
        return np.eye(n_classes)[labels]
    learned = np.asarray(estimator.classes_, np.int64)
    shape = (len(X), len(learned))
    if known.shape != shape:
        raise EstimatorError(f"expected probabilities of shape {shape}, found {known.shape}")
    _expect_finite(known, "expected finite probabilities")
    whole = np.zeros((len(X), n_classes))
    whole[:, learned] = known
    return whole
