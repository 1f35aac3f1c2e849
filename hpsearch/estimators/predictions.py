"""What a fitted estimator predicts: labels, probabilities, values."""

from typing import Any

import numpy as np


def probabilities(estimator: Any, X: Any, labels: Any, n_classes: int) -> Any:
    """Return the probability of each class, ``(n, n_classes)``.

    Of an estimator without probabilities these are its decision function through a logistic function or a
    softmax, or else 1 for the class that it predicts.
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
    whole = np.zeros((len(X), n_classes))
    whole[:, np.asarray(estimator.classes_, np.int64)] = known
    return whole
