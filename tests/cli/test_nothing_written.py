"""Every command checks everything before it writes anything: a refusal leaves all as it was."""

import shlex
import sqlite3
from contextlib import closing
from dataclasses import dataclass

import optuna
import pytest
import sqlalchemy as sa

from hpsearch.cli.app import COMMANDS as TYPED
from hpsearch.cli.app import GROUPS
from tests.cli.program import Program, study_text
from tests.cli.refused import COMMANDS, NEVER_MADE

pytestmark = pytest.mark.long

TABLE = "a,b,kind\n" + "".join(f"{n % 7}.5,{n % 5},{'xy'[n % 2]}\n" for n in range(60))
TABLE_STUDY = (
    study_text(name="table", trials=8, epochs=2)
    .replace("[16, 8]", "[8]")
    .replace('"digits"\ntrain = 300', '"table.csv"\ntarget = "kind"')
)
FILES = {
    "table.toml": TABLE_STUDY,
    "no-data.toml": TABLE_STUDY.replace("table.csv", "missing.csv"),
    "other-data.toml": TABLE_STUDY,
    "unknown-key.toml": study_text() + "tops = 1\n",
    "changed.toml": study_text().replace("seed = 6", "seed = 7"),
    "reserved.toml": study_text(name="new.confirm"),
    "long.toml": study_text(name="x" * 201),
    "taken.toml": study_text(name="new"),
    "foreign.toml": study_text(name="foreign"),
    "other.csv": TABLE,
    "note.txt": "a note\n" * 100,
    "empty.db": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A folder with two studies in a database, one of them stopped, and what may be refused."""

    program: Program
    url: str

    @property
    def state(self):
        """Every file with its bytes, of a database every row; and every row of the server's."""
        folder = self.program.folder
        files = {path.relative_to(folder): _content(path) for path in folder.rglob("*")}
        return files, None if self.url.startswith("sqlite") else _rows(self.url)


def _content(path):
    """Return a file as it was left: rows where it is a database, since a reader may tidy up its pages."""
    if path.is_dir():
        return "a folder"
    if path.suffix != ".db" or not path.stat().st_size:
        return path.read_bytes()
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        return list(connection.iterdump())


def _rows(url):
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    tables = sa.MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in tables.sorted_tables
        }


def _filled(program, url):
    """Run two studies; stop one, take the table of the other away, let others take names."""
    for name in ("small", "table"):
        run = program.run("start", f"{name}.toml", "--workers", 1, "--quiet", HPSEARCH_STORAGE=url)
        assert run.code == 0, run.err
    assert program.run("stop", "--study", "small", HPSEARCH_STORAGE=url).code == 0
    storage = optuna.storages.RDBStorage(url, engine_kwargs={"poolclass": sa.NullPool})
    for name in ("foreign", "new.confirm"):
        optuna.create_study(study_name=name, storage=storage)
    storage.remove_session()
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:  # the first worker ran on something else
        connection.execute(sa.text('UPDATE hpsearch_workers SET environment = \'{"numpy": "0.1"}\''))
    engine.dispose()
    (program.folder / "table.csv").write_text(TABLE.replace("0.5,0,x", "0.25,0,x"))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def world(request, tmp_path_factory, cache):
    """Return a world for all tests: none of them changes it."""
    program = Program(folder=tmp_path_factory.mktemp("world"), cache=cache)
    for name, text in FILES.items():
        program.write(name, text)
    program.write("small.toml", study_text())
    program.write("table.csv", TABLE)
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
        _filled(program, url)
        yield World(program=program, url=url)
        program.end()
        return
    with closing(sqlite3.connect(program.folder / "other.db")) as connection:
        connection.execute("CREATE TABLE accounts (id)")
    database = program.folder / "hpsearch.db"
    _filled(program, f"sqlite:///{database}")
    with (
        closing(sqlite3.connect(database)) as source,
        closing(sqlite3.connect(program.folder / "older.db")) as copy,
    ):
        source.backup(copy)
        copy.execute("UPDATE hpsearch_alembic_version SET version_num = '0000'")
        copy.commit()
    yield World(program=program, url=f"sqlite:///{database}")
    program.end()


def test_every_command_says_what_it_writes_and_how_it_refuses():
    """A new command has to be put into the table."""
    groups = {f"{group} {name}" for group, (_, commands) in GROUPS.items() for name in commands}
    assert set(COMMANDS) == set(TYPED) | groups
    assert all(writes.refusals for writes in COMMANDS.values())


CASES = [(name, words, code) for name, writes in COMMANDS.items() for words, code in writes.refusals.items()]
CASES += [("start", words, code) for words, code in NEVER_MADE.items()]


@pytest.mark.parametrize("command", COMMANDS)
def test_fault_58_a_refusal_leaves_all_as_it_was(world, command):
    """Every row of the database, every file and folder, its bytes: whatever was refused, and how."""
    on_server = not world.url.startswith("sqlite")
    if on_server and not COMMANDS[command].anywhere:
        pytest.skip("what it refuses is of SQLite files")
    before = world.state
    wrong = []
    for name, words, code in CASES:
        if name != command or (on_server and "--storage" in words):
            continue
        run = world.program.run(*name.split(), *shlex.split(words), HPSEARCH_STORAGE=world.url)
        if run.code != code or len(run.err.splitlines()) > 2 or "Traceback" in run.err:
            wrong.append((words, code, run.code, run.err))
        after = world.state
        if after != before:
            changed = [f"{key}" for key in {*before[0], *after[0]} if before[0].get(key) != after[0].get(key)]
            wrong.append((words, "has changed", changed or "the server"))
            before = after
    assert wrong == []
