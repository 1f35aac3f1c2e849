"""Making the tables on first use, and refusing a schema that this version does not know."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import StorageError
from hpsearch.store.database import Database
from hpsearch.store.setup_lock import one_at_a_time
from hpsearch.store.template import fill_from_template

OPTUNA_REVISION = "v3.2.0.a"
"""The head of Optuna 5's own migrations: the layout that the ledger writes."""
REVISION = "0001"
"""The head of ``alembic/``."""


def ensure_schema(database: Database) -> None:
    """Make whatever tables are missing, one process at a time; check the versions of those there are.

    Raises:
        StorageError: The schema is older or newer than this version's; nothing is changed then.
    """
    if database.read(_missing):
        with one_at_a_time(database):
            _make_missing(database)
    check_schema(database)


def _make_missing(database: Database) -> None:
    missing = database.read(_missing)
    _check_versions(database, missing)
    if missing:
        database.use_wal()
    if database.path is not None and not database.read(_has_tables):
        fill_from_template(database, revision=REVISION, make_tables=_make_all)
        missing = database.read(_missing)
    if "optuna" in missing:
        _make_optuna(database)
    if "hpsearch" in missing:
        _make_own(database)


def _make_all(database: Database) -> None:
    _make_optuna(database)
    _make_own(database)


def _has_tables(connection: Connection) -> bool:
    return bool(sa.inspect(connection).get_table_names())


def check_schema(database: Database) -> None:
    """Refuse a database whose tables are missing or of another version.

    Raises:
        StorageError: What is there, what is needed, and what to do.
    """
    missing = database.read(_missing)
    if missing:
        raise StorageError(
            f"{database.address}: there are no tables of {' and '.join(missing)}; "
            "hpsearch start STUDY.toml makes them"
        )
    _check_versions(database, missing)


def _check_versions(database: Database, missing: list[str]) -> None:
    """Refuse tables of another version, where there are any."""
    found = database.read(lambda connection: _version(connection, "alembic_version"))
    if found != OPTUNA_REVISION and "optuna" not in missing:
        raise StorageError(
            f"{database.address}: expected Optuna's schema {OPTUNA_REVISION}, found {found}; "
            "upgrade a copy with: optuna storage upgrade --storage URL"
        )
    found = database.read(lambda connection: _version(connection, "hpsearch_alembic_version"))
    if found != REVISION and "hpsearch" not in missing:
        raise StorageError(
            f"{database.address}: expected hpsearch's schema {REVISION}, found {found}; "
            "use the version of hpsearch that made it, or another database"
        )


def _missing(connection: Connection) -> list[str]:
    tables = {"optuna": "alembic_version", "hpsearch": "hpsearch_alembic_version"}
    return [owner for owner, table in tables.items() if _version(connection, table) is None]


def _version(connection: Connection, table: str) -> str | None:
    if not sa.inspect(connection).has_table(table):
        return None
    return connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(table)))


def _make_optuna(database: Database) -> None:
    # Optuna's storage brings the ORM and Alembic, 0.6 s that only a new database pays.
    from optuna.storages import RDBStorage  # noqa: PLC0415

    with database.translated():
        storage = RDBStorage(database.optuna_url, engine_kwargs={"poolclass": sa.NullPool})
        storage.engine.dispose()


def _make_own(database: Database) -> None:
    # As above: Alembic takes 0.3 s to import.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_migrations()).replace("%", "%%"))

    def upgrade(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    database.write(upgrade)


def _migrations() -> Path:
    """Return the folder of the migrations: inside an installed package, at the top level of a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "alembic"
    return installed if installed.is_dir() else here.parent.parent / "alembic"
