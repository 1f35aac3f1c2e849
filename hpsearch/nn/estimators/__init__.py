"""The network as scikit-learn estimators; an import of this package imports scikit-learn."""

from hpsearch.nn.estimators.base import DivergedError
from hpsearch.nn.estimators.classifier import MLPClassifier
from hpsearch.nn.estimators.regressor import MLPRegressor

__all__ = ["DivergedError", "MLPClassifier", "MLPRegressor"]
