"""Study files and data that cannot be: exit code 2, a line or two that name the place, nothing written."""

import json
import re

import pytest

from tests.cli.program import HPSEARCH, Program, Run, ended, eventually, group, study_text

STUDIES = {
    "unknown key": (study_text() + "tops = 1\n", r'bad.toml:28: confirm.tops: .*; did you mean "top"'),
    "unknown setting": (
        study_text().replace("hidden", "hiden"),
        'bad.toml:12: model.hiden: .*; did you mean "hidden"',
    ),
    "name of another library": (
        study_text().replace("lr = {", "learning_rate = {"),
        'bad.toml:16: space.learning_rate: .*found another key; did you mean "lr"',
    ),
    "layers that are no list": (
        study_text().replace("hidden = [16]", "hidden = 64"),
        r"bad.toml:12: model.hidden: .*, found 64; for one hidden layer write \[64\]",
    ),
    "a name over the limit": (
        study_text(name="x" * 201),
        "name: expected a text of 1 to 200 characters, found 201 characters: ",
    ),
    "two faults": (
        study_text(trials='"ten"').replace("hidden", "hiden"),
        r'^hpsearch: bad.toml:4: trials: .*\nhpsearch: bad.toml:12: model.hiden: .*"hidden"\?\n$',
    ),
    "wrong type": (study_text(trials='"ten"'), "bad.toml:4: trials: expected a whole number"),
    "low above high": (
        study_text().replace("low = 1e-4", "low = 1.0"),
        "bad.toml:16: space.lr.low: expected a number below high",
    ),
    "low is high": (
        study_text().replace("low = 1e-4", "low = 1e-1"),
        "bad.toml:16: space.lr.low: expected a number below high",
    ),
    "log of nothing": (
        study_text().replace("low = 1e-4", "low = 0.0"),
        "bad.toml:16: space.lr.low: expected a number above 0, because log",
    ),
    "log of a negative": (
        study_text().replace("low = 1e-4", "low = -1.0"),
        "bad.toml:16: space.lr.low: expected a number above 0, because log",
    ),
    "NaN bound": (
        study_text().replace("high = 1e-1", "high = nan"),
        "bad.toml:16: space.lr.high: expected a finite number, found nan",
    ),
    "empty choices": (
        study_text().replace("[search]", "activation = { choices = [] }\n[search]"),
        "space.activation.choices: expected at least one value",
    ),
    "not TOML": (study_text() + "a = = 1\n", "bad.toml:28: expected valid TOML"),
    "too large": (b"#" * (10 * 2**20), "bad.toml: expected a study file of at most 1 MiB"),
    "not text": (b"\xff\xfe\x00name", "bad.toml:1: expected UTF-8 text"),
    "dropout of 1.5": (study_text().replace("high = 0.5", "high = 1.5"), "bad.toml:17: space.dropout"),
}

HEADER = "width,height,kind\n"
ROWS = "".join(f"{n % 7}.5,{n % 5},{'ab'[n % 2]}\n" for n in range(40))
TABLES = {
    "empty": ("", "table.csv: expected a header line and rows, found an empty file"),
    "header alone": (HEADER, "table.csv: expected rows below the header, found none"),
    "one class": (
        HEADER + ROWS.replace("b\n", "a\n"),
        "table.csv: expected at least 2 classes, found 1: 'a'",
    ),
    "text in a number": (
        HEADER + ROWS + "".join(f"{n}.25,{n},a\n" for n in range(20)) + "tall,1,a\n",
        "table.csv: column 'width': expected numbers in all rows, found 'tall' in 1 rows; categorical = ",
    ),
    "infinity": (HEADER + ROWS + "1,inf,a\n", "table.csv: column 'height', row 40: expected a finite number"),
    "no class": (
        HEADER + "1,2,\n1,3,NA\n",
        "table.csv: column 'kind': expected classes, found every cell",
    ),
    "all at once": (
        HEADER.replace("kind", "-1,kind") + ROWS.replace(",a", ",inf,a").replace(",b", ",1,b"),
        "table.csv: column '-1', row 0: expected a finite number, found infinity in 20 rows; ignore = ",
    ),
    "missing target": (
        HEADER.replace("kind", "sort") + ROWS,
        "table.csv: expected a column 'kind', found none; the columns are 'width', 'height', 'sort'",
    ),
    "a row too short": (HEADER + "1,2\n" + ROWS, "table.csv:2: expected 3 fields, found 2"),
    "a class of two rows": (HEADER + ROWS + "1,2,c\n" * 2, "table.csv: expected rows of every class"),
}
TABLE_STUDY = study_text().replace('"digits"\ntrain = 300', '"table.csv"\ntarget = "kind"')

CASES = {f"study: {name}": message for name, (_, message) in STUDIES.items()}
CASES |= {f"data: {name}": message for name, (_, message) in TABLES.items()}
CASES |= {
    "missing file": "bad.toml: expected a study file, found none there",
    "a home folder": "~/bad.toml: expected a study file, found none there; only a shell reads ~ as a home",
    "a near name": 'bed.toml: expected a study file, found none there; did you mean "bad.toml"',
    "a directory": "bad.toml: expected a readable study file, found: is a directory",
    "missing data": "table.csv: expected a data file, found none there",
    "unknown data": r'expected one of digits, .*, found \'digit\'; did you mean "digits"',
}


