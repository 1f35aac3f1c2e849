"""Outcomes that are kept and found again."""

import numpy as np

from hpsearch.nn import MLPConfig, Network
from hpsearch.objective import Ending
from hpsearch.objective.mlp import MLPEvaluator, MLPOutcome, MLPTask, OutcomeCache


def outcome(ending=Ending.COMPLETE, n=10):
    """Return an outcome whose network has ``n`` float32 parameters."""
    network = Network(
        config=MLPConfig(), sizes=(1, 1), parameters=np.zeros(n, np.float32), classes=np.arange(1)
    )
    return MLPOutcome.of(ending, (0.5,), (network,))


def test_an_outcome_is_found_by_configuration_and_seed_alone():
    """Another seed or another rate is another training."""
    cache = OutcomeCache()
    kept = outcome()
    cache.put(MLPTask(config=MLPConfig(), seed=1), kept)
    assert cache.find(MLPTask(config=MLPConfig(), seed=1, stops=lambda _: True)) is kept
    assert cache.find(MLPTask(config=MLPConfig(), seed=2)) is None
    assert cache.find(MLPTask(config=MLPConfig(lr=0.5), seed=1)) is None


def test_what_did_not_run_to_the_end_is_not_kept():
    """A stopped training says nothing about the same task without stops."""
    cache = OutcomeCache()
    for ending in (Ending.STOPPED, Ending.DIVERGED):
        cache.put(MLPTask(config=MLPConfig(), seed=1), outcome(ending))
    assert len(cache) == 0


def test_the_oldest_make_room():
    """Three networks of 40 bytes do not fit into 100."""
    cache = OutcomeCache(room=100)
    tasks = [MLPTask(config=MLPConfig(), seed=seed) for seed in range(3)]
    for task in tasks:
        cache.put(task, outcome())
    assert [cache.find(task) is not None for task in tasks] == [False, True, True]


def test_a_kept_outcome_is_what_training_gives(spec, dataset, objective, monkeypatch):
    """A second request is answered without training, with the same bits as training it again."""
    kept = MLPEvaluator(spec, dataset, cache=OutcomeCache())
    tasks = [MLPTask(config=objective.config({"lr": lr}), seed=7) for lr in (1e-3, 1e-2)]
    kept.train(tasks)
    monkeypatch.setattr("hpsearch.objective.mlp.evaluator.run_stacks", lambda missing, **_: iter(missing))
    again = kept.train(tasks)
    monkeypatch.undo()
    for mine, fresh in zip(again, objective.train(tasks), strict=True):
        assert mine.curve == fresh.curve
        assert mine.network.parameters.tobytes() == fresh.network.parameters.tobytes()
