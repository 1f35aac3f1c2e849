"""What ``start`` and ``open_study`` return: a study as Python and notebooks see it."""

import inspect
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hpsearch
from hpsearch.report.exports.frame import FrameError
from hpsearch.report.figures.figure import Figure
from hpsearch.report.plots import PLOTS
from hpsearch.report.study_plots import StudyPlots
from hpsearch.search import Proposal, TrialState
from hpsearch.store import Ledger, Result, WorkerIdentity
from hpsearch.worker import search_terms
from tests.cli.fixtures import cache, finished
from tests.worker.studies import small_spec

__all__ = ["cache", "finished"]


@pytest.fixture
def study(finished):
    """Return a finished study."""
    return hpsearch.open_study(storage=finished.url)


@pytest.fixture(scope="module")
def numbers(finished):
    """Return the numbers of its report, read once."""
    return hpsearch.open_study(storage=finished.url).numbers()


def test_the_answer_is_that_of_the_command_line(study, finished):
    """Winner, ensemble, fingerprint and JSON are what ``start`` printed."""
    assert study.fingerprint == finished.fingerprint
    assert study.best.number == 38
    assert study.ensemble.size == study.summary().ensemble.size
    assert study.status.finished
    assert study.to_json()["test_accuracy"] == study.best.test_accuracy
    assert repr(study) == finished.out.strip()
    assert study == hpsearch.open_study("small", storage=finished.url)


def test_a_notebook_shows_the_answer_and_the_history(study):
    """One card: name, counts, winner, test accuracy, a figure."""
    card = study._repr_html_()
    assert "<h3>small</h3>" in card
    assert "<b>The best settings</b>" in card
    assert "The best settings found have a" in card
    assert f"{study.best.test_accuracy:.4f}" in card
    assert card.count("<svg") == 1
    assert "<script" not in card


@pytest.mark.parametrize("name", PLOTS)
def test_every_figure_can_be_asked_for(study, name):
    """Each ``plot_*`` returns the figure of that name, drawn from the database."""
    figure = getattr(study, f"plot_{name}")()
    assert isinstance(figure, Figure)
    assert bool(figure.table.rows) == (name != "nursings"), "it has no nursing"


@pytest.mark.parametrize("name", PLOTS)
def test_plot_has_every_figure_as_a_method(study, numbers, name):
    """``study.plot.history()`` is the figure of the report; completion lists it, with a docstring."""
    method = getattr(StudyPlots(read=lambda: numbers), name)
    figure = method()
    assert figure._repr_svg_() == figure.svg == PLOTS[name](numbers).svg
    assert method.__doc__.startswith("Return ")
    assert name in dir(study.plot)
    assert f"{name}()" in repr(study.plot)


def test_public_names_show_their_types(study):
    """Each public name has a docstring; functions and methods have annotated arguments and results."""
    for name in hpsearch.__all__:
        assert inspect.getdoc(getattr(hpsearch, name)), name
    methods = [getattr(type(study), name) for name in dir(study) if not name.startswith("_")]
    functions = [getattr(hpsearch, name) for name in hpsearch.__all__]
    for function in filter(inspect.isfunction, [*methods, *functions]):
        signature = inspect.signature(function)
        assert signature.return_annotation is not inspect.Signature.empty, function
        bare = [p.name for p in signature.parameters.values() if p.annotation is inspect.Parameter.empty]
        assert bare in ([], ["self"]), function


def test_the_report_is_the_page(study):
    """The whole document, with the commands of this database."""
    page = study.report()
    assert page.startswith("<!doctype html>")
    assert study.flags.startswith(" --storage sqlite:///")
    assert study.flags in page
    assert study.fingerprint in page


