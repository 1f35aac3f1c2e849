"""One database: its address, its engine, and transactions that are tried again as a whole."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any, TypeVar
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import Pool

from hpsearch.errors import HpsearchError, StorageError
from hpsearch.store.database import postgres, session, sqlite
from hpsearch.store.database.errors import DAMAGED, LockedError, TransientError, explain, is_transient
from hpsearch.store.database.retry import Backoff
from hpsearch.store.database.url import masked, parse, sqlite_path
from hpsearch.store.database.watchdog import Watchdog

T = TypeVar("T")

PATIENCE_S = 10.0

CLOCKS: Mapping[str, sa.ColumnElement[float]] = {
    "sqlite": sa.literal_column("(julianday('now') - 2440587.5) * 86400.0", sa.Float),
    "postgresql": sa.literal_column("extract(epoch FROM clock_timestamp())", sa.Float),
}
"""The database's clock: seconds since 1970, UTC."""

_NOW = {name: sa.select(clock) for name, clock in CLOCKS.items()}


class Database:
    """The door to one database.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://...``.
        create: Whether a SQLite file that is not there may be made.
        patience_s: How long a transaction is tried again after its first transient failure.
        hang_s: How long a server may take to answer before its connection counts as lost.

    Raises:
        StorageError: The address is malformed, of an unknown kind, or names a file that cannot be.
    """

    def __init__(
        self,
        url: str,
        *,
        create: bool = False,
        patience_s: float = PATIENCE_S,
        hang_s: float = postgres.HANG_S,
    ) -> None:
        self.url = parse(url)
        self.path = sqlite_path(self.url)
        self.patience_s = patience_s
        self._watchdog = Watchdog(hang_s)
        self._lent: list[Pool] = []
        self._any_text = False
        if self.path is None:
            self.engine = postgres.make_engine(self.url, self._watchdog)
            snapshot = {"isolation_level": "REPEATABLE READ"}
        else:
            sqlite.check_file(self.path, create=create)
            self.engine = sqlite.make_engine(self.url, self.path, create=create, patience_s=patience_s)
            snapshot = {"hpsearch_begin": "BEGIN"}
        # A read is several statements and needs one snapshot; SQLite's transactions are that anyway.
        self._reading = self.engine.execution_options(**snapshot)
        self._writing = self.engine.execution_options(hpsearch_begin="BEGIN IMMEDIATE")
        self._plain = self.engine.execution_options(hpsearch_begin="")
        _OPEN.add(self)

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

    def optuna_options(self) -> dict[str, Any]:
        """Return the options of an engine that Optuna makes: on a server its sessions are made as here."""
        if self.path is not None:
            return {}
        self._lent.append(self.engine.pool.recreate())
        return {"pool": self._lent[-1]}

    def read(self, work: Callable[[Connection], T]) -> T:
        """Return ``work(connection)`` of one reading transaction."""
        return self._run(self._reading, work)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Return ``work(connection)`` of one writing transaction, committed.

        ``work`` may run several times: a transient error (a lock, a deadlock, a lost connection) rolls
        back and tries the whole transaction again, with growing pauses. A connection may be lost after
        the database has committed, so ``work`` must find out what it has already done.

        Raises:
            StorageError: The error is not transient, or did not go away within ``patience_s``; or the
                database may only be read.
        """
        if self.path is not None:  # a server says so itself, and asking it would cost a round trip
            sqlite.expect_writable(self.path)
        return self._run(self._writing, work)

    def expect_writable(self) -> None:
        """Refuse a database that may only be read.

        Raises:
            StorageError: What stands in the way, and what to do.
        """
        if self.path is not None:
            sqlite.expect_writable(self.path)
        else:
            self.read(session.expect_writable)

    def expect_every_text(self) -> None:
        """Refuse a server's database whose encoding cannot hold every text; a file holds them all.

        Raises:
            StorageError: What was found, and what to do.
        """
        if self.path is None:
            self.read(session.expect_every_text)

    def use_wal(self) -> None:
        """Let readers of a SQLite file (dashboard, status) and its workers never block each other.

        The file remembers it, so it is for files that are hpsearch's own.
        """
        if self.path is not None:
            self.expect_writable()
            self._run(self._plain, lambda c: c.exec_driver_sql("PRAGMA journal_mode = WAL").close())

    def warn_of_network(self) -> None:
        """Warn with a ``StorageWarning`` where a SQLite file lies on a network file system."""
        if self.path is not None:
            sqlite.warn_of_network(self.path)

    def copy_from(self, source: sqlite3.Connection) -> None:
        """Overwrite a SQLite file by another, as one transaction that other connections see whole or not."""
        with self._plain.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            source.backup(driver)

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Copy a SQLite file, as it is at one moment, into another, while others read and write it."""
        with self._plain.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.backup(target)

    def leave_idle(self) -> None:
        """Close the connections that are not in use; others are made when they are needed."""
        self.engine.pool.dispose()  # that of the engine would forget those in use

    def close(self) -> None:
        """Close every connection."""
        self._watchdog.close()
        for pool in self._lent:
            pool.dispose()
        self.engine.dispose()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn errors of the database into ``StorageError`` where nothing can be tried again."""
        try:
            with self._watched():
                yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StorageError(explain(error, self.url)) from error

    def leave_inherited(self) -> None:
        """Take no part, in a forked process, in the connections of its parent."""
        # Not even their end: closing one would say goodbye to the server in the parent's name.
        _INHERITED.append(self.engine.pool)
        self.engine.dispose(close=False)
        self._watchdog.forget()

    def persist(self, work: Callable[[], T]) -> T:
        """Return ``work()``, called again as a whole after each transient error until patience is over.

        Raises:
            StorageError: The error is not transient, or did not go away within ``patience_s``.
        """
        patience = Backoff(self.patience_s)
        while True:
            try:
                with self._watched():
                    return work()
            except HpsearchError:
                raise
            except (SQLAlchemyError, sqlite3.Error, TransientError, LockedError) as error:
                if sqlite.is_undecodable(error) and not self._any_text:
                    self._any_text = True  # once more, so that the row is named, and other rows can be read
                    continue
                if not is_transient(error) or not patience.wait():
                    raise StorageError(explain(error, self.url)) from error
            except Exception as error:
                self._blame_damage(error)
                raise

    def _watched(self) -> AbstractContextManager[None]:
        return self._watchdog.transaction() if self.path is None else nullcontext()

    def _run(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        def once() -> T:
            with engine.begin() as connection:
                if self._any_text:
                    sqlite.take_any_text(connection)
                return work(connection)

        return self.persist(once)

    def _blame_damage(self, error: Exception) -> None:
        """Raise in place of an error that comes from reading rubbish in a damaged SQLite file."""
        damage: list[str] = []
        if self.path is not None:
            with suppress(sqlite3.OperationalError):  # it cannot be looked at now: nothing is known
                damage = sqlite.damage(self.path, most=1)
        if damage:
            raise StorageError(f"{self.address}: {DAMAGED}") from error


def now(connection: Connection) -> float:
    """Return the database's clock: seconds since 1970, UTC; the same for every worker."""
    return float(connection.scalar(_NOW[connection.dialect.name]) or 0.0)


_OPEN: WeakSet[Database] = WeakSet()
_INHERITED: list[Pool] = []


def _leave_inherited() -> None:
    for database in list(_OPEN):
        database.leave_inherited()


os.register_at_fork(after_in_child=_leave_inherited)
