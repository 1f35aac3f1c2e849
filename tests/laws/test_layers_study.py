"""A whole study over the layers of its networks: start, confirm, read, export, replay."""

import csv
import io
import json
import warnings

import numpy as np
import optuna
import pytest
import sqlalchemy as sa

import hpsearch
from hpsearch.objective import Task
from hpsearch.objective.mlp import MLPEvaluator
from hpsearch.report.explanation.trial import explain, explanation_text
from hpsearch.report.exports.tables import TrialTable
from hpsearch.report.numbers.study import study_report
from hpsearch.search import SearchPlan
from hpsearch.space import choice_text, plain_value
from hpsearch.store import opened
from hpsearch.worker import load_data, replay

LISTS = """
hidden = { choices = [[8], [8, 8], [16, 8]] }
dropout = { low = 0.0, high = 0.5, when = { hidden = [[8, 8], [16, 8]] } }
"""
RANGES = """
depth = { low = 1, high = 3 }
width = { low = 4, high = 16, log = true }
"""
STUDY = """
name = "layers"
trials = 18
parallelism = 6
[data]
source = "wine"
[model]
epochs = 3
[space]
lr = { low = 1e-3, high = 1e-1, log = true }
SPACE
[search]
rounds = [10]
[confirm]
top = 2
seeds = 2
ensemble = 2
"""


@pytest.fixture(
    scope="module",
    params=[pytest.param(LISTS, id="lists"), pytest.param(RANGES, id="ranges", marks=pytest.mark.long)],
)
def spec(request, tmp_path_factory):
    """Return a study over lists of layers, and one over their depth and width."""
    folder = tmp_path_factory.mktemp("layers")
    path = folder / "layers.toml"
    path.write_text(STUDY.replace("SPACE", request.param))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPSEARCH_CACHE", str(folder / "cache"))
        yield hpsearch.load_study_file(path)


@pytest.fixture(scope="module")
def alone(spec, tmp_path_factory):
    """Return the study done by one worker on SQLite: its address, and what came of it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('alone')}/study.db"
    return url, hpsearch.start(spec, storage=url, workers=1)


@pytest.fixture
def ledger(alone):
    """Return the database of the study."""
    with opened(alone[0]) as ledger:
        yield ledger


def layers(params):
    """Return the layers that parameters mean."""
    return params["hidden"] if "hidden" in params else (params["width"],) * params["depth"]


def test_two_workers_find_the_same_study(alone, spec, tmp_path):
    """The same line and the same winner, however structures were shared out among stacks."""
    again = hpsearch.start(spec, storage=f"sqlite:///{tmp_path}/study.db", workers=2)
    assert (again.fingerprint, again.best) == (alone[1].fingerprint, alone[1].best)


def test_each_lane_equals_its_training_alone(ledger, spec):
    """Every trial, trained again by itself, has the curve that it had beside others; so has the replay."""
    study = ledger.find_study("layers")
    history, plan = ledger.history(study).history, SearchPlan(spec)
    evaluator = MLPEvaluator(spec, load_data(spec, spec.base))
    found = set()
    for number in range(len(history)):
        settings = spec.space.external(history.point(number))
        (outcome,) = evaluator.evaluate([Task(settings=settings, seed=plan.seed(number))])
        seen = history.curves[number]
        assert outcome.curve == tuple(seen[~np.isnan(seen)].tolist())
        found.add(outcome.network.config.hidden)
    assert len(found) >= 3
    again = replay(ledger, study, train=True)
    assert (list(again.differences), again.trainings) == ([], again.proposals)


def test_every_reader_shows_the_same_layers(alone, ledger):
    """Optuna without a warning, rows, CSV with texts, JSON with lists."""
    study = ledger.find_study("layers")
    rows = [row.params for row in ledger.rows(study)]
    storage = optuna.storages.RDBStorage(alone[0], engine_kwargs={"poolclass": sa.NullPool})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trials = optuna.load_study(study_name="layers", storage=storage).trials
    texts = [{name: plain_value(value) for name, value in params.items()} for params in rows]
    assert [trial.params for trial in trials] == texts
    storage.remove_session()
    storage.engine.dispose()
    file = io.StringIO()
    csv.writer(file).writerows(TrialTable(ledger, study).lines())
    table = list(csv.DictReader(io.StringIO(file.getvalue())))
    documents = [json.loads(json.dumps(row)) for row in TrialTable(ledger, study).documents()]
    for params, cells, document in zip(rows, table, documents, strict=True):
        for name, value in params.items():
            assert json.loads(cells[f"params.{name}"]) == document["params"][name]
            assert document["params"][name] == (list(value) if isinstance(value, tuple) else value)


def test_a_trial_is_explained_with_its_list(ledger):
    """Whole numbers and lists as they are; a box does not narrow a choice, and the line says so."""
    study = ledger.find_study("layers")
    text = explanation_text("layers", explain(ledger, study, 0))
    params = ledger.trial(study, 0).params
    shown = [f"{name} = {choice_text(value)}" for name, value in params.items() if type(value) is not float]
    assert [line for line in shown if line not in text] == []
    assert ("any of its choices" in text) == ("hidden" in params)


def test_the_winner_is_the_network_that_the_study_names(alone):
    """The verdict, read from the database, and the saved model have the layers of the winning trial."""
    url, result = alone
    best = hpsearch.open_study("layers", storage=url).best
    assert best.params == result.best.params
    with opened(url) as ledger:
        study = ledger.find_study("layers")
        if best.number is not None:
            assert best.params == ledger.trial(study, best.number).params
        assert "hidden" not in study_report(ledger, study).network  # they are parameters
    model = hpsearch.load_winner(hpsearch.open_study("layers", storage=url))
    assert model.networks[0].config.hidden == layers(best.params)
