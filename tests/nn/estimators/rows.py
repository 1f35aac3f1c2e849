"""Rows that both estimators learn."""

import numpy as np

from hpsearch.nn import MLPClassifier, MLPRegressor

ESTIMATORS = [MLPClassifier, MLPRegressor]


def rows(n=120, d=4, seed=0):
    """Return float32 rows and three classes that lines separate."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d)).astype(np.float32)
    return X, (X[:, 0] > 0).astype(int) + (X[:, 1] > 1)
