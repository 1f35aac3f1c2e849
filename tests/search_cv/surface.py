"""Estimators whose score is a function of their parameters, so that a search over them is exact and fast."""

import math

import numpy as np
from sklearn.base import BaseEstimator

X = np.zeros((8, 1))
Y = np.arange(8.0)


class Surface(BaseEstimator):
    """An estimator whose score is highest, at 0, where all four parameters are 0.7 in their ranges."""

    def __init__(self, a=0.5, b=0.5, rate=1e-3, size=8):
        self.a = a
        self.b = b
        self.rate = rate
        self.size = size

    def fit(self, X, y=None):  # noqa: ARG002 - scikit-learn's interface
        """Learn nothing."""
        self.fitted_ = True
        return self

    def score(self, X, y=None):  # noqa: ARG002 - as above
        """Return the negative squared distance to the best parameters."""
        u = (self.a, self.b, (math.log10(self.rate) + 5) / 4, self.size / 100)
        return -sum((x - 0.7) ** 2 for x in u)


class Choosy(BaseEstimator):
    """An estimator that fails where ``x`` is not below a limit; its score is ``x``."""

    def __init__(self, x=0.0, limit=0.5):
        self.x = x
        self.limit = limit

    def fit(self, X, y=None):  # noqa: ARG002 - scikit-learn's interface
        """Fail or learn nothing."""
        if not self.x < self.limit:
            raise RuntimeError("too large")
        self.fitted_ = True
        return self

    def score(self, X, y=None):  # noqa: ARG002 - as above
        """Return ``x``."""
        return self.x
