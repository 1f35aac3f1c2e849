"""One database: its address, its engine, and transactions that are tried again as a whole."""

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from hpsearch.errors import StorageError

T = TypeVar("T")

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
BUSY_TIMEOUT_S = 10.0
TRIES = 6
FIRST_PAUSE_S = 0.05

_TRANSIENT_SQLITE = ("database is locked", "database table is locked", "database is busy")
# 23505, a unique key taken by somebody else at the same moment: the next try finds their row.
_TRANSIENT_SQLSTATES = {
    "40001",
    "40P01",
    "55P03",
    "57P01",
    "57P02",
    "57P03",
    "08000",
    "08003",
    "08006",
    "23505",
}


class Database:
    """The door to one database.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://...``.
        create: Whether a SQLite file that is not there may be made.

    Raises:
        StorageError: The address is malformed, of an unknown kind, or names a file that cannot be.
    """

    def __init__(self, url: str, *, create: bool = False) -> None:
        self.url = _parse(url)
        self.path = _sqlite_path(self.url)
        if self.path is not None:
            _check_path(self.path, create=create)
        self.engine = _engine(self.url)
        # A read is several statements and needs one snapshot; SQLite's transactions are that anyway.
        snapshot = {"hpsearch_begin": "BEGIN"} if self.path else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(**snapshot)
        self._writing = self.engine.execution_options(hpsearch_begin="BEGIN IMMEDIATE")
        self._plain = self.engine.execution_options(hpsearch_begin="")

    @property
    def address(self) -> str:
        """The address as it may be shown: without the password."""
        return masked(self.url)

    @property
    def secret_url(self) -> str:
        """The address for another process of this machine: with the password, from any folder."""
        url = self.url if self.path is None else self.url.set(database=str(self.path.resolve()))
        return url.render_as_string(hide_password=False)

    @property
    def optuna_url(self) -> str:
        """The address as Optuna's storage takes it: a format string, so braces are doubled."""
        return self.secret_url.replace("{", "{{").replace("}", "}}")

    def read(self, work: Callable[[Connection], T]) -> T:
        """Return ``work(connection)`` of one reading transaction."""
        return self._run(self._reading, work)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Return ``work(connection)`` of one writing transaction, committed.

        ``work`` may run several times: a transient error (a lock, a deadlock, a lost connection) rolls
        back and tries the whole transaction again, with growing pauses.

        Raises:
            StorageError: The error is not transient, or did not go away.
        """
        return self._run(self._writing, work)

    def use_wal(self) -> None:
        """Let readers of a SQLite file (dashboard, status) and its workers never block each other.

        The file remembers it, so it is for files that are hpsearch's own.
        """
        if self.path is not None:
            self._run(self._plain, lambda c: c.exec_driver_sql("PRAGMA journal_mode = WAL").close())

    def copy_from(self, source: sqlite3.Connection) -> None:
        """Overwrite a SQLite file by another, as one transaction that other connections see whole or not."""
        with self._plain.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            source.backup(driver)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _run(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        for attempt in range(TRIES):
            try:
                with engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if attempt == TRIES - 1 or not _is_transient(error):
                    raise self._translated(error) from error
                pause = FIRST_PAUSE_S * 2**attempt
                time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - spreads the tries, decides nothing
            except SQLAlchemyError as error:
                raise self._translated(error) from error
        raise AssertionError("unreachable: the last try returns or raises")

    def _translated(self, error: SQLAlchemyError) -> StorageError:
        cause = getattr(error, "orig", None) or error
        first_line = str(cause).strip().split("\n")[0]
        return StorageError(f"{self.address}: {first_line}{_remedy(first_line)}")


def masked(url: str | URL) -> str:
    """Return an address as it may be shown: without the password."""
    return sa.make_url(url).render_as_string(hide_password=True)


def now(connection: Connection) -> float:
    """Return the database's clock: seconds since 1970, UTC; the same for every worker."""
    if connection.dialect.name == "sqlite":
        return float(connection.scalar(sa.text("SELECT (julianday('now') - 2440587.5) * 86400.0")))
    return float(connection.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())")))


def _parse(url: str) -> URL:
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StorageError(
            "storage: expected sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME, found something else"
        ) from error
    kind = parsed.get_backend_name()
    if kind not in DRIVERS:
        raise StorageError(
            f"storage: expected a database of kind sqlite or postgresql, found {kind!r}; "
            "for example sqlite:///hpsearch.db"
        )
    return parsed if "+" in parsed.drivername else parsed.set(drivername=DRIVERS[kind])


def _sqlite_path(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise StorageError(
            "storage: expected a file that all workers can open, found a database in memory; "
            "for example sqlite:///hpsearch.db"
        )
    return Path(url.database)


def _check_path(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise StorageError(f"{path}: expected a SQLite file, found a directory")
    if not path.parent.is_dir():
        raise StorageError(f"{path}: its folder {path.parent} does not exist; make it first")
    if not create and not path.exists():
        raise StorageError(f"{path}: there is no database yet; hpsearch start STUDY.toml makes one")


def _engine(url: URL) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    arguments = {"timeout": BUSY_TIMEOUT_S} if sqlite else {"connect_timeout": 10}
    try:
        engine = sa.create_engine(url, connect_args=arguments, pool_pre_ping=not sqlite, hide_parameters=True)
    except ImportError as error:
        raise StorageError(
            f"storage: the driver {error.name} is not installed: pip install 'hpsearch[postgres]'"
        ) from error
    if sqlite:
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late for a claim: transactions are begun by _begin_sqlite.
    connection.isolation_level = None
    # NORMAL: with WAL a power cut may take the last commits back, never break the file; what is taken
    # back is computed again to the same bits.
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("hpsearch_begin", "BEGIN")
    if begin:
        connection.exec_driver_sql(begin)


def _is_transient(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    if str(error.orig).startswith(_TRANSIENT_SQLITE):
        return True
    return getattr(error.orig, "sqlstate", None) in _TRANSIENT_SQLSTATES


def _remedy(message: str) -> str:
    remedies = {
        "locked": "; another process holds it: close what has it open, then try again",
        "readonly": "; the file or its folder may not be written",
        "not a database": "; the file is something else: choose another with --storage",
        "malformed": "; the file is damaged: restore a copy, or choose another with --storage",
        "unable to open": "; check the path and its permissions",
        "foreign key": "; the study was deleted while it was worked on",
        "disk": "; free some space, then start again: nothing finished is lost",
    }
    return next((text for word, text in remedies.items() if word.lower() in message.lower()), "")