def _prepare(folder, name):
    """Make what a case needs; return the study file to start."""
    kind, _, case = name.partition(": ")
    study = folder / "bad.toml"
    if kind == "study":
        text = STUDIES[case][0]
        study.write_bytes(text if isinstance(text, bytes) else text.encode())
    elif kind == "data":
        study.write_text(TABLE_STUDY)
        (folder / "table.csv").write_text(TABLES[case][0])
    elif kind == "a directory":
        study.mkdir()
    elif kind in {"missing data", "unknown data"}:
        study.write_text(TABLE_STUDY if kind == "missing data" else study_text().replace("digits", "digit"))
    elif kind == "a home folder":
        return "~/bad.toml"
    elif kind == "a near name":
        study.write_text(study_text())
        return "bed.toml"
    return "bad.toml"


START_EACH = """
import json, os, sys
import sklearn.datasets
from hpsearch import api, cli, engine
from hpsearch.cli import app
# Nothing is launched before study and data are known to be right.
api.prepare_engine = engine.prepare_engine = lambda: None
for folder, file in json.loads(sys.argv[1]):
    pid = os.fork()
    if not pid:
        os.chdir(folder)
        for stream, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{folder}.{name}", os.O_WRONLY | os.O_CREAT), stream)
        sys.argv = ["hpsearch", "start", file]
        try:
            cli.main()
        except SystemExit as end:
            os._exit(end.code)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
"""Starts a study in each of many folders: Python imports once, every command has a process of its own."""


@pytest.fixture(scope="module")
def refused(tmp_path_factory, cache):
    """Return case -> exit code, stdout and stderr of ``hpsearch start``, and files before and after."""
    folders = [tmp_path_factory.mktemp("refused") for _ in CASES]
    files = [_prepare(folder, name) for folder, name in zip(folders, CASES, strict=True)]
    before = [sorted(folder.iterdir()) for folder in folders]
    program = Program(folder=tmp_path_factory.mktemp("driver"), cache=cache)
    cases = json.dumps([(str(folder), file) for folder, file in zip(folders, files, strict=True)])
    run = program.run("-c", START_EACH, cases, command=HPSEARCH[:1])
    assert run.code == 0, run.err
    found = {}
    for name, folder, code, files_then in zip(CASES, folders, run.out.split(), before, strict=True):
        out, err = (folder.with_name(f"{folder.name}.{stream}").read_text() for stream in ("out", "err"))
        end = Run(code=int(code), out=out, err=err, seconds=0.0)
        found[name] = (end, files_then, sorted(folder.iterdir()))
    return found


@pytest.mark.parametrize("name", CASES)
def test_fault_38_39_42_44_what_cannot_be_is_refused_before_anything_is_written(refused, name):
    """Two lines at most, on stderr alone, that name file and place; no database, no traceback."""
    run, before, after = refused[name]
    assert_refused(run, name)
    assert after == before


@pytest.mark.parametrize("name", ["study: unknown key", "missing file", "data: one class", "missing data"])
@pytest.mark.sampled
def test_start_itself_refuses_and_leaves_no_process(program, name):
    """The whole command as it is typed, whose fork server has begun to import by then."""
    file = _prepare(program.folder, name)
    before = sorted(program.folder.iterdir())
    process = program.launch("start", file)
    assert_refused(ended(process), name)
    assert sorted(program.folder.iterdir()) == before
    eventually(lambda: not group(process), what="the end of every process")


def assert_refused(run, name):
    """Check a refusal: 2, two lines at most on stderr alone, file and place in it, no traceback."""
    assert run.code == 2
    assert run.out == ""
    assert run.err.startswith("hpsearch: ")
    assert len(run.err.splitlines()) <= 2
    assert "Traceback" not in run.err
    assert re.search(CASES[name], run.err), run.err


def test_a_refused_study_leaves_the_database_alone(program, finished):
    """In a database with studies, neither a bad file nor bad data adds a row."""
    database = finished.copy_to(program.folder)
    before = database.read_bytes()
    program.write("bad.toml", TABLE_STUDY.replace('"small"', '"other"'))
    program.write("table.csv", TABLES["one class"][0])
    assert program.run("start", "bad.toml").code == 2
    assert program.run("check", "bad.toml").code == 2
    assert database.read_bytes() == before


def test_check_accepts_what_start_would(program):
    """``check`` prints the study with its defaults filled in, and writes neither study nor database."""
    program.write("small.toml", study_text().replace("rounds = [16, 8]", "rounds = [24, 8]"))
    run = program.run("check", "small.toml")
    assert (run.code, run.err) == (0, "")
    assert "study.model.optimizer = adam" in run.out
    assert "study.space.lr.low = 0.0001" in run.out
    assert "rows.train = 300" in run.out
    assert run.out.endswith("small.toml: all right\n")
    assert [path.name for path in program.folder.iterdir()] == ["small.toml"]


@pytest.mark.parametrize(
    "words",
    [
        ("init", "wine", "-o", "~/x.toml"),
        ("report", "-o", "~/x.html"),
        ("export", "winner", "-o", "~/x.safetensors"),
        ("import", "~/x.hpsearch"),
        ("predict", "~/x.safetensors", "data.csv"),
    ],
    ids=" ".join,
)
def test_a_home_folder_that_no_shell_has_read_is_explained(program, finished, words):
    """In each file that a command reads or writes; nothing is made."""
    finished.copy_to(program.folder)
    run = program.run(*words)
    assert run.code != 0
    assert "only a shell reads ~ as a home folder: write /" in run.err
    assert not (program.folder / "~").exists()
