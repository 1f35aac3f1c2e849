"""What Tab offers, through the protocol that shells speak and in a shell."""

import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from hpsearch import metrics, study_file
from hpsearch.cli.complete import ENGINES, EXPORTS, METRICS, MODELS, TABLES, TASKS
from hpsearch.cli.results.export import WHAT
from hpsearch.data import SOURCES
from hpsearch.defaults import BUILT_IN, SHIPPED
from hpsearch.objective.estimator.named import NAMED_ESTIMATORS
from hpsearch.report.exports.export import FORMATS
from hpsearch.space.checks import FieldError
from hpsearch.store import Ledger
from hpsearch.study_file import DataSpec, read_study
from hpsearch.worker import search_terms

CALL = (
    sys.executable,
    "-c",
    "import sys; sys.argv[0] = 'hpsearch'; from hpsearch.cli import main; main()",
)
"""The program under the name that its completion goes by."""


def offered(program, line, **environment):
    """Return what is offered at the end of a line, and the run that offered it."""
    words = shlex.split(line + "_")
    variables = {
        "_HPSEARCH_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    run = program.run(command=CALL, **variables, **environment)
    assert (run.code, run.err) == (0, "")
    return [name for name in run.out.splitlines() if name]


@pytest.fixture
def stocked(program, finished):
    """Return a folder with a finished study, study files and data."""
    finished.copy_to(program.folder)
    for name in ("data.csv", "arrays.npz", "notes.txt", ".hidden.toml", "sub/deep.toml"):
        (program.folder / name).parent.mkdir(exist_ok=True)
        program.write(name, "")
    return program


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("hpsearch status --study ", ["small"]),
        ("hpsearch best -n sm", ["small"]),
        ("hpsearch best sm", ["small"]),
        ("hpsearch explain ", ["small"]),
        ("hpsearch export sm", ["small"]),
        ("hpsearch best -n other", []),
        ("hpsearch start ", [*SHIPPED, "small.toml", "sub/deep.toml"]),
        ("hpsearch check w", ["wine"]),
        ("hpsearch init wine -o ", ["small.toml", "sub/deep.toml"]),
        ("hpsearch check sub/", ["sub/deep.toml"]),
        ("hpsearch start .", [".hidden.toml"]),
        ("hpsearch start nowhere/", []),
        ("hpsearch init d", ["digits", "diabetes", "data.csv"]),
        ("hpsearch fing", ["fingerprint"]),
        ("hpsearch start small.toml --engine ", ["local", "dask", "slurm", "ray"]),
        ("hpsearch init wine --metric r", ["roc_auc", "r2", "rmse"]),
        ("hpsearch init data.csv --task ", ["classification", "regression"]),
        ("hpsearch report --format ", ["html", "text", "json", "md"]),
        ("hpsearch report -o notes", ["notes.txt", "notes.html", "notes.json", "notes.md"]),
        ("hpsearch report -o notes.h", ["notes.html"]),
        ("hpsearch export --format p", ["parquet"]),
        ("hpsearch export w", ["winner"]),
        ("hpsearch export winner -o n", ["n.safetensors"]),
        ("hpsearch export -n small bundle -o n", ["n.hpsearch"]),
        ("hpsearch export -o sub/rows", ["sub/rows.csv", "sub/rows.jsonl", "sub/rows.parquet"]),
        ("hpsearch predict m.safetensors data.csv -o out.p", ["out.parquet"]),
    ],
)
def test_names_and_files_are_offered(stocked, line, found):
    """Searches without their confirmations, study files, data; what begins as typed."""
    assert offered(stocked, line) == found


def test_the_storage_decides_and_is_left_alone(program, finished):
    """From the line or the environment; what is no database is silence, and no file is made."""
    before = sorted(program.folder.iterdir())
    assert offered(program, f"hpsearch show -s {finished.url} -n ") == ["small"]
    assert offered(program, "hpsearch show -n ", HPSEARCH_STORAGE=finished.url) == ["small"]
    for url in (
        "sqlite:///none.db",
        f"sqlite:///{program.folder / 'small.toml'}",
        "rubbish",
        "postgresql://h:x/",
    ):
        assert offered(program, f"hpsearch show -s {url} -n ") == []
    assert sorted(program.folder.iterdir()) == before


def test_a_study_that_is_being_written_is_offered(program, finished):
    """Somebody holds the write lock of the same file."""
    with closing(sqlite3.connect(finished.copy_to(program.folder), isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE studies SET study_name = 'renamed' WHERE study_name = 'small'")
        assert offered(program, "hpsearch show -n ") == ["small"]


def test_postgresql_is_asked_too(program, postgres):
    """The same names from a server; where it has no tables, silence."""
    url = postgres.new_database()
    try:
        assert offered(program, f"hpsearch show -s {url} -n ") == []
        ledger = Ledger(url, create=True)
        ledger.open_study(search_terms(read_study(program.folder / "small.toml"), data_hash="0" * 64))
        ledger.close()
        assert offered(program, f"hpsearch show -s {url} -n ") == ["small"]
    finally:
        postgres.drop_database(url)


def test_completion_imports_nothing_heavy(program, finished):
    """Tab is pressed while somebody types: neither NumPy nor SQLAlchemy."""
    script = (
        "import atexit, sys; sys.argv[0] = 'hpsearch'; from hpsearch.cli import main\n"
        "heavy = {'numpy', 'sqlalchemy', 'optuna', 'sklearn', 'pandas'}\n"
        "atexit.register(lambda: print('heavy', heavy & set(sys.modules), file=sys.stderr)); main()"
    )
    line = f"hpsearch show -s {finished.url} -n "
    asked = {"_HPSEARCH_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": "5"}
    run = program.run("-c", script, command=CALL[:1], **asked)
    assert (run.out, run.err) == ("small\n", "heavy set()\n")


def test_the_names_of_data_are_those_that_there_are():
    """They are written down twice, because the other place takes long to import."""
    assert tuple(SOURCES) == BUILT_IN
    assert tuple(NAMED_ESTIMATORS) == MODELS
    assert tuple(metrics.METRICS) == METRICS
    assert study_file.ENGINES == ENGINES
    assert tuple(FORMATS) == TABLES
    assert {name for name in WHAT if name not in EXPORTS} == {"trials", "curves"}
    assert EXPORTS.keys() <= WHAT.keys()


def test_each_task_is_taken_and_no_other():
    """What is offered for ``--task`` is what a study file takes."""
    for task in TASKS:
        assert DataSpec(source="wine", task=task).task == task
    with pytest.raises(FieldError, match=", ".join(TASKS).replace(", ", ".*")):
        DataSpec(source="wine", task="clustering")


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes(stocked):
    """What ``--show-completion`` prints, read by a real bash, fills its list of replies."""
    program = stocked.folder / "bin" / "hpsearch"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {CALL[0]} -c "{CALL[2]}" "$@"\n')
    program.chmod(0o755)
    script = f"""
        PATH={program.parent}:$PATH
        eval "$(_HPSEARCH_COMPLETE=source_bash hpsearch)"
        COMP_WORDS=(hpsearch status --study sm); COMP_CWORD=3
        $(complete -p hpsearch | sed 's/.*-F \\([^ ]*\\) .*/\\1/') hpsearch sm --study
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    run = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=stocked.folder,
        env=stocked.environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
    assert (run.stdout, run.stderr) == ("small\n", "")
