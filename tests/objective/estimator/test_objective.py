"""The check of a study of an estimator: the estimator itself says what it takes."""

import dataclasses

import pytest

from hpsearch.errors import StudyFileError
from hpsearch.objective import OBJECTIVES
from tests.objective.estimator.conftest import TREE

check = OBJECTIVES["estimator"].check
FOREST = 'estimator = "sklearn.ensemble.RandomForestClassifier"'


def test_defaults_are_filled_in(read):
    """The estimator's own default races where the range holds it; else the nearest end, or the middle."""
    space = """
max_depth = { low = 1, high = 9 }
min_samples_leaf = { low = 2, high = 20, log = true }
ccp_alpha = { low = 0.0, high = 0.1, default = 0.05 }
criterion = { choices = ["entropy", "gini"] }
"""
    spec = check(read(TREE, space=space))
    expected = {"max_depth": 5, "min_samples_leaf": 2, "ccp_alpha": 0.05, "criterion": "gini"}
    assert spec.defaults == expected
    assert (spec.data.task, spec.objective.encoding, spec.objective.max_failures) == (
        "classification",
        "ordinal",
        10,
    )


@pytest.mark.long
def test_lists_are_settings_that_are_searched(read):
    """The estimator's own check takes each list, and the first one is the default."""
    network = 'estimator = "sklearn.neural_network.MLPClassifier"'
    spec = check(read(network, space="hidden_layer_sizes = { choices = [[8], [8, 8]] }"))
    assert spec.defaults == {"hidden_layer_sizes": (8,)}


@pytest.mark.parametrize(
    ("objective", "keys", "message"),
    [
        (TREE, {"model": "max_dept = 3"}, r'model.max_dept: .*DecisionTreeClassifier: .*"max_depth"\?'),
        (TREE, {"space": "depth = { low = 1, high = 3 }"}, r"space.depth: expected a parameter of"),
        (TREE, {"model": "criterion = 'ginni'"}, "model: The 'criterion' parameter of .*'ginni'"),
        (TREE, {"space": "max_depth = { low = 0, high = 3 }"}, "space.max_depth: .*range \\[1, inf\\)"),
        (
            TREE,
            {"space": "max_features = { low = 0.1, high = 1.0, log = true }"},
            r"space.max_features: .* Got 100\.0 instead\. The range may grow to 0\.001 and 100: widen = 0",
        ),
        (
            TREE,
            {"more": "[search]\nrungs = [3]"},
            "search.rungs: expected none: an estimator is fitted",
        ),
        (TREE, {"more": "[confirm]\nepochs = 3"}, "confirm.epochs: expected none"),
        (
            f"{TREE}\nmetric = 'r2'",
            {},
            "objective.estimator: expected an estimator for regression",
        ),
        (f"{TREE}\nencoding = 'native'", {}, 'objective.encoding: expected "onehot" or "ordinal": Decision'),
        (f"{TREE}\nloss = 'huber'", {}, "objective.loss: expected none with estimator"),
        (f"{TREE}\ndirection = 'minimize'", {}, "objective.direction: expected none: the metric has its own"),
        (f"{TREE}\ncall = 'a.py:b'", {}, "objective.call: expected none beside estimator"),
        ("estimator = 'DecisionTreeClassifier'", {}, 'objective.estimator: expected "PACKAGE.MODULE.CLASS"'),
        (
            "estimator = 'sklearn.cluster.KMeans'",
            {"space": "max_iter = { low = 9, high = 99 }"},
            "expected a classifier or a regressor, found a cluster",
        ),
        (
            "estimator = 'sklearn.svm.SVC'\nmetric = 'log_loss'",
            {"space": "C = { low = 0.1, high = 1.0 }"},
            "objective.metric: expected a metric of labels, because SVC predicts no probabilities",
        ),
    ],
)
def test_what_the_estimator_does_not_take_is_refused(read, objective, keys, message):
    """The message names the key of the study file, and what is possible there."""
    with pytest.raises(StudyFileError, match=message):
        check(read(objective, **keys))


def test_the_task_follows_from_the_estimator(read):
    """Numbers as targets are classes for a classifier, and none for a regressor."""
    tree = 'estimator = "sklearn.tree.DecisionTreeRegressor"'
    spec = check(read(tree, source="diabetes"))
    assert (spec.data.task, spec.metric.name) == ("regression", "r2")


def test_whitened_rows_have_no_categories_left(read):
    """A forest is given them as they are then; another encoding is refused."""
    spec = read(FOREST)
    white = dataclasses.replace(spec, data=dataclasses.replace(spec.data, scaling="pca"))
    assert check(white).objective.encoding == "onehot"
    objective = dataclasses.replace(white.objective, encoding="ordinal")
    with pytest.raises(StudyFileError, match=r'objective\.encoding: expected "onehot" with data\.sca'):
        check(dataclasses.replace(white, objective=objective))
