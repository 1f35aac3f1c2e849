"""What each command imports: a person feels every library that is loaded for nothing."""

import json
import re
import subprocess
import sys

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
    "pydantic",
    "rich",
    "scipy",
    "sklearn",
    "sqlalchemy",
    "typer",
)

_LEDGER = """
    estimators metrics search search.confirmation space store store.attempts store.database store.foreign
    store.nursings store.records store.schema store.status store.studies store.transfer
    store.trials store.workers study_file
"""
ROOMS_OF_LEDGER = frozenset(_LEDGER.split())
_WORKER = """
    data data.tables engine inputs nn nn.activations nn.files nn.functions nn.losses nn.optimizers nn.stack
    nn.training objective objective.call objective.command objective.estimator objective.mlp
    objective.process objective.rows portfolio search.sampling table worker worker.data worker.loop
    worker.outcome
"""
ROOMS_OF_WORKER = ROOMS_OF_LEDGER.union(_WORKER.split())
ALONE = {
    ("--help",): ({"rich", "typer"}, {"cli", "cli.results", "cli.run", "cli.setup"}),
    ("start", "--help"): ({"rich", "typer"}, {"cli", "cli.run"}),
    ("status",): (
        {"numpy", "sqlalchemy", "typer"},
        ROOMS_OF_LEDGER | {"cli", "cli.run", "report", "report.live"},
    ),
    ("list",): ({"numpy", "sqlalchemy", "typer"}, ROOMS_OF_LEDGER | {"cli", "cli.results", "report"}),
    ("best",): ({"numpy", "sqlalchemy", "typer"}, ROOMS_OF_LEDGER | {"cli", "cli.results", "report"}),
    ("fingerprint",): ({"numpy", "sqlalchemy", "typer"}, ROOMS_OF_LEDGER | {"cli", "cli.results"}),
    ("db", "current"): (
        {"sqlalchemy", "typer"},
        {"cli", "cli.setup", "store", "store.database", "store.schema"},
    ),
}
"""A command -> all libraries of ``HEAVY``, and all packages of hpsearch, that it imports."""

READING = (
    ("best", "--json"),
    ("fingerprint", "--json"),
    ("show", "3"),
    ("export",),
)

COMMANDS_ALONE = """
import atexit, json, os, sys
from tests.machine.loaded import told
for number, words in enumerate(json.loads(sys.argv[1])):
    if not os.fork():
        atexit.register(lambda: print(json.dumps(told()), file=open(f"loaded{number}.json", "w")))
        sys.argv[1:] = words
        from hpsearch.cli import main
        main()
    os.wait()
"""
"""Each command in a process that has imported nothing: main never returns."""

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


def loaded_with(program, module):
    """Import a module in a process of its own; return the libraries, and the packages of hpsearch."""
    tell = f"import json, {module}; from tests.machine.loaded import told; print(json.dumps(told()))"
    return json.loads(program.run("-c", tell, command=HPSEARCH[:1]).out)


def test_each_command_imports_what_it_uses_and_nothing_else(program, finished):
    """The libraries that take long, and the packages of hpsearch, are exactly what the table says."""
    words = [list(command) for command in ALONE]
    storage = {"HPSEARCH_STORAGE": finished.url}
    run = program.run("-c", COMMANDS_ALONE, json.dumps(words), command=HPSEARCH[:1], **storage)
    assert run.code == 0, run.err
    for number, (command, (libraries, rooms)) in enumerate(ALONE.items()):
        names, found = json.loads((program.folder / f"loaded{number}.json").read_text())
        assert heavy(names) == libraries, command
        assert set(found) == rooms, command


def test_reading_a_finished_study_imports_numpy_and_sqlalchemy(program, finished):
    """No reading command loads Optuna, scikit-learn, Alembic or SciPy."""
    commands = [[*command, "--storage", finished.url] for command in READING]
    for command, (names, out) in zip(READING, loaded_by_each(program, commands), strict=True):
        assert names - {"rich"} == {"numpy", "sqlalchemy", "typer"}, command
        assert out, command


def test_the_fork_server_imports_what_a_worker_is_made_of(program):
    """What every worker is forked from holds neither Optuna nor scikit-learn, no report, no command line."""
    names, rooms = loaded_with(program, "hpsearch.engine.preload")
    assert heavy(names) == {"numpy", "sqlalchemy"}
    assert set(rooms) == ROOMS_OF_WORKER


def test_the_launcher_imports_nothing_that_judges_or_draws(program):
    """Until its workers are at work it needs neither what judges a winner nor a report's figures."""
    names, rooms = loaded_with(program, "hpsearch.api")
    assert heavy(names) == {"numpy", "sqlalchemy"}
    assert set(rooms) == ROOMS_OF_WORKER - {"worker.outcome"} | {"report", "report.live"}


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
    names, rooms = json.loads(run.out)
    assert heavy(names) == {"numpy", "sqlalchemy", *more}
    assert set(rooms) == ROOMS_OF_WORKER


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


@pytest.mark.long
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


def test_every_public_name_is_listed_before_it_is_imported(program):
    """So that a notebook completes it."""
    code = "import hpsearch; print(set(hpsearch.__all__) <= set(dir(hpsearch)))"
    assert program.run("-c", code, command=HPSEARCH[:1]).out == "True\n"


def test_windows_is_refused_in_words():
    """Signals and modules of the standard library are not there: what to do comes first."""
    code = "import sys; sys.platform = 'win32'; import hpsearch"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.splitlines()[-1].startswith("ImportError: hpsearch runs on Linux and macOS; on Windows")
