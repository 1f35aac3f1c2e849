"""The versions of the schema: tables are made on first use, and an unknown version is refused."""

import re
from collections.abc import Mapping
from pathlib import Path
from shlex import quote

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import NoDatabaseError, StorageError, to_type
from hpsearch.store.database.connection import Database, now
from hpsearch.store.schema.setup_lock import one_at_a_time
from hpsearch.store.schema.tables import WORKERS
from hpsearch.store.schema.template import fill_from_template

OPTUNA_REVISION = "v3.2.0.a"
"""The head of Optuna 5's own migrations: the layout that the ledger writes."""
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""The revisions of ``alembic/``, oldest first."""
OPTUNA_FIRST = {"studies", "version_info", "alembic_version"}
"""Tables of Optuna's of which one is there as soon as any is."""
REVISION = REVISIONS[-1]
_ALEMBIC = re.compile(r"[0-9a-f]{12}")
"""The revisions that Alembic makes up; Optuna names its own, such as v3.2.0.a."""

_OPTUNA = re.compile(r"v\d+\.\d+\.\d+\.[a-z]")

VERSION_TABLES = {"optuna": "alembic_version", "hpsearch": "hpsearch_alembic_version"}
"""Owner -> the table that holds the revision of its tables."""
SILENT_S = 60.0
"""A worker that has not shown a sign of life for so long does not hold an upgrade up."""


def ensure_schema(database: Database) -> None:
    """Make whatever tables are missing, one process at a time; check the versions of those there are.

    Raises:
        StorageError: The schema is older or newer than this version's; nothing is changed then.
    """
    database.expect_writable()
    revisions = current_schema(database)
    if _missing(revisions):
        with one_at_a_time(database):
            _make_missing(database)
        revisions = current_schema(database)
    _expect_revisions(database, revisions)


def expect_fit(database: Database) -> list[str]:
    """Refuse a database in which no tables may be made; return the owners of those that are missing.

    Raises:
        StorageError: Its tables are of another version, or another program's; or it may only be read.
    """
    database.expect_writable()
    revisions = current_schema(database)
    _check_versions(database, revisions)
    tables = _table_names(database)
    if database.path is not None and tables and not OPTUNA_FIRST.intersection(tables):
        raise StorageError(
            f"{database.address}: expected a new file or a database of Optuna's, found another program's, "
            f"with the table {tables[0]!r}; name another file"
        )
    return _missing(revisions)


def _table_names(database: Database) -> list[str]:
    return database.read(lambda connection: sa.inspect(connection).get_table_names())


def _make_missing(database: Database) -> None:
    missing = expect_fit(database)
    if missing:
        _migrations()  # before anything is made
        database.expect_every_text()
        database.use_wal()
    if database.path is not None and not _table_names(database):
        fill_from_template(database, revision=REVISION, make_tables=_make_all)
        missing = _missing(current_schema(database))
    if "optuna" in missing:
        _make_optuna(database)
    if "hpsearch" in missing:
        _make_own(database)


def _make_all(database: Database) -> None:
    _make_optuna(database)
    _make_own(database)


def check_schema(database: Database) -> None:
    """Refuse a database whose tables are missing or of another version.

    Raises:
        StorageError: What is there, what is needed, and what to do.
    """
    _expect_revisions(database, current_schema(database))


def _expect_revisions(database: Database, revisions: Mapping[str, str | None]) -> None:
    missing = _missing(revisions)
    if missing:
        raise NoDatabaseError(
            f"{database.address}: there are no tables of {' and '.join(missing)}; "
            "hpsearch start STUDY.toml makes them"
        )
    _check_versions(database, revisions)


def expect_readable(database: Database) -> bool:
    """Refuse a database without studies that this version reads; return whether hpsearch has tables there.

    A database in which Optuna alone has made studies is one that can be read.

    Raises:
        StorageError: What is there, what is needed, and what to do.
    """
    revisions = current_schema(database)
    if revisions["optuna"] is None:
        _expect_revisions(database, revisions)
    _check_versions(database, revisions)
    return revisions["hpsearch"] is not None


def has_own_tables(connection: Connection) -> bool:
    """Return whether hpsearch has tables in a database."""
    return _version(connection, VERSION_TABLES["hpsearch"]) is not None


