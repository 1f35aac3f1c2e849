"""What a person may give by mistake or on purpose: bad values of every kind, and where they are given."""

import os
import shutil
import sqlite3
from contextlib import closing

import typer

from hpsearch.cli.app import make_app
from tests.cli.program import study_text

LONG = "a" * 10_000
STRANGE = ["\udcff", "\x1b[31mé\u202e", LONG, "\n", "-x"]
"""Bytes that are no UTF-8, what moves a cursor, 10 kB, a line break, an option."""

NAMES = [*STRANGE, "", "SMALL", "\ud800", "%s%n{0}", "'; DROP TABLE studies; --"]
WORDS = [*STRANGE[:3], "", "CSV", "../x"]
NO_NUMBERS = ["nan", "\udcff", "", "1,5", LONG]
TRIALS = [*NO_NUMBERS, "1.5", "99", "9223372036854775808", "9" * 5000]
COUNTS = [*NO_NUMBERS, "1.5", "0", "1e999"]
REALS = [*NO_NUMBERS, "-1", "-1e999"]
LIMITS = [*REALS, "inf", "1e999"]
CHANGES = [
    "",
    "5",
    "x",
    "5 lrr=1",
    "5 hidden=3",
    "5 lr=nan",
    "-1 lr=1",
    "5 stop now",
    LONG,
    "5 stop # \udcff",
]
REASONS = ["\udcff", "\ud800"]
SETTINGS = [
    "",
    "=1",
    "model.epochs",
    "model.epochs=many",
    "model.epochs=0",
    "model=1",
    "nothing=1",
    "space.lr={",
]
SETTINGS += [
    "a b=1",
    "name=",
    "[a]=1",
    "a\nb=1",
    "name=\udcff",
    "space.lr.low.x=1",
    f"name={LONG}",
    f"{LONG}=1",
]
PORTS = ["65536", "0", "x"]
PARAMETERS = ["", "=1", "lr", "lr=", "lr=nan", "lr=1e999", "lr=-1", "nolr=1", "lr=\udcff", f"{LONG}=1"]
NO_FILES = ["binary", "fifo", "", "folder", "loop", "small.toml/x", "a" * 300, *STRANGE[:3]]
NO_STUDIES = [*NO_FILES, "empty", "latin", "nul", "deep", "hpsearch.db"]
NO_BUNDLES = [*NO_FILES, "empty", "small.toml", "hpsearch.db"]
NO_TOKENS = ["folder", "binary", "", "loop", "a" * 300]
NO_PLACES = ["fifo", "hpsearch.db", "", "no/such", "folder", "small.toml/x", "a" * 300]
DATA = ["fifo.csv", "digit", "openml:x", "http://127.0.0.1/x.csv", "folder.csv", *NO_FILES[1:3]]
DATA += [f"{name}{end}" for name in ("binary", "empty") for end in (".csv", ".npz", ".parquet")]
URLS = ["x", "sqlite", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///x.db?mode=ro", " ", LONG]
URLS += ["mysql://u:c4nary@h/d", "http://h", "file:///x", "postgresql://u:c4nary@h:port/d", "{}", "😀://x"]
URLS += ["postgresql://u:c4@nary@h/d", "postgresql+asyncpg://h/x", "postgresql://[::1/x", "SQLITE:///x.db"]
URLS += ["sqlite:///x.db#y", "sqlite:///%00", f"sqlite:///{LONG}", "sqlite:///\udcff", "sqlite:///\x1b[31m"]
URLS += ["sqlite:///a\nb\nc\nd", "postgresql://127.0.0.1:99999/x"]
ADDRESSES = ["x", "ftp://h", "http://", "file:///etc/passwd", "http://[::1", "javascript:1", LONG]
NO_STORES = ["", " ", "s3://", "s3://k:c4nary@b", "sftp://u:c4nary@h/x", "a::s3://b", "file://h/x"]
NO_STORES += ["s3://b?token=c4nary", "\x1b[31m://x"]
HOSTS = ["0.0.0.0", "::", "x y", "", *STRANGE[:3]]

KINDS = {
    "init source": DATA,
    "init output": NO_PLACES,
    "init target": NAMES,
    "init task": WORDS,
    "init weights": NAMES,
    "init ignore": NAMES,
    "init categorical": NAMES,
    "init metric": WORDS,
    "init model": WORDS,
    "predict model": [*NO_FILES, "small.toml", "empty"],
    "predict file": [*NO_FILES, "small.toml", "empty"],
    "start study_file": NO_STUDIES,
    "check study_file": NO_STUDIES,
    "import file": NO_BUNDLES,
    "replay file": NO_BUNDLES,
    "db backup file": [*NO_PLACES, "small.toml", "other.db/x"],
    "settings": SETTINGS,
    "target": LIMITS,
    "hours": [*LIMITS, "0"],
    "workers": COUNTS,
    "engine": NAMES,
    "address": NAMES,
    "trials": COUNTS,
    "plateau": COUNTS,
    "epochs": COUNTS,
    "epoch": COUNTS,
    "nursing": TRIALS,
    "at": CHANGES,
    "reason": REASONS,
    "pace": REALS,
    "fleet": COUNTS,
    "lease": [*REALS, "0"],
    "notice": REALS,
    "patience": REALS,
    "wait": REALS,
    "trial": [*REALS, "0"],
    "number": TRIALS,
    "like": TRIALS,
    "port": PORTS,
    "params": PARAMETERS,
    "_study": NAMES,
    "rename name": NAMES,
    "study": NAMES,
    "studies": NAMES,
    "as_name": NAMES,
    "format_": WORDS,
    "what": WORDS,
    "output": NO_PLACES,
    "notify": ADDRESSES,
    "start artifacts": [*NO_STORES, "nosuch://x", "small.toml", "small.toml/x", "loop/x"],
    "artifacts": NO_STORES,
    "host": HOSTS,
    "allow_host": WORDS,
    "token_file": NO_TOKENS,
    "storage": URLS,
}
"""Name of a parameter, after that of its command where it means several things -> values to refuse."""

USUAL = {
    "init": ["iris"],
    "start": ["small.toml"],
    "check": ["small.toml"],
    "show": ["1"],
    "retry": ["1"],
    "rename": ["small", "other"],
    "delete": ["small"],
    "nurse": ["small", "99"],
    "enqueue": ["lr=0.01"],
    "import": ["no.hpsearch"],
    "compare": ["small", "small"],
    "predict": ["no.safetensors", "no.csv"],
    "dashboard": ["--host", "999.1.1.1"],
    "db backup": ["copy.db"],
}
"""Command -> what it cannot do without, or what ends it at once were it to accept a bad value."""

DATABASES = ["newer.db", "fifo", "binary", "none.db", "folder", "loop", "cut.db", "other.db", "empty"]
CAN_USE = {
    "start": {"none.db", "empty"},
    "db current": {"newer.db", "other.db", "empty", "cut.db"},
    "db upgrade": {"empty"},
    "db check": {"newer.db", "other.db", "empty"},
    "db backup": {"newer.db", "other.db", "empty"},
    "doctor": {"none.db", "newer.db", "other.db", "empty"},
}
"""Command -> databases that are no other command's, but its own to make, to look at, or to copy."""


def commands():
    """Return the name -> command of every command there is."""
    return dict(_walk(typer.main.get_command(make_app()), ()))


def _walk(command, path):
    if hasattr(command, "commands"):
        for name, below in command.commands.items():
            yield from _walk(below, (*path, name))
    else:
        yield " ".join(path), command


def places():
    """Return (command, parameter) of everything that takes a value."""
    return [
        (name, param)
        for name, command in commands().items()
        for param in command.params
        if not getattr(param, "is_flag", False)
    ]


def kind(command, param):
    """Return the bad values of a parameter; ``None`` where nobody has said what they are."""
    return KINDS.get(f"{command} {param.name}", KINDS.get(param.name))


def line(command, param, value):
    """Return the arguments that give a parameter a value."""
    usual = USUAL.get(command, [])
    if param.param_type_name == "argument":
        return [*command.split(), value]
    return [*command.split(), *usual, param.opts[0], value]


def fill(folder, finished):
    """Make the files that the values above name, beside a finished study."""
    database = finished.copy_to(folder)
    text = study_text()
    (folder / "small.toml").write_text(text)
    (folder / "folder").mkdir()
    (folder / "folder.csv").mkdir()
    (folder / "loop").symlink_to("loop")
    for name in ("fifo", "fifo.csv"):
        os.mkfifo(folder / name)
    contents = {"binary": bytes(range(256)) * 8, "empty": b"", "nul": b"a\0b", "latin": "é".encode("latin1")}
    for name, content in contents.items():
        for end in ("", ".csv", ".npz", ".parquet"):
            (folder / f"{name}{end}").write_bytes(content)
    (folder / "deep").write_text("a = " + "[" * 5000 + "]" * 5000)
    for name, change in {
        "newer.db": "UPDATE hpsearch_alembic_version SET version_num = '9999'",
        "other.db": "CREATE TABLE pets (name TEXT)",
    }.items():
        if name == "newer.db":
            shutil.copy(database, folder / name)
        with closing(sqlite3.connect(folder / name)) as connection, connection:
            connection.execute(change)
    (folder / "cut.db").write_bytes(database.read_bytes()[:20_000])
