"""Commands over a database of Optuna's alone: what is said is what was measured."""

import json
import re
import warnings

import optuna
import pytest
from optuna.exceptions import ExperimentalWarning
from typer.testing import CliRunner

import hpsearch
from hpsearch.cli.app import make_app
from hpsearch.errors import ForeignStudyError, NoDatabaseError
from hpsearch.report.figures.figure import WIDE
from hpsearch.report.numbers.study import study_report
from hpsearch.report.page.document import report_page
from hpsearch.report.plots import PLOTS
from hpsearch.store import opened
from tests.machine.foreign_studies import TITLE, make_pareto, make_theirs, optuna_storage, params_of, score_of

BEST = max(range(24), key=score_of)
STATES = "25 complete, 2 pruned, 2 failed, 1 running, 1 waiting, 1 with an infinite value"
LINE = f"31 trials ({STATES}), made by Optuna"
UNSAID = ("contract", "parallelism", "attempts", "stopped there", "to repeat it", "worker")
"""What such a study has not, and what no page of it may speak of."""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return the file of a database with three studies of Optuna's."""
    path = tmp_path_factory.mktemp("theirs") / "theirs.db"
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings(), optuna_storage(f"sqlite:///{path}") as storage:
        warnings.simplefilter("ignore", ExperimentalWarning)
        make_theirs(storage)
        optuna.create_study(storage=storage, study_name="new")
        make_pareto(storage)
    return path


