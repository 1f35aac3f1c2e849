"""Estimators found by name and made with settings."""

import sys

import pytest

from hpsearch.estimators.estimator import EstimatorError, make, prepare

TREE = "sklearn.tree.DecisionTreeClassifier"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sklearn.tree.DecisionTreClassifier", r"in sklearn.tree, found none \(did you mean DecisionTree"),
        ("sklearn.trees.DecisionTree", "expected a module sklearn.trees, found none in sklearn"),
        ("no_such_package.Model", "expected the package no_such_package, which is not installed here"),
        ("sklearn.ensemble.VotingClassifier", "without arguments: .*'estimators'.* models.py:make"),
        ("lightgbn.LGBMClassifier", r"package lightgbn, which is not installed here \(did you mean lightgbm"),
        ("models.py", r"expected a package, found a file: FILE\.py:FUNCTION names a function in it"),
        ("sklearn.ensemble", "expected a class or a function ensemble in sklearn, found a module"),
        ("sklearn.datasets.make_moons", "expected an estimator with fit, predict, get_params, set_params"),
    ],
)
def test_what_is_no_estimator_is_refused(name, message):
    """The message says what was found instead, and what to do."""
    with pytest.raises(EstimatorError, match=message):
        make(name, None, {})


def test_a_known_package_that_is_not_there_is_not_offered_again(monkeypatch):
    """Its name is right: it is not installed."""
    monkeypatch.setitem(sys.modules, "catboost", None)
    with pytest.raises(EstimatorError, match=r"expected the package catboost, which is not installed here$"):
        make("catboost.CatBoostClassifier", None, {})


def test_settings_are_those_of_the_estimator():
    """The text None is None, a list is a tuple; another name is refused with the nearest one."""
    tree = make(TREE, None, {"max_depth": "None", "min_samples_leaf": 3})
    assert (tree.max_depth, tree.min_samples_leaf) == (None, 3)
    network = make("sklearn.neural_network.MLPClassifier", None, {"hidden_layer_sizes": [8, 4]})
    assert network.hidden_layer_sizes == (8, 4)
    with pytest.raises(EstimatorError, match=r"max_dept: .* no such parameter \(did you mean max_depth\?\)"):
        make(TREE, None, {"max_dept": 3})


def test_seeds_and_threads_that_are_left_open_are_set():
    """Inside a pipeline as well; what the study fixes stays."""
    forest = make("sklearn.ensemble.RandomForestClassifier", None, {"n_jobs": 2})
    prepare(forest, seed=7)
    assert (forest.random_state, forest.n_jobs) == (7, 2)
    boosted = make("sklearn.ensemble.HistGradientBoostingRegressor", None, {"random_state": 3})
    prepare(boosted, seed=7)
    assert boosted.random_state == 3


def test_a_file_gives_a_pipeline(tmp_path):
    """The function is called; the parameters of its steps have their names with two underscores."""
    path = tmp_path / "models.py"
    path.write_text(
        "from sklearn.pipeline import make_pipeline\n"
        "from sklearn.preprocessing import StandardScaler\n"
        "from sklearn.linear_model import SGDClassifier\n"
        "def make():\n    return make_pipeline(StandardScaler(), SGDClassifier())\n"
    )
    pipeline = make("make", str(path), {"sgdclassifier__alpha": 0.5})
    prepare(pipeline, seed=5)
    assert pipeline.get_params()["sgdclassifier__alpha"] == 0.5
    assert pipeline.get_params()["sgdclassifier__random_state"] == 5
    with pytest.raises(EstimatorError, match=r"expected build in models\.py, found none"):
        make("build", str(path), {})
    with pytest.raises(EstimatorError, match=rf"expected the file model\.py in {tmp_path}, found none"):
        make("make", str(tmp_path / "model.py"), {})


def test_a_library_that_takes_more_parameters_takes_them():
    """LightGBM's own names are no fault; a slip of a known name is one."""
    pytest.importorskip("lightgbm")
    model = make("lightgbm.LGBMClassifier", None, {"feature_fraction_bynode": 0.5})
    assert model.get_params()["feature_fraction_bynode"] == 0.5
    with pytest.raises(EstimatorError, match="did you mean num_leaves"):
        make("lightgbm.LGBMClassifier", None, {"num_leafs": 5})
