"""Databases and bundles with content of others, as a user meets them."""

import json
import os
import random
import re
import sqlite3
import zipfile
from contextlib import closing
from hashlib import sha256

import pytest

from hpsearch.bundle import opened_bundle
from hpsearch.errors import BundleError
from hpsearch.store import opened
from tests.cli.program import Program, study_text
from tests.cli.results.bundles import pack, take_in

pytestmark = pytest.mark.long

WRONG = [
    None, "ru", "", 0, -1, 2.5, 1e308, 2**70, True, [], {}, [[1]], {"a": 1}, "x" * 600, "\ud800", "\x1b[31m",
    "a\u202eb", "a\x00b", float("nan"), float("inf"),
]  # fmt: skip
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that move a cursor or turn a line round."""
TABLE = "a,b,class\n" + "".join(f"{i % 7},{i % 5},{'xy'[i % 2]}\n" for i in range(60))


def run_sql(path, *statements):
    """Change a database as another program would."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_fault_68_a_bad_study_hides_no_other_one(program, finished):
    """It is one line on standard error; every other study is listed, and read as before."""
    database = finished.copy_to(program.folder)
    copied = program.folder / "copy.hpsearch"
    pack(finished.url, copied)
    assert program.run("import", copied.name, "--as", "other").code == 0
    run_sql(database, "UPDATE hpsearch_studies SET control = 'ru' WHERE study_id = 1")
    for arguments in (["list"], ["list", "--json"]):
        run = program.run(*arguments)
        assert run.code == 4
        assert "other" in run.out
        assert run.err == (
            "hpsearch: study 'small': table hpsearch_studies, row with study_id 1: control: expected one of "
            'run, pause, stop, cancel, found "ru"; hpsearch db check lists what is wrong\n'
        )
    assert program.run("status", "--study", "other").code == 0
    run = program.run("db", "check")
    assert run.code == 4
    assert "damage: study 'small': table hpsearch_studies, row with study_id 1: control: expected" in run.out
    assert program.run("db", "backup", "copy.db").code == 0


@pytest.mark.parametrize("text", ["red \x1b[31m", "a\u202eb", "c\u2066d\u200f", "bell\x07"])
def test_fault_72_text_of_others_moves_no_cursor(program, finished, text):
    """What does not print is written as in Python, on every stream."""
    database = finished.copy_to(program.folder)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE hpsearch_rounds SET reason = ?, stage = ?", (text, text))
        connection.execute("UPDATE trial_user_attributes SET value_json = ?", (json.dumps(text),))
        connection.execute("UPDATE hpsearch_workers SET host = ?", (text,))
        connection.commit()
    commands = ["status", "explain", "explain 0", "show 0", "report --format text", "report --format md"]
    for command in commands:
        run = program.run(*command.split())
        assert run.code == 0, run.err
        assert not OBEYED.search(run.out + run.err), command


