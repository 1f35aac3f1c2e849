"""Estimators that are fitted for trials: the numbers are those of the library itself."""

import dataclasses
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier

from hpsearch.data import load_dataset
from hpsearch.errors import StudyFileError
from hpsearch.estimators.columns import ColumnEncoding
from hpsearch.objective import OBJECTIVES, Ending, Task
from hpsearch.objective.estimator.evaluator import EstimatorEvaluator
from hpsearch.objective.process.variables import short_seed
from hpsearch.objective.rows.folds import folds_of
from tests.objective.estimator.conftest import TREE


@pytest.fixture
def study(read, tmp_path):
    """Return a function that makes a study's evaluator, closed at the end, with its data."""
    opened = []

    def make(objective=TREE, *, data=None, **keys):
        spec = read(objective, **keys)
        spec = dataclasses.replace(spec, data=dataclasses.replace(spec.data, **(data or {})))
        spec = OBJECTIVES["estimator"].check(spec)
        dataset = load_dataset(spec.data, seed=1, base=tmp_path)
        opened.append(EstimatorEvaluator(spec, dataset))
        return opened[-1], dataset

    yield make
    for evaluator in opened:
        evaluator.close()


def tree(seed, **settings):
    """Return the library's own tree with the seed that a task gives it."""
    return DecisionTreeClassifier(random_state=short_seed(seed), **settings)


def test_a_trial_has_the_value_of_the_library_itself(study, tmp_path):
    """On the validation rows; the winner's refit learns from these as well and answers the test rows."""
    evaluator, data = study(model="min_samples_leaf = 2")
    task = Task(settings={"max_depth": 3}, seed=2**40, folder=tmp_path)
    (outcome,) = evaluator.evaluate([task])
    own = tree(2**40, max_depth=3, min_samples_leaf=2).fit(data.X_train.astype(float), data.y_train)
    assert outcome.ending is Ending.COMPLETE
    assert outcome.value == (own.predict(data.X_val.astype(float)) == data.y_val).mean()
    assert "test_labels" not in outcome.predicted
    parts = evaluator.judge.validation_parts(outcome)
    assert parts.mean() == pytest.approx(outcome.value)
    with closing(evaluator.refitting()) as refitting:
        (again,) = refitting.evaluate([dataclasses.replace(task, folder=None)])
        judged = refitting.judge.judge([again])
    X, y = np.concatenate([data.X_train, data.X_val]), np.concatenate([data.y_train, data.y_val])
    own = tree(2**40, max_depth=3, min_samples_leaf=2).fit(X.astype(float), y)
    right = own.predict(data.X_test.astype(float)) == data.y_test
    assert judged.scores["accuracy"] == right.mean()
    assert judged.parts.mean() == pytest.approx(right.mean())
    assert {"accuracy", "log_loss"} <= set(judged.scores)


@pytest.mark.long
def test_folds_score_every_row_once(study, tmp_path):
    """The value is the mean over folds of estimators that were fitted without them."""
    evaluator, data = study(data={"folds": 3})
    (outcome,) = evaluator.evaluate([Task(settings={"max_depth": 2}, seed=5, folder=tmp_path)])
    folds = folds_of(evaluator._spec, data)
    values = []
    for train, held, n in zip(folds.train, folds.held, folds.counts, strict=True):
        own = tree(5, max_depth=2).fit(data.X_train[train].astype(float), data.y_train[train])
        values.append((own.predict(data.X_train[held[:n]].astype(float)) == data.y_train[held[:n]]).mean())
    assert outcome.value == pytest.approx(np.mean(values))
    assert evaluator.judge.validation_parts(outcome).shape == data.y_train.shape


@pytest.mark.long
def test_what_goes_wrong_fails_the_trial_alone(study, tmp_path):
    """The library's own message and traceback are kept; the next trial runs."""
    svc = 'estimator = "sklearn.svm.SVC"'
    space = 'kernel = { choices = ["precomputed", "linear"] }'
    evaluator, _ = study(svc, space=space)
    kernels = ("precomputed", "linear")
    tasks = [Task(settings={"kernel": kernel}, seed=1, folder=tmp_path) for kernel in kernels]
    wrong, right = evaluator.evaluate(tasks)
    assert wrong.ending is Ending.FAILED
    assert "Precomputed matrix must be a square matrix" in wrong.reason
    assert "Traceback" in wrong.notes["error"]
    assert right.ending is Ending.COMPLETE


ODD = """
import os
from contextlib import suppress
from sklearn.tree import DecisionTreeClassifier


class Odd(DecisionTreeClassifier):
    def fit(self, X, y):
        if self.max_depth == 2:
            other = os.open(__file__ + ".other", os.O_RDWR | os.O_CREAT)
            for place in {*range(3, 64)} - {other}:
                with suppress(OSError):
                    os.lseek(place, 0, os.SEEK_CUR)  # a file, and no pipe
                    os.dup2(other, place)
        return super().fit(X, y)

    def predict(self, X):
        return super().predict(X) + 100 * (self.max_depth == 1)
"""


@pytest.mark.long
def test_what_an_estimator_does_to_its_process_costs_its_trial_alone(study, tmp_path):
    """A class that is none is refused; an answer that went elsewhere is not the last trial's."""
    (tmp_path / "odd.py").write_text(ODD)
    evaluator, _ = study('estimator = "odd.py:Odd"')
    tasks = [Task(settings={"max_depth": depth}, seed=1, folder=tmp_path) for depth in (4, 2, 1, 4)]
    right, elsewhere, unknown, again = evaluator.evaluate(tasks)
    assert right.ending is Ending.COMPLETE
    assert elsewhere.reason == "its process answered, but has not written what it predicts"
    assert "expected a class from 0 to 2, found 10" in unknown.reason
    assert again.value == right.value


