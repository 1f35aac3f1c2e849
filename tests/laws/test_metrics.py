"""Studies under every metric: the same laws, whatever is measured, and whichever direction is better."""

import optuna
import pytest

import hpsearch
from hpsearch.metrics import METRICS
from hpsearch.store import opened
from hpsearch.worker import replay

STUDY = """
name = "measured"
seed = 6
trials = 20
parallelism = 4
[data]
source = "{source}"
[objective]
metric = "{metric}"
[model]
hidden = [12]
epochs = 6
[space]
lr = {{ low = 1e-4, high = 1e6, log = true }}
[search]
rounds = [12, 4]
rungs = [2]
[confirm]
top = 2
seeds = 2
ensemble = 3
"""
"""Rates that end in numbers which are not finite are among those that it tries."""


PLAIN = {"accuracy", "rmse"}
"""A metric of each kind of target: studies of the others are long."""


def marked(name):
    """Return a metric as a parameter of tests, with its mark."""
    return pytest.param(name, marks=() if name in PLAIN else pytest.mark.long)


@pytest.fixture(scope="module", params=map(marked, METRICS))
def metric(request):
    """Return each metric."""
    return METRICS[request.param]


@pytest.fixture(scope="module")
def file(metric, tmp_path_factory):
    """Return a study file that names the metric."""
    path = tmp_path_factory.mktemp(metric.name) / "measured.toml"
    source = "wine" if metric.for_classes else "diabetes"
    path.write_text(STUDY.format(source=source, metric=metric.name))
    return path


@pytest.fixture(scope="module")
def started(file):
    """Return the study after one worker, and its address: tests read it."""
    url = f"sqlite:///{file.parent}/one.db"
    return hpsearch.start(hpsearch.load_study_file(file), storage=url, workers=1), url


def test_the_better_direction_wins(metric, started):
    """Optuna's direction, the best trial, the winner and what the test rows say are of the metric."""
    study, url = started
    plain = optuna.load_study(study_name="measured", storage=url)
    assert plain.direction.name == ("MAXIMIZE" if metric.maximize else "MINIMIZE")
    assert plain.metric_names == [f"validation {metric.title}"]
    values = [trial.value for trial in plain.get_trials(states=[optuna.trial.TrialState.COMPLETE])]
    summary = study.summary()
    assert summary.status.best_value == plain.best_value == (max if metric.maximize else min)(values)
    low, high = summary.best.interval
    assert low <= summary.best.mean <= high
    fitting = {name for name, other in METRICS.items() if other.for_classes == metric.for_classes}
    assert set(summary.best.test) == set(summary.best.ensemble.test) == fitting
    assert metric.sign * summary.best.test[metric.name] > metric.sign * summary.best.constant


@pytest.mark.sampled
def test_what_diverged_is_never_the_best(metric, started):
    """A training that ended before its first epoch was over has a finite value, and a bad one."""
    study, url = started
    pruned = optuna.load_study(study_name="measured", storage=url).get_trials(
        states=[optuna.trial.TrialState.PRUNED]
    )
    lost = [trial.value for trial in pruned if not trial.intermediate_values]
    best = study.summary().status.best_value
    assert lost
    assert all(metric.sign * value < metric.sign * best for value in lost)


@pytest.mark.sampled
def test_the_study_is_the_same_with_two_workers(file, started, tmp_path):
    """One fingerprint, and every trial comes out again as it was."""
    study, url = started
    other = f"sqlite:///{tmp_path}/two.db"
    again = hpsearch.start(hpsearch.load_study_file(file), storage=other, workers=2)
    assert again.fingerprint == study.fingerprint
    assert again.best == study.best
    with opened(url) as ledger:
        assert not replay(ledger, ledger.find_study("measured"), train=True).differences
