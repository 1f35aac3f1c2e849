"""Fitted estimators that are written and read by skops."""

from functools import partial

import numpy as np
import pytest
from sklearn.datasets import load_svmlight_file
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_selection import SelectKBest, f_regression
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
    with pytest.raises(EstimatorFileError, match=r"expected types of sklearn, .*functools\.partial"):
        saved(clipped).predict(X)


@pytest.mark.parametrize("function", [load_svmlight_file, np.load])
def test_a_function_that_does_something_else_is_refused(function):
    """An estimator calls it when it predicts: a file would choose what is run."""
    pipeline = make_pipeline(FunctionTransformer(), LinearRegression()).fit(X, X[:, 1])
    pipeline[0].func = function
    content = skops_io.dumps(pipeline)
    encoding = ColumnEncoding("onehot")
    loaded = SavedEstimator(content, name="x", encoding=encoding, n_features=2, classes=np.empty(0))
    with pytest.raises(EstimatorFileError, match=rf"found .*{function.__name__}"):
        loaded.predict(X)


def test_a_pipeline_with_a_choice_of_features_is_read_again():
    """The scores of features are functions, and do nothing else."""
    chosen = make_pipeline(SelectKBest(f_regression, k=1), LinearRegression())
    assert (saved(chosen).predict(X).ravel() == chosen.predict(X)).all()