def _check_versions(database: Database, revisions: Mapping[str, str | None]) -> None:
    """Refuse tables of another version, where there are any."""
    found = revisions["optuna"]
    if found not in {None, OPTUNA_REVISION}:
        raise StorageError(
            f"{database.address}: expected Optuna's schema {OPTUNA_REVISION}, found {found}; "
            f"{_remedy(found, database.address)}"
        )
    found = revisions["hpsearch"]
    if found not in {None, REVISION}:
        remedy = (
            f"upgrade it with: {to_type('db upgrade')}"
            if found in REVISIONS
            else "it was made by a newer hpsearch: use that one, or another database"
        )
        raise StorageError(
            f"{database.address}: expected hpsearch's schema {REVISION}, found {found}; {remedy}"
        )


def _remedy(found: str, address: str) -> str:
    """Return what to do about a revision in Optuna's table of versions."""
    if _ALEMBIC.fullmatch(found):
        return (
            "it is another program's, which counts in the same table: take a database of its own for hpsearch"
        )
    if _OPTUNA.fullmatch(found) and _parts(found) < _parts(OPTUNA_REVISION):
        return (
            f"an older Optuna made it: upgrade a copy with: optuna storage upgrade --storage {quote(address)}"
        )
    return "this hpsearch does not know it: update hpsearch, or read it with optuna.load_study"


def _parts(revision: str) -> list[tuple[int, str]]:
    """Return a revision such as v3.2.0.a as what can be compared."""
    return [
        (int(part), "") if part.isdigit() else (0, part) for part in revision.removeprefix("v").split(".")
    ]


def current_schema(database: Database) -> dict[str, str | None]:
    """Return owner -> revision of the tables that are there, ``None`` where there are none."""
    return database.read(
        lambda connection: {owner: _version(connection, table) for owner, table in VERSION_TABLES.items()}
    )


def upgrade_schema(database: Database) -> str | None:
    """Bring hpsearch's own tables to this version's, or make them; return the revision they had.

    It happens under the lock under which tables are made, and an upgrade is one transaction: killed
    half-way, nothing has happened.

    Raises:
        StorageError: The tables are newer, or workers are at work, whose version would not know the new
            tables; or the file is another program's.
    """
    with one_at_a_time(database):
        found = current_schema(database)["hpsearch"]
        if found is None:
            _make_missing(database)
            return None
        if found not in REVISIONS:
            check_schema(database)
        busy = database.read(_workers_at_work)
        if busy and found != REVISION:
            raise StorageError(
                f"{database.address}: {len(busy)} workers are at work on this database; "
                f"let them end first: {'; '.join(to_type('stop', name) for name in sorted(set(busy)))}"
            )
        _make_own(database)
    return found


def _workers_at_work(connection: Connection) -> list[str]:
    """Return the name of the study of each worker."""
    fresh = sa.and_(WORKERS.c.ended_at.is_(None), WORKERS.c.beat_at > now(connection) - SILENT_S)
    studies = sa.table("studies", sa.column("study_id"), sa.column("study_name"))
    query = sa.select(sa.func.coalesce(studies.c.study_name, "")).select_from(
        WORKERS.outerjoin(studies, studies.c.study_id == WORKERS.c.study_id)
    )
    return [str(name) for name in connection.scalars(query.where(fresh))]


def _missing(revisions: Mapping[str, str | None]) -> list[str]:
    return [owner for owner, revision in revisions.items() if revision is None]


def _version(connection: Connection, table: str) -> str | None:
    if not sa.inspect(connection).has_table(table):
        return None
    return connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(table)))


def _make_optuna(database: Database) -> None:
    # Optuna's storage brings the ORM and Alembic, 0.6 s that only a new database pays.
    from optuna.exceptions import StorageInternalError  # noqa: PLC0415
    from optuna.storages import RDBStorage  # noqa: PLC0415

    def make() -> None:
        options = database.optuna_options() or {"poolclass": sa.NullPool}
        try:
            storage = RDBStorage(database.optuna_url, engine_kwargs=options)
        except StorageInternalError as error:  # Optuna only guesses at the reason; the cause is known
            raise (error.__cause__ or error) from None
        storage.remove_session()
        storage.engine.dispose()

    database.leave_idle()  # a role may have no connection to spare for Optuna's
    database.persist(make)


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
    """Return the folder of the migrations: inside an installed package, at the top level of a checkout.

    Raises:
        StorageError: It is in neither place, such as when the package is in a zip file.
    """
    store = Path(__file__).resolve().parents[1]
    folder = next((f for f in (store / "alembic", store.parents[1] / "alembic") if f.is_dir()), None)
    if folder is None:
        raise StorageError(
            f"{store.parent}: expected the migrations of the tables in a folder there, found none; install "
            "hpsearch with pip: a zip file cannot hold it"
        )
    return folder