DIES = """
import os
from sklearn.tree import DecisionTreeClassifier


class Dies(DecisionTreeClassifier):
    def fit(self, X, y):
        if not os.path.exists(__file__ + ".died"):
            open(__file__ + ".died", "w").close()
            os.kill(os.getpid(), 9)
        return super().fit(X, y)
"""


@pytest.mark.long
@pytest.mark.parametrize(("trial", "ending"), [(True, Ending.FAILED), (False, Ending.COMPLETE)])
def test_a_fit_of_the_delivery_is_tried_again(study, tmp_path, trial, ending):
    """The ledger gives a trial its attempts; what belongs to no trial has as many here."""
    (tmp_path / "dies.py").write_text(DIES)
    evaluator, _ = study('estimator = "dies.py:Dies"')
    task = Task(settings={"max_depth": 2}, seed=1, folder=tmp_path if trial else None)
    (outcome,) = evaluator.evaluate([task])
    assert outcome.ending is ending


@pytest.mark.long
def test_a_fit_that_takes_too_long_is_ended(study, tmp_path):
    """A hang costs the trial, not the worker."""
    objective = f"{TREE}\ntimeout = 0.02".replace("tree.DecisionTree", "ensemble.ExtraTrees")
    evaluator, _ = study(objective, model="n_estimators = 100000")
    (outcome,) = evaluator.evaluate([Task(settings={"max_depth": 8}, seed=1, folder=tmp_path)])
    assert outcome.ending is Ending.FAILED
    assert outcome.reason == "it took longer than objective.timeout = 0.02 s"


@pytest.mark.long
def test_an_equal_task_is_answered_from_the_cache(read, tmp_path):
    """The same settings and seed are fitted once; with the test rows they are another task."""
    spec = OBJECTIVES["estimator"].check(read(TREE))

    class Found:
        def data(self):
            return load_dataset(spec.data, seed=1, base=tmp_path)

    with closing(OBJECTIVES["estimator"].bind(spec, Found())) as evaluator:
        task = Task(settings={"max_depth": 2}, seed=5, folder=tmp_path)
        (first,) = evaluator.evaluate([task])
        assert evaluator.evaluate([task])[0] is first
        (judged,) = evaluator.evaluate([dataclasses.replace(task, folder=None)])
    assert judged.value == first.value
    assert "test_whole" in judged.predicted


@pytest.fixture
def mixed(tmp_path):
    """Return the name of a table with categories and missing numbers whose classes follow from both."""
    rng = np.random.default_rng(0)
    colors = rng.choice(["red", "green", "blue"], 300)
    sizes = rng.normal(size=300)
    gone = rng.random(300) < 0.2
    label = np.where((colors == "red") ^ (gone | (sizes > 0)), "yes", "no")
    lines = ["color,size,label"]
    lines += [
        f"{c},{'' if g else round(s, 3)},{t}" for c, s, g, t in zip(colors, sizes, gone, label, strict=True)
    ]
    (tmp_path / "mixed.csv").write_text("\n".join(lines))
    return {"source": "mixed.csv", "target": "label"}


@pytest.mark.parametrize(
    ("estimator", "encoding", "name"),
    [
        ("sklearn.ensemble.HistGradientBoostingClassifier", "native", "max_iter"),
        pytest.param("lightgbm.LGBMClassifier", "native", "n_estimators", marks=pytest.mark.long),
        pytest.param(
            "sklearn.ensemble.RandomForestClassifier", "ordinal", "n_estimators", marks=pytest.mark.long
        ),
        pytest.param(
            "sklearn.neighbors.KNeighborsClassifier", "onehot", "n_neighbors", marks=pytest.mark.long
        ),
    ],
)
def test_each_kind_gets_categories_as_it_takes_them(study, mixed, estimator, encoding, name):
    """What follows from a category and from a missing number is learned under every encoding."""
    pytest.importorskip(estimator.partition(".")[0])
    space = f"{name} = {{ low = 5, high = 50 }}"
    evaluator, data = study(f'estimator = "{estimator}"', space=space, data=mixed)
    assert evaluator.encoding == ColumnEncoding(encoding, blocks=((0, 3),), missing=((3, 4),))
    (outcome,) = evaluator.evaluate([Task(settings={name: 9}, seed=1, folder=Path())])
    assert outcome.value > 0.85
    assert len(data.features) == 5


@pytest.mark.long
def test_weights_of_rows_reach_the_fit(study, tmp_path):
    """Rows of weight 50 decide; an estimator that takes none is refused when the study is read."""
    lines = ["x,w,label"] + [f"{i % 7},{50 if i % 2 else 1},{'ab'[i % 2]}" for i in range(120)]
    (tmp_path / "weighted.csv").write_text("\n".join(lines))
    data = {"source": "weighted.csv", "target": "label", "weights": "w"}
    evaluator, dataset = study(data=data)
    (outcome,) = evaluator.evaluate([Task(settings={"max_depth": 1}, seed=1, folder=tmp_path)])
    share = np.mean(dataset.y_val == list(dataset.classes).index("b"))
    assert outcome.value == pytest.approx(share)
    with pytest.raises(
        StudyFileError, match=r"data\.weights: expected none: KNeighborsClassifier\.fit takes"
    ):
        study(
            'estimator = "sklearn.neighbors.KNeighborsClassifier"',
            space="n_neighbors = { low = 1, high = 3 }",
            data=data,
        )
