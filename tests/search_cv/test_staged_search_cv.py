"""``StagedSearchCV`` beside ``RandomizedSearchCV``: a drop-in that finds more."""

import doctest
import pickle
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy.stats import loguniform, randint, uniform
from sklearn import config_context
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_iris
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold, KFold, RandomizedSearchCV, ShuffleSplit
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler, scale
from sklearn.svm import SVC

import hpsearch
from hpsearch import StagedSearchCV
from hpsearch.search_cv import staged_search_cv
from tests.search_cv.surface import Surface, X, Y

IRIS = scale(load_iris(return_X_y=True)[0]), load_iris().target
RANGES = {"C": loguniform(1e-2, 1e2), "gamma": loguniform(1e-3, 1e1), "kernel": ["rbf", "sigmoid"]}
SURFACE = {
    "a": uniform(),
    "b": {"low": 0.0, "high": 1.0},
    "rate": loguniform(1e-5, 1e-1),
    "size": randint(0, 101),
}


def pair(estimator, ranges, *, n=8, **options):
    """Return this search and scikit-learn's, both fitted to iris."""
    ours = StagedSearchCV(estimator, ranges, n_trials=n, random_state=0, **options)
    theirs = RandomizedSearchCV(estimator, ranges, n_iter=n, random_state=0, **options)
    return ours.fit(*IRIS), theirs.fit(*IRIS)


ADDED = {"n_trials", "parallelism", "model", "confirm", "stages_", "confirmed_"}
SCORINGS = [
    {},
    {"return_train_score": True, "cv": 3},
    {"scoring": ["accuracy", "f1_macro"], "refit": "f1_macro"},
    {"scoring": {"one": "accuracy", "two": "balanced_accuracy"}, "refit": "two", "return_train_score": True},
    {"scoring": lambda model, X, y: {"loss": -model.score(X, y), "gain": model.score(X, y)}, "refit": "loss"},
    {"scoring": "f1_macro", "refit": lambda results: int(np.argmin(results["mean_test_score"]))},
    {"refit": False},
    {"cv": ShuffleSplit(n_splits=4, test_size=0.3)},
]


@pytest.mark.parametrize("options", SCORINGS)
def test_results_look_as_those_of_randomized_search(options):
    """The same keys in the same order, the same shapes and types, masks, and the same attributes."""
    ours, theirs = pair(SVC(), {**RANGES, "degree": randint(2, 5)}, **options)
    assert list(ours.cv_results_) == list(theirs.cv_results_)
    for key, column in theirs.cv_results_.items():
        assert type(ours.cv_results_[key]) is type(column), key
        if key != "params":
            assert (ours.cv_results_[key].dtype, ours.cv_results_[key].shape) == (column.dtype, column.shape)
    assert {*vars(ours)} - {*vars(theirs)} == ADDED
    assert {*vars(theirs)} - {*vars(ours)} == {"n_iter"}
    best = ours.best_index_
    assert ours.best_params_ == ours.cv_results_["params"][best]
    if not callable(options.get("refit")):
        metric = options["refit"] if isinstance(options.get("refit"), str) else "score"
        assert ours.best_score_ == ours.cv_results_[f"mean_test_{metric}"].max()
        assert ours.cv_results_[f"rank_test_{metric}"][best] == 1
    if options.get("refit", True):
        assert ours.predict(IRIS[0]).shape == IRIS[1].shape
        assert isinstance(ours.score(*IRIS), float)


def test_subspaces_mask_what_a_candidate_does_not_have():
    """As in ``RandomizedSearchCV``, a list of dictionaries gives masked columns."""
    ranges = [{"kernel": ["rbf"], "gamma": RANGES["gamma"]}, {"kernel": ["poly"], "degree": randint(1, 4)}]
    ours, theirs = pair(SVC(), ranges, n=20)
    assert {*ours.cv_results_} == {*theirs.cv_results_}
    kernels = ours.cv_results_["param_kernel"]
    assert (ours.cv_results_["param_gamma"].mask == (kernels == "poly")).all()
    assert (ours.cv_results_["param_degree"].mask == (kernels == "rbf")).all()
    assert ours.cv_results_["param_degree"].dtype == theirs.cv_results_["param_degree"].dtype


@pytest.mark.long
def test_any_number_of_processes_tries_the_same_candidates():
    """``n_jobs`` changes no candidate and no score; another seed changes all."""
    searches = [
        StagedSearchCV(SVC(), RANGES, n_trials=24, n_jobs=jobs, random_state=seed, cv=2).fit(*IRIS)
        for jobs, seed in ((1, 5), (2, 5), (None, 6))
    ]
    one, two, other = (search.cv_results_ for search in searches)
    assert one["params"] == two["params"]
    assert one["mean_test_score"].tolist() == two["mean_test_score"].tolist()
    assert not any(params in one["params"] for params in other["params"])