def members(path):
    """Return the members of a bundle, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sealed(content, path):
    """Write a bundle of these members, with sizes and hashes that are right."""
    manifest = json.loads(content["manifest.json"])
    manifest["members"] = {
        name: {"bytes": len(data), "sha256": sha256(data).hexdigest()}
        for name, data in content.items()
        if name != "manifest.json"
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, json.dumps(manifest).encode() if name == "manifest.json" else data)


def places(document, at=()):
    """Yield the path of each part of a JSON document; of a long list only the first parts."""
    parts = document.items() if isinstance(document, dict) else enumerate(document[:3])
    for key, part in parts:
        yield (*at, key)
        if isinstance(part, dict | list):
            yield from places(part, (*at, key))


def changed(document, rng):
    """Change one part of a JSON document, or remove it; return where."""
    path = rng.choice(list(places(document)))
    for key in path[:-1]:
        document = document[key]
    if rng.random() < 0.2:
        del document[path[-1]]
    else:
        document[path[-1]] = rng.choice(WRONG)
    return path


def refusal(path):
    """Return the line that refuses a bundle, or ``None``."""
    try:
        with opened_bundle(path):
            return None
    except BundleError as error:
        return str(error)


def test_fault_70_a_bundle_of_another_structure(tmp_path, bundle):
    """It is refused in one line before anything is made, or all that reads the study works."""
    rng, content = random.Random(7), members(bundle)
    path, database = tmp_path / "x.hpsearch", tmp_path / "x.db"
    refused = 0
    for _ in range(60):
        member = rng.choice(["studies.json", "studies.json", "trials-0.jsonl", "trials-1.jsonl"])
        lines = [content[member]] if member == "studies.json" else content[member].splitlines()
        place = rng.randrange(len(lines))
        document = json.loads(lines[place])
        where = changed(document, rng)
        lines[place] = json.dumps(document).encode()
        sealed(content | {member: b"\n".join(lines) + b"\n"}, path)
        if (line := refusal(path)) is not None:
            assert "\n" not in line, where
            refused += 1
            continue
        take_in(path, f"sqlite:///{database}")
        with opened(f"sqlite:///{database}") as ledger:
            (name,) = ledger.study_names()
            assert json.dumps(ledger.snapshot(ledger.find_study(name)).search.best_value, allow_nan=False)
            assert [one.problem for one in ledger.overview()] == [None, None]
        for file in tmp_path.glob("x.db*"):
            file.unlink()
    assert refused > 30


@pytest.fixture(scope="module")
def with_data(tmp_path_factory, cache):
    """Return the bundle of a finished study of a table, with the table."""
    folder = tmp_path_factory.mktemp("table")
    program = Program(folder=folder, cache=cache)
    (folder / "deep").mkdir()
    (folder / "deep" / "t.csv").write_text(TABLE)
    text = study_text(name="tabled", trials=3, epochs=1).replace("rounds = [16, 8]", "rounds = []")
    text = text.replace('source = "digits"\ntrain = 300', 'source = "deep/t.csv"\ntarget = "class"')
    (folder / "t.toml").write_text(
        text.replace("rungs = [2]", "rungs = []").replace("epochs = 6", "epochs = 1")
    )
    run = program.run("start", "t.toml", "--quiet", "--workers", "1")
    assert run.code == 0, run.err
    run = program.run("export", "bundle", "--with-data", "-o", "t.hpsearch")
    assert run.code == 0, run.err
    return folder / "t.hpsearch"


IN_THE_WAY = {
    "a file for the folder": (lambda at: (at / "deep").write_text("x"), "deep"),
    "a folder": (
        lambda at: (at / "deep" / "t.csv").mkdir(parents=True),
        "found a folder, a pipe or a device",
    ),
    "a pipe": (
        lambda at: ((at / "deep").mkdir(), os.mkfifo(at / "deep" / "t.csv")),
        "found a folder, a pipe",
    ),
    "other data": (
        lambda at: ((at / "deep").mkdir(), (at / "deep" / "t.csv").write_text("a,class\n1,x\n")),
        "found other data",
    ),
    "a link out": (lambda at: (at / "deep").symlink_to("/tmp"), "found a link out of it"),
    "a ring of links": (lambda at: (at / "deep").symlink_to("deep"), "expected a place for the data"),
}


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_fault_71_what_lies_where_the_data_belong(program, with_data, name):
    """One line, and neither data nor an empty database is left."""
    put, problem = IN_THE_WAY[name]
    put(program.folder)
    before = sorted(program.folder.rglob("*"))
    run = program.run("import", with_data)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1), run.err
    assert problem in run.err
    assert sorted(program.folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("x.confirm", 'does not end in ".confirm"'),
        ("x" * 513, "a text of 1 to"),
        ("a\x1b[31m", "control"),
        (" ", "a text of"),
    ],
)
def test_fault_71_a_name_that_no_study_may_have(program, bundle, name, problem):
    """The rules of study files hold for --as as well, and nothing is made."""
    run = program.run("import", bundle, "--as", name)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert problem in run.err
    assert [path.name for path in program.folder.iterdir()] == ["small.toml"]


def test_fault_71_data_of_another_hash(program, with_data):
    """A bundle whose data are not those of its contract is refused, whatever its manifest says."""
    other = TABLE.replace("x", "z", 3).encode()
    sealed(members(with_data) | {"data": other}, program.folder / "x.hpsearch")
    run = program.run("import", "x.hpsearch")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert "data: expected the data of the study (hash" in run.err
    assert sorted(path.name for path in program.folder.iterdir()) == ["small.toml", "x.hpsearch"]


def test_fault_71_a_study_that_is_not_taken_leaves_no_data(program, with_data, bundle):
    """The name is that of another study here: the data that were written are gone again."""
    assert program.run("import", bundle, "--as", "tabled").code == 0
    before = sorted(program.folder.rglob("*"))
    run = program.run("import", with_data)
    assert run.code == 2
    assert "--as NAME" in run.err
    assert sorted(program.folder.rglob("*")) == before
    assert program.run("import", with_data, "--as", "mine").code == 0
    assert (program.folder / "deep" / "t.csv").read_text() == TABLE
