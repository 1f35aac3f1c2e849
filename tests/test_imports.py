"""What each command imports: a person feels every library that is loaded for nothing."""

import json
import re

import pytest

from tests.cli.fixtures import cache, finished, program
from tests.cli.program import HPSEARCH, study_text

__all__ = ["cache", "finished", "program"]

HEAVY = (
    "alembic",
    "matplotlib",
    "numpy",
    "optuna",
    "pandas",
    "pyarrow",
    "rich",
    "scipy",
    "sklearn",
    "sqlalchemy",
    "typer",
)

READING = (
    ("status",),
    ("fingerprint",),
    ("fingerprint", "--json"),
    ("list",),
    ("best",),
    ("best", "--json"),
    ("show", "3"),
    ("export",),
)

COMMANDS = """
import json, sys
from hpsearch.cli.app import make_app
loaded = []
for command in json.loads(sys.argv[1]):
    print(">", flush=True)
    make_app(command[:1])(command, prog_name="hpsearch", standalone_mode=False)
    loaded.append(sorted({name.partition(".")[0] for name in sys.modules}))
print(json.dumps(loaded), file=open("loaded.json", "w"))
"""
"""One process runs all commands: what any of them loads stays loaded."""

COMMAND = """
import atexit, json, sys
def tell():
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=open("loaded.json", "w"))
atexit.register(tell)
sys.argv[1:] = json.loads(sys.argv[1])
from hpsearch.cli import main
main()
"""

OPEN = """
from hpsearch import api
spec = api.load_study_file("small.toml")
terms = api.search_terms(spec, **api.read_inputs(spec).identity)
api.Ledger("sqlite:///hpsearch.db", create=True).open_study(terms)
"""

FLEET = """
import sys
from hpsearch.engine import LocalEngine, local
from tests.worker.loaded import run_and_tell
engine = LocalEngine(preload=local.PRELOAD)
print(engine.submit(run_and_tell, sys.argv[1], sys.argv[2], delivers=sys.argv[3] == "delivers").result())
"""


def heavy(names):
    """Return the libraries among modules that take long to import."""
    return set(HEAVY) & set(names)


def loaded_by(program, *arguments, **options):
    """Run a command; return its heavy libraries, and what it printed."""
    run = program.run("-c", COMMAND, json.dumps(arguments), command=HPSEARCH[:1], **options)
    assert run.code == 0, run.err
    return heavy(json.loads((program.folder / "loaded.json").read_text())), run.out


def loaded_by_each(program, commands):
    """Run commands in one process; return what is loaded after each, and what it printed."""
    run = program.run("-c", COMMANDS, json.dumps(commands), command=HPSEARCH[:1])
    assert run.code == 0, run.err
    loaded = json.loads((program.folder / "loaded.json").read_text())
    printed = re.split("^>$", run.out, flags=re.MULTILINE)[1:]
    return [(heavy(names), out.strip()) for names, out in zip(loaded, printed, strict=True)]


def test_help_imports_typer_alone(program):
    """``--help`` needs none of the libraries that compute or store."""
    for arguments in (["--help"], ["start", "--help"]):
        found, _ = loaded_by(program, *arguments)
        assert found <= {"typer", "rich"}
        assert "typer" in found


def test_reading_a_finished_study_imports_numpy_and_sqlalchemy(program, finished):
    """No reading command loads Optuna, scikit-learn, Alembic or SciPy."""
    commands = [[*command, "--storage", finished.url] for command in READING]
    for command, (names, out) in zip(READING, loaded_by_each(program, commands), strict=True):
        assert names - {"rich"} == {"numpy", "sqlalchemy", "typer"}, command
        assert out, command


def test_the_fork_server_imports_numpy_and_sqlalchemy(program):
    """What every worker is forked from holds neither Optuna nor scikit-learn nor the command line."""
    tell = "import json, sys, hpsearch.worker; print(json.dumps([n.partition('.')[0] for n in sys.modules]))"
    run = program.run("-c", tell, command=HPSEARCH[:1])
    assert heavy(json.loads(run.out)) == {"numpy", "sqlalchemy"}


def test_a_report_imports_no_library_of_learning_or_drawing(program, finished):
    """What the race says of its candidates needs SciPy; figures are made of text."""
    found, out = loaded_by(program, "report", "--format", "text", "--storage", finished.url)
    assert found - {"rich"} == {"numpy", "scipy", "sqlalchemy", "typer"}
    assert out


@pytest.mark.parametrize(
    ("trials", "rounds", "top", "delivers", "more"),
    [
        (8, "[8]", 0, "leaves it", set()),
        (30, "[16, 8]", 2, "delivers", {"scipy"}),
    ],
    ids=["random rounds", "a whole study"],
)
@pytest.mark.sampled
def test_a_worker_imports_neither_optuna_nor_scikit_learn(program, trials, rounds, top, delivers, more):  # noqa: PLR0917 - fixtures
    """TPE, the race and the intervals need SciPy; random rounds do without. The data come from the cache."""
    text = study_text(trials=trials).replace("[16, 8]", rounds).replace("top = 2", f"top = {top}")
    program.write("small.toml", text)
    assert program.run("-c", OPEN, command=HPSEARCH[:1]).code == 0
    run = program.run("-c", FLEET, "sqlite:///hpsearch.db", "small", delivers, command=HPSEARCH[:1])
    assert run.code == 0, run.err
    assert heavy(json.loads(run.out)) == {"numpy", "sqlalchemy", *more}


def test_a_worker_from_the_command_line_imports_neither_scikit_learn_nor_optuna(program):
    """``hpsearch worker`` on a study that ``start`` created."""
    assert program.run("start", "small.toml").code == 0
    found, _ = loaded_by(program, "worker")
    assert not found & {"sklearn", "optuna", "alembic", "pandas", "matplotlib"}


def test_the_package_alone_imports_nothing_heavy(program):
    """``import hpsearch`` is free; a public name loads what it needs when it is first used."""
    tell = "import json, sys, hpsearch; print(json.dumps([n.partition('.')[0] for n in sys.modules]))"
    assert heavy(json.loads(program.run("-c", tell, command=HPSEARCH[:1]).out)) == set()
    names = "import hpsearch; print(all(getattr(hpsearch, name) for name in hpsearch.__all__))"
    assert program.run("-c", names, command=HPSEARCH[:1]).out == "True\n"
    wrong = program.run("-c", "import hpsearch; hpsearch.nonsense", command=HPSEARCH[:1])
    assert "module 'hpsearch' has no attribute 'nonsense'" in wrong.err


def test_pandas_reads_a_table_once(program):
    """The first command reads the file; every later one maps the cached arrays and imports no reader."""
    rows = [f"{k * k % 7},{'x' if k % 3 else 'NA'},{'ab'[k % 2]}" for k in range(60)]
    program.write("t.csv", "\n".join(["a,b,kind", *rows]))
    text = (
        study_text(trials=8)
        .replace("[16, 8]", "[8]")
        .replace('"digits"\ntrain = 300', '"t.csv"\ntarget = "kind"')
    )
    program.write("small.toml", text)
    first, _ = loaded_by(program, "check", "small.toml")
    assert "pandas" in first
    assert program.run("start", "small.toml").code == 0
    again = loaded_by_each(program, [["check", "small.toml"], ["worker"], ["status"], ["best"]])
    assert [names & {"pandas", "pyarrow", "sklearn"} for names, _ in again] == [set()] * 4