def test_trials_are_a_table(study):
    """One row a trial, numbers as numbers, what is missing as NaN, times with their zone."""
    pd = pytest.importorskip("pandas", reason="pandas is not installed: pip install 'hpsearch[frames]'")
    frame = study.trials
    assert frame.equals(study.trials_dataframe())
    trials = study.numbers().trials
    assert list(frame.index) == list(range(40))
    assert frame["state"].value_counts()["pruned"] == (trials.states == TrialState.PRUNED).sum()
    assert np.array_equal(frame["value"].to_numpy(), trials.values, equal_nan=True)
    assert frame["params.lr"].between(1e-6, 10).all()
    assert frame["epoch_4"].isna().sum() == np.isnan(trials.curves[:, 3]).sum()
    assert isinstance(frame["ended"].dtype, pd.DatetimeTZDtype)


def test_without_pandas_the_extra_is_named(study, monkeypatch):
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(FrameError, match=r"expected pandas.*pip install 'hpsearch\[frames\]'"):
        _ = study.trials


def test_a_database_that_is_gone_is_told_in_a_line(finished, tmp_path):
    """What is printed and shown says why, and hides no error where a number is asked for."""
    copy = finished.copy_to(tmp_path)
    study = hpsearch.open_study(storage=f"sqlite:///{copy}")
    copy.unlink()
    assert repr(study).startswith("study 'small' in sqlite:///")
    assert study._repr_html_().startswith("<pre>study &#x27;small&#x27;")
    with pytest.raises(hpsearch.HpsearchError, match=r"hpsearch\.db"):
        _ = study.best


def test_a_running_study_is_read_as_it_stands(tmp_path, monkeypatch, cache):
    """The same object sees each new result, and nothing waits."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    spec = small_spec(tmp_path)
    url = f"sqlite:///{tmp_path}/running.db"
    ledger = Ledger(url, create=True)
    try:
        opened = ledger.open_study(search_terms(spec, data_hash="none"))
        study = hpsearch.open_study("small", storage=url)
        assert (study.best, study.status.settled) == (None, 0)
        assert "no trial is complete" in study._repr_html_()
        worker = ledger.enlist(opened, WorkerIdentity(host="here", process="1@1", pid=1))
        points = np.random.default_rng(1).uniform(size=(4, len(spec.space)))
        proposals = [
            Proposal(number=n, internal=spec.space.from_unit(point), stage="round 0")
            for n, point in enumerate(points)
        ]
        claims = ledger.claim(opened, worker_id=worker, proposals=proposals, limit=4)
        result = Result(state=TrialState.COMPLETE, value=0.75, curve=(0.5, 0.75))
        ledger.finish([(claim, result) for claim in claims[:2]])
        assert (study.best.value, study.status.settled) == (0.75, 2)
        assert "0.7500" in study.plot_history().table.rows[0]
        assert "The best settings so far" in study._repr_html_()
        assert list(study.numbers().trials.states) == [1, 1, 0, 0]
    finally:
        ledger.close()


NOTEBOOK = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
import hpsearch
shell = InteractiveShell.instance()
study = hpsearch.open_study(storage=sys.argv[1])
shown = [shell.display_formatter.format(thing)[0] for thing in (study, study.plot_slice())]
print(json.dumps([sorted(formats) for formats in shown]))
"""


def test_jupyter_finds_what_to_show(finished, tmp_path):
    """IPython's own formatter takes the HTML of a study and the drawing of a figure."""
    pytest.importorskip("IPython", reason="IPython is not installed")
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", NOTEBOOK, finished.url],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={"PYTHONPATH": str(root), "HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path)},
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1]) == [
        ["text/html", "text/plain"],
        ["image/svg+xml", "text/html", "text/plain"],
    ]


def test_the_environment_names_the_database(finished, monkeypatch, tmp_path):
    """Python looks where the commands look, and a given address comes before the variable."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(hpsearch.HpsearchError, match=r"hpsearch\.db"):
        hpsearch.open_study("small")
    monkeypatch.setenv("HPSEARCH_STORAGE", finished.url)
    assert hpsearch.open_study("small").fingerprint == finished.fingerprint
    with pytest.raises(hpsearch.HpsearchError, match=r"other\.db"):
        hpsearch.open_study("small", storage="sqlite:///other.db")
