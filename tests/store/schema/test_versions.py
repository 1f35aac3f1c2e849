import sqlite3

import optuna
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from optuna.storages import RDBStorage

from hpsearch.errors import StorageError
from hpsearch.store import Ledger
from hpsearch.store.database.connection import Database
from hpsearch.store.schema.tables import OWN, Optuna
from hpsearch.store.schema.versions import OPTUNA_REVISION, REVISION
from tests.store.databases import only_postgresql

NEXT = "UPDATE {table} SET version_num = 'next'"


def execute(path, *statements):
    """Run SQL on a file that nothing else has open; leave no journal behind."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def contents(url):
    """Return a database's tables with their rows, and on SQLite the bytes of its file too."""
    database = Database(url)

    def tables(connection):
        metadata = sa.MetaData()
        metadata.reflect(connection)
        return {name: connection.execute(sa.select(table)).all() for name, table in metadata.tables.items()}

    found = database.read(tables), database.path and database.path.read_bytes()
    database.close()
    return found


def test_the_migrations_make_the_tables_that_the_ledger_writes(url):
    """Columns, types, keys and indices of ``OWN`` are those that ``alembic/`` makes, and no other."""
    database = Database(url)

    def is_own(_item, name, kind, _reflected, _other):
        return kind != "table" or name.startswith("hpsearch_")

    def differences(connection):
        options = {
            "include_object": is_own,
            "compare_type": True,
            "version_table": "hpsearch_alembic_version",
        }
        return compare_metadata(MigrationContext.configure(connection, opts=options), OWN)

    assert database.read(differences) == []
    database.close()
    assert {t.name for t in OWN.sorted_tables} < set(contents(url)[0])


def test_every_own_table_belongs_to_a_study():
    """What a deleted study leaves behind is found by its key."""
    assert all("study_id" in table.c for table in OWN.sorted_tables)


def test_optunas_revision_is_what_optuna_stamps(tmp_path):
    """The layout that the ledger writes is the one that the installed Optuna makes."""
    path = tmp_path / "optuna.db"
    storage = optuna.storages.RDBStorage(f"sqlite:///{path}")
    assert storage.get_current_version() == storage.get_head_version() == OPTUNA_REVISION
    storage.engine.dispose()


def test_a_new_file_gets_all_tables(template):
    """Optuna's and hpsearch's own, each with its version."""
    connection = sqlite3.connect(template)
    for table, version in [("alembic_version", OPTUNA_REVISION), ("hpsearch_alembic_version", REVISION)]:
        assert connection.execute(f"SELECT version_num FROM {table}").fetchall() == [(version,)]
    connection.close()


def test_tables_are_added_to_a_file_of_optunas(tmp_path):
    """An Optuna study that is already there is kept."""
    url = f"sqlite:///{tmp_path / 'optuna.db'}"
    optuna.create_study(study_name="theirs", storage=url)
    Ledger(url, create=True).close()
    assert optuna.get_all_study_names(url) == ["theirs"]


@only_postgresql
@pytest.mark.parametrize("optuna_first", [False, True])
def test_missing_tables_are_refused_and_made_on_a_server(empty_url, optuna_first):
    """Reading makes nothing; starting adds what is missing and keeps an Optuna study that is there."""
    if optuna_first:
        storage = RDBStorage(empty_url, engine_kwargs={"poolclass": sa.NullPool})
        optuna.create_study(study_name="theirs", storage=storage)
        storage.remove_session()
    before = contents(empty_url)
    assert ("studies" in before[0]) == optuna_first
    message = "no tables of hpsearch" if optuna_first else "no tables of optuna and hpsearch"
    with pytest.raises(StorageError, match=f"there are {message}; hpsearch start STUDY.toml makes them"):
        Ledger(empty_url)
    assert contents(empty_url) == before
    Ledger(empty_url, create=True).close()
    after = contents(empty_url)[0]
    assert {table.name for table in OWN.sorted_tables} < set(after)
    assert after["studies"] == before[0].get("studies", [])


def test_missing_tables_are_refused(tmp_path):
    """Reading makes nothing: not in an empty file, not in one of Optuna's alone."""
    path = tmp_path / "some.db"
    path.touch()
    with pytest.raises(StorageError, match=r"some\.db: there are no tables of optuna and hpsearch; hpsearch"):
        Ledger(f"sqlite:///{path}")
    assert path.read_bytes() == b""
    optuna.create_study(study_name="theirs", storage=f"sqlite:///{path}")
    before = path.read_bytes()
    with pytest.raises(
        StorageError, match=r"there are no tables of hpsearch; hpsearch start STUDY.toml makes"
    ):
        Ledger(f"sqlite:///{path}")
    assert path.read_bytes() == before


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            "alembic_version",
            r"expected Optuna's schema v3\.2\.0\.a, found next; this hpsearch does not know it",
        ),
        (
            "hpsearch_alembic_version",
            f"expected hpsearch's schema {REVISION}, found next; it was made by a newer",
        ),
    ],
)
def test_fault_31_another_version_is_refused_and_the_database_unchanged(url, create, table, message):
    """Neither reading nor starting writes a byte into a schema that this version does not know."""
    database = Database(url)
    database.write(lambda c: c.exec_driver_sql(NEXT.format(table=table)).close())
    database.close()
    before = contents(url)
    with pytest.raises(StorageError, match=message):
        Ledger(url, create=create)
    assert contents(url) == before


def test_fault_31_a_table_that_another_program_counts_in_is_said_to_be_its(url):
    """Others keep their revision in a table of Alembic's own name, too: no command to upgrade is proposed."""
    database = Database(url)
    database.write(
        lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '5b0e9adcef9c'").close()
    )
    database.close()
    before = contents(url)
    with pytest.raises(
        StorageError, match=r"found 5b0e9adcef9c; it is another program's, .* take a database of"
    ):
        Ledger(url, create=True)
    assert contents(url) == before


def test_no_tables_are_added_beside_another_version_of_optunas(tmp_path):
    """A file of another Optuna is refused before anything is made in it, and keeps its journal."""
    path = tmp_path / "optuna.db"
    optuna.create_study(study_name="theirs", storage=f"sqlite:///{path}")
    execute(path, NEXT.format(table="alembic_version"))
    before = path.read_bytes()
    with pytest.raises(StorageError, match="expected Optuna's schema"):
        Ledger(f"sqlite:///{path}", create=True)
    assert path.read_bytes() == before


def test_the_ledger_finds_every_table_of_optunas_that_it_writes(ledger):
    """Reflection brings the columns that the verbs name."""
    tables = ledger.database.read(Optuna.reflect)
    assert {"trial_id", "number", "study_id", "state", "datetime_start", "datetime_complete"} <= set(
        tables.trials.c.keys()
    )
    assert {"intermediate_value", "intermediate_value_type", "step"} <= set(
        tables.trial_intermediate_values.c.keys()
    )
