"""The race of the finalists on fresh splits."""

import numpy as np
import pytest
from scipy.stats import loguniform
from sklearn.datasets import load_iris
from sklearn.model_selection import (
    KFold,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    TimeSeriesSplit,
    cross_val_score,
)
from sklearn.svm import SVC

from hpsearch import StagedSearchCV
from hpsearch.search_cv.confirmation import REPEATS, race
from hpsearch.search_cv.splits import reseeded
from hpsearch.study_file import Purpose, child_seed

IRIS = load_iris(return_X_y=True)
RANGES = {"C": loguniform(1e-2, 1e2), "gamma": loguniform(1e-3, 1e1)}


def search(**options):
    """Return a search of iris."""
    return StagedSearchCV(SVC(), RANGES, **{"n_trials": 24, "random_state": 4, "cv": 3, **options})


def test_the_winner_is_the_best_on_fresh_splits():
    """Its records can be computed again, and rows and columns of the search stay as without a race."""
    plain, found = search().fit(*IRIS), search(confirm=3).fit(*IRIS)
    assert plain.confirmed_ == ()
    assert plain.cv_results_["params"] == found.cv_results_["params"]
    assert list(plain.cv_results_) == list(found.cv_results_)
    assert (plain.cv_results_["rank_test_score"] == found.cv_results_["rank_test_score"]).all()
    winner = found.confirmed_[0]
    assert len(found.confirmed_) == 3
    assert (found.best_index_, found.best_params_) == (winner.index, winner.params)
    assert found.best_score_ == found.cv_results_["mean_test_score"][winner.index]
    assert winner.mean == max(one.mean for one in found.confirmed_)
    for one in found.confirmed_:
        assert one.params == found.cv_results_["params"][one.index]
        assert one.mean == pytest.approx(np.mean(one.scores))
        assert one.interval[0] <= one.mean <= one.interval[1]
        for repeat, score in enumerate(one.scores):
            folds = StratifiedKFold(
                3, shuffle=True, random_state=child_seed(4, Purpose.CONFIRM, repeat) % 2**32
            )
            assert score == pytest.approx(cross_val_score(SVC(**one.params), *IRIS, cv=folds).mean())


def test_a_race_drops_who_is_clearly_worse():
    """The rule is that of a study: no finalist is out before two runs, and equals run to the end."""
    asked = []

    def score(repeat, batch):
        asked.append([params["x"] for params in batch])
        return np.array([params["x"] + 0.001 * (repeat % 2) for params in batch])

    found = race({4: {"x": -2.0}, 7: {"x": 0.0}, 9: {"x": -2.0}}, score)
    assert [one.index for one in found] == [7, 4, 9]
    assert [len(one.scores) for one in found] == [REPEATS, 2, 2]
    assert asked == [[-2.0, 0.0, -2.0]] * 2 + [[0.0]] * 3
    assert found[0].interval[0] < found[0].mean < found[0].interval[1]


def test_a_confirming_run_that_failed_is_the_worst():
    """It is in the scores as NaN, and counts as the worst score of all in the mean."""
    found = race({0: {}, 1: {}}, lambda repeat, _: np.array([np.nan if repeat else 0.9, 0.5]))
    assert [one.index for one in found] == [0, 1]
    assert found[0].mean == pytest.approx((0.9 + 4 * 0.5) / 5)
    assert found[1].mean == 0.5


@pytest.mark.parametrize(
    "cv", [KFold(3), KFold(3, shuffle=True, random_state=1), RepeatedStratifiedKFold()], ids=str
)
def test_a_splitter_that_can_shuffle_is_reseeded(cv):
    """Seeds make other splits of the same kind; the splitter that was given stays as it was."""
    before = str(cv)
    one, again, other = ([rows.tolist() for rows, _ in reseeded(cv, seed).split(*IRIS)] for seed in (1, 1, 2))
    assert one == again != other
    assert len(one) == cv.get_n_splits()
    assert str(cv) == before


@pytest.mark.parametrize(
    "cv", [TimeSeriesSplit(3), [(np.arange(100), np.arange(100, 150))]], ids=["time", "list"]
)
def test_splits_that_cannot_be_shuffled_are_refused(cv):
    """Also a splitter that has the attribute ``random_state`` and never reads it."""
    with pytest.raises(ValueError, match=r"confirm: expected a cv that can be shuffled, .* give confirm=0"):
        search(confirm=2, cv=cv).fit(*IRIS)


def test_a_refit_that_chooses_takes_no_race():
    """Both would choose the winner."""
    with pytest.raises(ValueError, match="confirm: expected 0 with a refit that chooses"):
        search(confirm=2, refit=len).fit(*IRIS)