@pytest.fixture
def run(file, monkeypatch, tmp_path):
    """Return what runs a command on the database in this process; no command changes a byte of it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HPSEARCH_STORAGE", f"sqlite:///{file}")
    before = file.read_bytes()

    def run(*arguments, study="theirs"):
        named = ["--study", study] if study and arguments[0] != "list" else []
        return CliRunner().invoke(make_app(), [*map(str, arguments), *named])

    yield run
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_list_marks_them(run):
    """Each with its trials and its best; several objectives have none."""
    assert run("list").stdout.splitlines() == [
        f"theirs: {LINE}, best {score_of(BEST):.4f} (trial {BEST})",
        "new: 0 trials, made by Optuna",
        "pareto: 2 trials (2 complete), made by Optuna, 2 objectives",
    ]
    found = json.loads(run("list", "--json").stdout)["studies"]
    assert [(one["maker"], one["budget"], one["objectives"]) for one in found] == [
        ("optuna", None, 1),
        ("optuna", None, 1),
        ("optuna", None, 2),
    ]
    assert found[1]["created_at"] is None


def test_best_is_the_highest_and_not_confirmed(run):
    """It is called what it is, with the call that confirms it; a trial of infinite value is not it."""
    lines = [line.split(maxsplit=1) for line in run("best").stdout.splitlines()[2:]]
    text = dict(lines)
    assert text["highest"] == f"trial {BEST}"
    assert run("best").stdout.splitlines()[0] == f"theirs: {LINE}"
    assert f"{score_of(BEST):.4f}, the highest in the search, of 25 complete trials" in run("best").stdout
    assert text["confirmed"] == (
        "no: no run with fresh seeds has confirmed it; hpsearch.confirm(study, objective) makes them"
    )
    assert "winner" not in text
    found = json.loads(run("best", "--json").stdout)
    assert (found["number"], found["value"], found["params"]) == (BEST, score_of(BEST), params_of(BEST))
    assert (found["maker"], found["metric"], found["confirmed"]) == ("optuna", TITLE, None)


def test_best_of_a_study_without_trials(run):
    """It has not begun: that is no failure."""
    found = run("best", study="new")
    assert (found.exit_code, found.stdout) == (0, "new: 0 trials, made by Optuna\nno trial is complete yet\n")


def test_show_and_status(run):
    """A trial with its user attributes; a status without a stage, as nothing is known of one."""
    shown = run("show", 0).stdout
    assert re.search(r"^  folds +\[0\.5, NaN\]$", shown, re.MULTILINE)
    assert re.search(r'^  stage +"mine"$', shown, re.MULTILINE)
    assert "attempts" not in shown
    document = json.loads(run("show", 0, "--json").stdout)
    assert (document["attributes"], document["attempts"]) == ({"stage": "mine", "folds": [0.5, None]}, None)
    status = run("status").stdout.splitlines()
    assert [line.split()[0] for line in status] == ["theirs:", "best"]
    assert json.loads(run("status", "--json").stdout)["control"] is None
    assert (
        run("status", study="pareto").stdout
        == "pareto: 2 trials (2 complete), made by Optuna, 2 objectives\n"
    )


def test_tables_have_what_is_recorded(run):
    """No stage, no attempts, no reason; steps as they were reported."""
    head, first, *rest = run("export").stdout.splitlines()
    assert head.split(",")[:4] == ["number", "state", "value", "params.lr"]
    assert not {"stage", "attempts", "reason"} & set(head.split(","))
    assert head.split(",")[-6:] == ["epoch_0", "epoch_2", "epoch_4", "started", "ended", "seconds"]
    assert (first.split(",")[:2], len(rest)) == (["0", "complete"], 30)
    assert run("export", "curves").stdout.splitlines()[:2] == [
        "number,step,value",
        f"0,0,{score_of(0) / 3!r}",
    ]


@pytest.mark.parametrize("form", ["text", "md", "json", "html"])
def test_a_report_says_what_was_measured(run, form, tmp_path):
    """In every format: the highest value, that nothing confirms it, and nothing that was not recorded."""
    found = run("report", "--format", form, "-o", tmp_path / f"theirs.{form}")
    assert found.exit_code == 0, found.output
    text = (tmp_path / f"theirs.{form}").read_text()
    if form == "json":
        document = json.loads(text)
        assert (document["provenance"]["contract_hash"], document["provenance"]["seed"]) == (None, None)
        assert document["trials"]["steps"] == [0, 2, 4]
        assert (document["workers"], document["rungs"], document["race"], document["boxes"]) == (
            [],
            [],
            [],
            [],
        )
        return
    plain = re.sub(r"<style>.*?</style>|<svg.*?</svg>|\\", "", text, flags=re.DOTALL).lower()
    assert "no run with fresh seeds has confirmed it" in plain
    assert "optuna records neither the sampler nor its seed" in plain
    assert not [word for word in UNSAID if word in plain]


def test_a_page_of_every_state(file):
    """A study without trials, and one whose trials lack a parameter for no known reason, have pages."""
    with opened(f"sqlite:///{file}", foreign=True) as ledger:
        report = study_report(ledger, ledger.find_study("new"))
        assert "No trial is complete yet" in report_page(report)
        report = study_report(ledger, ledger.find_study("theirs"))
    assert {one.name for one in report.importances} == {"lr", "model", "depth", "units", "drop", "alpha", "C"}
    assert report.provenance.created is not None


@pytest.mark.parametrize(
    ("arguments", "study", "error", "words"),
    [
        (("best",), "pareto", ForeignStudyError, "expected one objective, found 2"),
        (("report",), "pareto", ForeignStudyError, "expected one objective, found 2"),
        (("explain",), "theirs", ForeignStudyError, "does not record why a trial got its parameters"),
        (("explain", "3"), "theirs", ForeignStudyError, "hpsearch show 3 --study theirs"),
        (("export", "winner", "-o", "w"), "theirs", ForeignStudyError, "there is no winner of it"),
        (
            ("export", "bundle", "-o", "b"),
            "theirs",
            ForeignStudyError,
            "hpsearch export trials --study theirs",
        ),
        (("replay",), "theirs", NoDatabaseError, "there are no tables of hpsearch"),
        (("pause",), "theirs", NoDatabaseError, "there are no tables of hpsearch"),
        (("enqueue", "lr=0.1"), "theirs", NoDatabaseError, "there are no tables of hpsearch"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_it_has_not_is_refused_in_one_sentence(  # noqa: PLR0917 - four of them are the case
    run, tmp_path, arguments, study, error, words
):
    """The message says what has it; no file comes of it."""
    found = run(*arguments, study=study).exception
    assert isinstance(found, error)
    assert words in str(found)
    assert not list(tmp_path.iterdir())


def test_from_python(file):
    """``open_study`` shows it as the commands do, with figures and a table."""
    study = hpsearch.open_study("theirs", storage=f"sqlite:///{file}")
    assert study.best.number == BEST
    assert repr(study).splitlines()[0] == f"theirs: {LINE}"
    assert "<b>The settings with the highest value</b>" in study._repr_html_()
    numbers = study.numbers()
    assert all(plot(numbers).drawing(WIDE).startswith("<svg") for plot in PLOTS.values())
    assert len(study.trials_dataframe()) == 31
