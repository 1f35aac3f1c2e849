"""Fitted estimators that are written and read by skops."""

from functools import partial

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from hpsearch.estimators.columns import ColumnEncoding
from hpsearch.estimators.saved import EstimatorFileError, SavedEstimator

skops_io = pytest.importorskip("skops.io")
X = np.column_stack([np.arange(60.0) % 3, np.linspace(0, 1, 60)])


def saved(estimator):
    """Return a fitted estimator as a model file holds it."""
    content = skops_io.dumps(estimator.fit(X, X[:, 1]))
    encoding = ColumnEncoding("onehot")
    return SavedEstimator(content, name="x", encoding=encoding, n_features=2, classes=np.empty(0))


def test_histogram_boosting_with_categories_is_read_again():
    """It holds scikit-learn's check of rows with fixed arguments."""
    boosted = HistGradientBoostingRegressor(categorical_features=[0], max_iter=3)
    assert (saved(boosted).predict(X).ravel() == boosted.predict(X)).all()


def test_another_function_with_fixed_arguments_is_refused():
    """A file does not choose what a function is called with."""
    clipped = make_pipeline(FunctionTransformer(partial(np.clip, a_min=0, a_max=1)), LinearRegression())
    with pytest.raises(EstimatorFileError, match=r"expected types of sklearn, .*, found functools\.partial"):
        saved(clipped).predict(X)
