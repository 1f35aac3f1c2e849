import dataclasses

import numpy as np
import pytest

from hpsearch.data import fold_numbers
from hpsearch.errors import StudyFileError
from hpsearch.metrics import METRICS
from hpsearch.nn import MLPConfig, fit_stack, load_model, save_model
from hpsearch.nn.streams import fold_seed
from hpsearch.objective import Ending
from hpsearch.objective.mlp import MLPEvaluator, MLPTask, check_memory, warnings_of
from hpsearch.objective.rows.folds import folds_of, training_rows
from hpsearch.objective.rows.outcome_cache import OutcomeCache
from hpsearch.study_file import ObjectiveSpec, Purpose, child_seed


@pytest.fixture(scope="module")
def pool(dataset):
    """Return the blobs without validation rows: 84 rows to divide into folds, 24 to judge by."""
    X = np.concatenate([dataset.X_train, dataset.X_val])
    y = np.concatenate([dataset.y_train, dataset.y_val])
    return dataclasses.replace(
        dataset, X_train=X, y_train=y, X_val=dataset.X_val[:0], y_val=dataset.y_val[:0]
    )


def with_folds(spec, folds, *, repeats=1, metric=None):
    """Return a study with folds."""
    data = dataclasses.replace(spec.data, folds=folds, repeats=repeats)
    return dataclasses.replace(spec, data=data, objective=ObjectiveSpec(metric=metric))


@pytest.mark.parametrize(("folds", "repeats"), [(2, 1), (5, 1), (3, 3)])
def test_each_repeat_has_folds_of_its_own_from_the_studys_seed(spec, pool, folds, repeats):
    """The folds follow from the study alone; another repeat or another seed divides otherwise."""
    study = with_folds(spec, folds, repeats=repeats)
    made = folds_of(study, pool)
    for repeat in range(repeats):
        seed = child_seed(spec.seed, Purpose.FOLDS, repeat)
        numbers = fold_numbers(pool.y_train, folds=folds, seed=seed)
        for fold in range(folds):
            lane = repeat * folds + fold
            held = made.held[lane, : made.counts[lane]]
            assert held.tolist() == np.flatnonzero(numbers == fold).tolist()
    assert made.train.shape[1] == training_rows(study, pool)
    other = folds_of(dataclasses.replace(study, seed=1), pool)
    assert not np.array_equal(made.train, other.train)
    assert folds_of(spec, pool) is None


@pytest.mark.parametrize("metric", [name for name, metric in METRICS.items() if metric.for_classes])
def test_a_trial_is_the_mean_over_its_folds(spec, pool, metric):
    """Of every metric: the curve is the mean of trainings by ``fit_stack``, each scored by its own fold."""
    study = with_folds(spec, 4, repeats=2, metric=metric)
    objective, made = MLPEvaluator(study, pool), folds_of(study, pool)
    config = MLPConfig(hidden=(8,), lr=0.01, batch_size=16, epochs=4)
    (outcome,) = objective.train([MLPTask(config=config, seed=5)])
    assert outcome.ending is Ending.COMPLETE
    found = []
    for fold, network in enumerate(outcome.networks):
        train, held = made.train[fold], made.held[fold, : made.counts[fold]]
        X, y = pool.X_train, pool.y_train
        (alone,) = fit_stack(
            [config], X[train], y[train], X[held], y[held], epochs=4, seed=fold_seed(5, fold)
        )
        assert alone.network.parameters.tobytes() == network.parameters.tobytes()
        labels = objective.metric.takes == "labels"
        predicted = network.predict(X[held]) if labels else network.predict_proba(X[held])
        found.append(objective.metric.of(y[held], predicted))
    assert outcome.curve[-1] == pytest.approx(np.mean(found), rel=1e-6)
    parts = objective.judge.validation_parts(outcome)
    assert parts.shape == (objective.judge.validation_rows,) == (84,)
    assert parts.mean() == pytest.approx(np.mean(found), rel=1e-6)


def test_a_rung_sees_the_mean_and_ends_all_folds(spec, pool):
    """A rule that stops a trial is asked once an epoch, with means, and no lane of the trial goes on."""
    asked = []

    def stops(curve):
        asked.append(tuple(curve))
        return len(curve) == 2

    objective = MLPEvaluator(with_folds(spec, 3), pool)
    going = MLPTask(config=MLPConfig(hidden=(8,), lr=0.01, epochs=4), seed=5)
    stopped = dataclasses.replace(going, stops=stops)
    lanes = []
    one, other = objective.train([stopped, going], on_report=lambda end: lanes.append(len(end.curves)))
    assert one.ending is Ending.STOPPED
    assert asked == [one.curve[:1], one.curve]
    assert one.curve == other.curve[:2]
    assert len(one.networks) == len(other.networks) == 3
    assert lanes == [2, 1, 1, 0]


def test_a_refit_learns_from_all_rows(spec, pool, dataset, tmp_path):
    """What is delivered is one network of all rows outside the test split, and no fold is held out of it."""
    cache = OutcomeCache()
    objective = MLPEvaluator(with_folds(spec, 3), pool, cache=cache)
    task = MLPTask(config=MLPConfig(hidden=(8,), lr=0.01, epochs=3), seed=5)
    (trial,) = objective.train([task])
    assert len(trial.networks) == 3
    assert objective.train([task]) == [trial]
    (refitted,) = objective.refitting().train([task])
    (plain,) = MLPEvaluator(spec, dataset).refitting().train([task])
    assert len(refitted.networks) == 1
    assert refitted.network.parameters.tobytes() == plain.network.parameters.tobytes()
    save_model([refitted.network], tmp_path / "model")
    assert load_model(tmp_path / "model").predict(pool.X_test).shape == (24,)


def test_a_share_of_validation_rows_beside_folds_is_warned_of(spec, pool):
    """No trial reads it, and a line says so."""
    study = with_folds(spec, 3)
    assert not any("data.validation" in line for line in warnings_of(study, pool))
    data = dataclasses.replace(study.data, validation=0.25)
    line = "data.validation: no trial reads it, because data.folds is 3; leave it out"
    assert line in warnings_of(dataclasses.replace(study, data=data), pool)


def test_the_networks_of_all_folds_count_as_memory(spec, pool, monkeypatch):
    """A limit that one network keeps is too small for the networks of 28 folds."""
    monkeypatch.setenv("HPSEARCH_MAX_MEMORY", "0.00005")
    check_memory(with_folds(spec, 2), pool)
    with pytest.raises(StudyFileError, match="28 networks of 5 features, hidden"):
        check_memory(with_folds(spec, 14, repeats=2), pool)
