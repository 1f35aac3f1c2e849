"""Candidates that fail: rows with NaN, bad results of the search, none of them lost."""

import warnings

import numpy as np
import pytest
from scipy.stats import uniform
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection import RandomizedSearchCV

from hpsearch import StagedSearchCV
from tests.search_cv.surface import Choosy, X, Y


def fitted(ranges, **options):
    """Return a search over ``Choosy``, fitted, with the warnings of failing fits left out."""
    search = StagedSearchCV(Choosy(), ranges, cv=2, random_state=0, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitFailedWarning)
        warnings.filterwarnings("ignore", "One or more of the test scores are non-finite")
        return search.fit(X, Y)


@pytest.mark.parametrize("parallelism", [1, 2, 7, 30])
def test_a_failed_candidate_has_a_row(parallelism):
    """Every candidate has one row in its order, also where a whole batch fails."""
    search = fitted({"x": uniform()}, n_trials=30, parallelism=parallelism)
    x = np.array(search.cv_results_["param_x"], float)
    scores = search.cv_results_["mean_test_score"]
    assert x.shape == (30,)
    assert np.isnan(scores).tolist() == (x >= 0.5).tolist()
    assert 0 < np.isnan(scores).sum() < 20
    assert scores[x < 0.5].tolist() == x[x < 0.5].tolist()
    assert search.best_params_ == {"x": x[x < 0.5].max()}
    assert search.cv_results_["rank_test_score"].max() < 31
    assert {*search.cv_results_} == {
        *RandomizedSearchCV(Choosy(), {"x": [0.1]}, n_iter=1, cv=2).fit(X, Y).cv_results_
    }


def test_batches_that_fail_at_both_ends_are_kept():
    """A batch waits for the next one; the last batch is scored beside one that did not fail."""
    plain = fitted({"x": uniform()}, n_trials=12, parallelism=1)
    scores = plain.cv_results_["mean_test_score"]
    assert np.isnan(scores).any()
    for n_trials in range(1, 13):
        fails = np.isnan(scores[:n_trials])
        if not fails.all():
            search = fitted({"x": uniform()}, n_trials=n_trials, parallelism=1)
            assert len(search.cv_results_["params"]) == n_trials


def test_an_error_score_that_is_a_number_counts_as_it_is():
    """A whole batch that failed has it, too."""
    search = fitted({"x": uniform()}, n_trials=20, parallelism=1, error_score=-5.0)
    assert {-5.0} == {score for score in search.cv_results_["mean_test_score"] if score < 0}


def test_an_error_that_is_to_be_raised_is_raised():
    """``error_score="raise"`` ends the search at the first fit that fails."""
    search = StagedSearchCV(Choosy(), {"x": uniform()}, n_trials=20, cv=2, error_score="raise")
    with pytest.raises(RuntimeError, match="too large"):
        search.fit(X, Y)


@pytest.mark.parametrize("parallelism", [1, 10])
def test_a_search_of_which_every_fit_fails_is_refused(parallelism):
    """With the message of scikit-learn, which shows the errors."""
    search = StagedSearchCV(Choosy(limit=-1), {"x": uniform()}, n_trials=10, cv=2, parallelism=parallelism)
    with pytest.raises(ValueError, match=r"All the \d+ fits failed(.|\n)*RuntimeError: too large"):
        search.fit(X, Y)