def test_a_random_state_that_is_a_generator_or_none():
    """Equal generators give equal candidates; without a seed each fit has its own."""
    given = [np.random.RandomState(3), np.random.RandomState(3), None, None]
    first, second, third, fourth = (
        StagedSearchCV(Surface(), SURFACE, n_trials=6, cv=2, random_state=one).fit(X, Y).cv_results_["params"]
        for one in given
    )
    assert first == second
    assert third != fourth


def test_all_batches_are_scored_on_the_same_rows():
    """A splitter that shuffles without a seed splits once a search, as for ``RandomizedSearchCV``."""
    split = KFold(2, shuffle=True)
    mean = {"scoring": lambda *given: float(given[2].mean())}
    search = StagedSearchCV(Surface(), SURFACE, n_trials=20, cv=split, **mean).fit(X, Y)
    assert len({*search.cv_results_["split0_test_score"].tolist()}) == 1


def test_a_pipeline_is_searched_by_nested_names():
    """Steps themselves may be choices; those of the best candidate are refitted."""
    model = Pipeline([("scale", StandardScaler()), ("reduce", PCA()), ("clf", SVC())])
    ranges = {
        "scale": [StandardScaler(), MinMaxScaler(), "passthrough"],
        "reduce__n_components": randint(1, 5),
        "clf": [SVC(), LogisticRegression()],
        "clf__C": loguniform(1e-2, 1e3),
        "clf__gamma": {"low": 1e-3, "high": 10.0, "log": True, "when": {"clf": []}},
    }
    ranges["clf__gamma"]["when"]["clf"] = ranges["clf"][0]
    search = StagedSearchCV(model, ranges, n_trials=20, random_state=1, cv=3).fit(*IRIS)
    assert search.best_score_ > 0.95
    for params in search.cv_results_["params"]:
        assert any(params["clf"] is one for one in ranges["clf"])
        assert any(params["scale"] is one for one in ranges["scale"])
        assert ("clf__gamma" in params) == isinstance(params["clf"], SVC)
    assert search.best_estimator_["clf"] is not search.best_params_["clf"]
    assert search.best_params_["clf__C"] == search.best_estimator_["clf"].C


def test_groups_weights_and_a_regressor():
    """Groups reach the splitter and weights the estimator, as ``BaseSearchCV`` hands them on."""
    rows, target = load_diabetes(return_X_y=True)
    groups, weights = np.arange(len(target)) % 7, np.linspace(0.1, 2, len(target))
    ranges = {"alpha": loguniform(1e-4, 1e2), "fit_intercept": [True, False]}
    searches = [
        StagedSearchCV(Ridge(), ranges, n_trials=15, cv=GroupKFold(3), random_state=2).fit(
            rows, target, groups=groups, **fit
        )
        for fit in ({}, {"sample_weight": weights})
    ]
    plain, weighted = searches
    assert plain.best_params_["fit_intercept"]
    assert plain.score(rows, target) > 0.5
    assert plain.n_splits_ == 3
    assert plain.best_estimator_.coef_.tolist() != weighted.best_estimator_.coef_.tolist()
    with pytest.raises(ValueError, match="'groups' parameter should not be None"):
        plain.fit(rows, target)


def test_it_is_an_estimator_of_scikit_learn():
    """Parameters, clones, pickles, names of features, tags and the page of a notebook."""
    search = StagedSearchCV(LogisticRegression(), {"C": loguniform(1e-2, 1e2)}, n_trials=5, random_state=0)
    assert search.get_params()["estimator__C"] == 1.0
    assert clone(search).set_params(n_trials=7, estimator__max_iter=300).get_params()["n_trials"] == 7
    frame = pd.DataFrame(IRIS[0], columns=["a", "b", "c", "d"])
    search.fit(frame, IRIS[1])
    again = pickle.loads(pickle.dumps(search))
    assert again.predict(frame).tolist() == search.predict(frame).tolist()
    assert again.cv_results_["params"] == search.cv_results_["params"]
    assert search.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    assert search.classes_.tolist() == [0, 1, 2]
    assert search.n_features_in_ == 4
    assert search.__sklearn_tags__().estimator_type == "classifier"
    assert "best_estimator_: LogisticRegression" in search._repr_html_()
    assert hpsearch.StagedSearchCV is StagedSearchCV


@pytest.mark.long
def test_it_finds_more_than_random_search():
    """On a parabola of four parameters its gap to the best is under half of that of random search."""
    gaps = {"staged": [], "random": []}
    for seed in range(12):
        staged = StagedSearchCV(Surface(), SURFACE, cv=2, random_state=seed, refit=False)
        drawn = RandomizedSearchCV(
            Surface(), {**SURFACE, "b": uniform()}, n_iter=60, cv=2, random_state=seed, refit=False
        )
        gaps["staged"].append(-staged.fit(X, Y).best_score_)
        gaps["random"].append(-drawn.fit(X, Y).best_score_)
    assert np.mean(gaps["staged"]) < 0.5 * np.mean(gaps["random"])


