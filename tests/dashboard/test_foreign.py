"""A dashboard over studies of Optuna's alone: cards, reports, metrics; nothing is written."""

import warnings

import optuna
import pytest
from optuna.exceptions import ExperimentalWarning

from tests.dashboard.servers import ask, serving
from tests.machine.foreign_studies import make_pareto, make_theirs, optuna_storage


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return the file of a database with two studies of Optuna's."""
    path = tmp_path_factory.mktemp("theirs") / "theirs.db"
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings(), optuna_storage(f"sqlite:///{path}") as storage:
        warnings.simplefilter("ignore", ExperimentalWarning)
        make_theirs(storage, n_trials=6)
        make_pareto(storage)
    return path


def test_they_are_shown_and_not_changed(file):
    """A card each, a report where there is a best trial, metrics without a budget; not a byte is written."""
    before = file.read_bytes()
    with serving(f"sqlite:///{file}") as port:
        first = ask(port, "/").text
        assert first.count("made by Optuna") == 2
        assert "2 trials (2 complete), 2 objectives" in first
        assert first.count('href="/report/') == 1
        assert "The highest score, é of 7 complete trials is" in ask(port, "/report/theirs").text
        refused = ask(port, "/report/pareto")
        assert (refused.status, "expected one objective, found 2" in refused.text) == (404, True)
        metrics = ask(port, "/metrics").text
        assert 'hpsearch_trials{study="theirs",state="complete"} 7' in metrics
        assert "hpsearch_trials_budget{" not in metrics
        link = ask(port, "/report", Referer=f"http://127.0.0.1:{port}/dashboard/studies/1")
        assert (link.status, link.headers["location"]) == (303, "/report/theirs")
        assert ask(port, "/dashboard/studies/1").status == 200
    assert file.read_bytes() == before


def test_edits_are_those_of_optuna(file, tmp_path):
    """Where edits are allowed a study at rest is renamed and deleted as by optuna-dashboard itself."""
    copy = tmp_path / "copy.db"
    copy.write_bytes(file.read_bytes())
    with serving(f"sqlite:///{copy}", allow_edit=True) as port:
        renamed = ask(port, "/api/studies/1/rename", "POST", {"study_name": "mine"})
        assert renamed.status == 201, renamed.text
        assert ask(port, "/api/studies/2", "DELETE").status == 204
        assert "pareto" not in ask(port, "/").text
