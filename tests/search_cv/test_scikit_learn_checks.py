"""scikit-learn's own checks of estimators: all that its own random search passes."""

import warnings

import pytest
from scipy.stats import loguniform
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import RandomizedSearchCV
from sklearn.utils.estimator_checks import check_estimator

from hpsearch import StagedSearchCV

RANGES = {LogisticRegression: {"C": loguniform(1e-2, 1e2)}, Ridge: {"alpha": loguniform(1e-2, 1e2)}}


def statuses(search):
    """Return the name and the status of each check, in order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(search, on_fail=None, on_skip=None)
    return [(one["check_name"], one["status"]) for one in results]


@pytest.mark.long
@pytest.mark.parametrize("kind", RANGES)
def test_it_passes_the_checks_that_randomized_search_passes(kind):
    """For a classifier every check that is not skipped passes."""
    ours = statuses(StagedSearchCV(kind(), RANGES[kind], n_trials=4, cv=2))
    assert ours == statuses(RandomizedSearchCV(kind(), RANGES[kind], n_iter=4, cv=2))
    assert len(ours) > 50
    if kind is LogisticRegression:
        assert {status for _, status in ours} <= {"passed", "skipped"}