TWO = ["r2", "neg_max_error"]
REFUSED = [
    ({"scoring": TWO, "refit": False}, "refit: expected the metric that .* one of r2, neg_max_error, found"),
    ({"scoring": TWO, "refit": len}, "refit: expected the metric that steers the search, .* found <built-in"),
    ({"scoring": TWO}, "the parameter refit must be set to a scorer key"),
    ({"scoring": lambda *_: {"p": 1.0, "q": 2.0}}, "refit: expected the metric .* one of p, q, found True"),
    ({"n_trials": 0}, "The 'n_trials' parameter of StagedSearchCV must be an int in the range"),
    ({"parallelism": 0}, "The 'parallelism' parameter of StagedSearchCV must be an int in the range"),
    ({"random_state": -1}, "The 'random_state' parameter of StagedSearchCV must be"),
    ({"param_distributions": 3}, "The 'param_distributions' parameter of StagedSearchCV must be"),
    ({"param_distributions": {"a": 3}}, "param_distributions: a: expected a list of values"),
    ({"param_distributions": {"nonsense": [1]}, "error_score": "raise"}, "Invalid parameter 'nonsense'"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), REFUSED, ids=lambda one: one if isinstance(one, str) else "")
def test_what_cannot_be_searched_is_refused(options, message):
    """Before anything is fitted, where that can be known."""
    search = StagedSearchCV(Surface(), SURFACE, n_trials=4, cv=2).set_params(**options)
    with pytest.raises(ValueError, match=message):
        search.fit(X, Y)


def test_a_small_space_is_tried_once_with_a_warning():
    """No candidate is fitted twice."""
    search = StagedSearchCV(Surface(), {"size": [1, 2, 3], "a": [0.1, 0.7]}, n_trials=20, cv=2)
    with pytest.warns(hpsearch.errors.SettingWarning, match="6 candidates are all .* fewer than n_trials=20"):
        search.fit(X, Y)
    assert len(search.cv_results_["params"]) == len(search.stages_) == 6
    assert search.best_params_ == {"a": 0.7, "size": 3}


def test_a_list_of_splits_is_taken_as_it_is():
    """A generator as well, which can be read once only."""
    splits = list(KFold(4).split(X))
    searches = [
        StagedSearchCV(Surface(), SURFACE, n_trials=20, cv=cv, random_state=0).fit(X, Y)
        for cv in (splits, iter(splits), KFold(4))
    ]
    assert [search.n_splits_ for search in searches] == [4, 4, 4]
    first, second, third = (search.cv_results_["params"] for search in searches)
    assert first == second == third


def test_metadata_are_routed():
    """Weights that the estimator and the scorer ask for reach both."""
    weights = np.linspace(0, 2, len(IRIS[1]))
    with config_context(enable_metadata_routing=True):
        model = LogisticRegression().set_fit_request(sample_weight=True)
        model.set_score_request(sample_weight=True)
        search = StagedSearchCV(model, {"C": RANGES["C"]}, n_trials=6, random_state=0, cv=2)
        weighted = search.fit(*IRIS, sample_weight=weights)
        assert weighted.score(*IRIS, sample_weight=weights) > 0.9
        plain = clone(search).fit(*IRIS)
    assert plain.cv_results_["mean_test_score"].tolist() != weighted.cv_results_["mean_test_score"].tolist()


class Watch:
    """A callback of scikit-learn that counts the tasks of a fit."""

    def __init__(self):
        self.begun, self.ended = Counter(), Counter()

    def setup(self, *_, **_others):
        """Begin."""

    def teardown(self, *_, **_others):
        """End."""

    def on_fit_task_begin(self, _, context, **_others):
        """Count a task."""
        self.begun[context.task_name] += 1

    def on_fit_task_end(self, _, context, **_others):
        """Count its end."""
        self.ended[context.task_name] += 1


def test_callbacks_see_every_fit():
    """From scikit-learn 1.9 on: a task for the search, for each batch and for each fit of a candidate."""
    pytest.importorskip("sklearn.callback")
    watch = Watch()
    search = StagedSearchCV(Surface(), SURFACE, n_trials=9, parallelism=4, cv=2).set_callbacks(watch)
    search.fit(X, Y)
    counts = {"fit": 1, "search": 1, "batch": 3, "candidate-split-evaluation": 18}
    assert {name: n for name, n in watch.begun.items() if "refit" not in name} == counts
    assert watch.begun == watch.ended


def test_the_example_runs():
    """The example of the docstring does what it says."""
    assert doctest.testmod(staged_search_cv).failed == 0
