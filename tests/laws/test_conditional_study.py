"""A whole study with conditional parameters: start, confirm, read, replay."""

import math

import numpy as np
import optuna
import pytest
import sqlalchemy as sa

import hpsearch
from hpsearch.space import in_space
from hpsearch.store import opened
from hpsearch.worker import replay

STUDY = """
trials = 26
parallelism = 4
[data]
source = "wine"
[model]
hidden = [8]
epochs = 3
[space]
momentum = { low = 0.5, high = 0.99, log = "mirrored", when = { optimizer = ["momentum", "nesterov"] } }
lr = { low = 1e-3, high = 1e-1, log = true }
optimizer = { choices = ["sgd", "momentum", "nesterov", "adam"] }
beta1 = { low = 0.8, high = 0.99, when = { optimizer = "adam" } }
[search]
rounds = [12, 4]
rungs = [2]
[confirm]
top = 2
seeds = 2
ensemble = 3
"""
DEPENDENTS = {"sgd": set(), "momentum": {"momentum"}, "nesterov": {"momentum"}, "adam": {"beta1"}}


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    """Return the study, whose data are kept in a cache of its own."""
    folder = tmp_path_factory.mktemp("conditional")
    path = folder / "forked.toml"
    path.write_text(STUDY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPSEARCH_CACHE", str(folder / "cache"))
        yield hpsearch.load_study_file(path)


@pytest.fixture(scope="module")
def alone(spec, tmp_path_factory):
    """Return the study done by one worker on SQLite: its address, and what came of it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('alone')}/study.db"
    return url, hpsearch.start(spec, storage=url, workers=1)


def trials_of(url, name="forked"):
    """Return the trials as Optuna reads them."""
    storage = optuna.storages.RDBStorage(url, engine_kwargs={"poolclass": sa.NullPool})
    try:
        return optuna.load_study(study_name=name, storage=storage).trials
    finally:
        storage.remove_session()
        storage.engine.dispose()


def test_optuna_finds_active_parameters_alone(alone):
    """Each optimizer comes with its own settings and without the others', in the search and in its end."""
    url, result = alone
    trials = trials_of(url) + trials_of(url, "forked.confirm")
    assert len(trials) == 26 + 6
    for trial in trials:
        assert trial.params.keys() == {"lr", "optimizer"} | DEPENDENTS[trial.params["optimizer"]]
        assert trial.distributions.keys() == trial.params.keys()
    assert {trial.params["optimizer"] for trial in trials} == DEPENDENTS.keys()
    assert result.best.params in [trial.params for trial in trials]


@pytest.mark.long
def test_two_workers_on_postgresql_find_the_same_study(alone, spec, postgres):
    """The same line, the same parameters and the same winner as one worker on SQLite."""
    url, result = alone
    other = postgres.new_database()
    try:
        again = hpsearch.start(spec, storage=other, workers=2)
        assert (again.fingerprint, again.best) == (result.fingerprint, result.best)
        assert [t.params for t in trials_of(other)] == [t.params for t in trials_of(url)]
    finally:
        postgres.drop_database(other)


def test_a_study_with_conditions_is_replayed_without_a_difference(alone, spec):
    """Every proposal and every training comes out again, NaN where it was; every row is a point."""
    url, _ = alone
    with opened(url) as ledger:
        study = ledger.find_study("forked")
        history = ledger.history(study).history
        assert in_space(spec.space, history.internal).all()
        assert np.isnan(history.internal).any(axis=1).all()
        found = replay(ledger, study, train=True)
    assert list(found.differences) == []
    assert found.proposals == 26 + 6


def test_where_a_trial_came_from_is_told_without_what_it_lacks(alone, spec):
    """Show, explain and export speak of the parameters that are there, and JSON holds no NaN."""
    from hpsearch.report import explain, trial_text  # noqa: PLC0415 - beside its use

    url, _ = alone
    with opened(url) as ledger:
        study = ledger.find_study("forked")
        row = next(row for row in ledger.rows(study) if row.params["optimizer"] == "sgd")
        assert row.params.keys() == {"lr", "optimizer"}
        assert "momentum  " not in trial_text("forked", ledger.trial(study, row.number))
        explained = explain(ledger, study, 12)
    assert set(explained.box) == set(spec.space.names)
    assert all(math.isfinite(end) for end in explained.box["beta1"])
