"""The database of one run, as the harness reaches it: beside the workers, never through the proxy."""

import secrets
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from hpsearch.store import Ledger
from tests.chaos.storage.proxy import Proxy
from tests.machine.postgres import Postgres

PLAIN = {"client_encoding": "UTF8", "options": "-c extra_float_digits=1 -c transaction_timeout=0"}
"""What the harness reads with, whatever a fault has set for the database."""

_MAKING = threading.Lock()
"""Alembic migrates one database at a time in a process: its context is global."""


class Place:
    """What both kinds of database have in common.

    Attributes:
        url: What the workers get.
        reader: An engine that the harness reads through.
        proxy: Between workers and database, or ``None``.
        secret: A password that no output may hold, or ``None``.
    """

    url: str
    reader: sa.Engine
    proxy: Proxy | None = None
    secret: str | None = None

    def rows(self, statement):
        """Return the rows of a query, or ``None`` while the database cannot be read."""
        try:
            with self.reader.connect() as connection:
                return connection.execute(statement).all()
        except DBAPIError:
            return None

    def hold(self, statement):
        """Open a transaction with a statement that takes a lock; return it, or ``None`` without the lock."""
        engine = self.writer()
        connection = None
        try:
            connection = engine.connect()
            connection.exec_driver_sql(statement)
        except DBAPIError:
            if connection is not None:
                connection.close()
            engine.dispose()
            return None
        return connection

    def let_go(self, connection):
        """End a transaction that ``hold`` opened."""
        with suppress(DBAPIError):
            connection.close()
        connection.engine.dispose()

    def writer(self):
        """Return a new engine whose transactions the caller begins and ends."""
        raise NotImplementedError


class SqlitePlace(Place):
    """A file in a folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "hpsearch.db"
        self.url = f"sqlite:///{self.file}"
        # Read-only: a reader that closes the file last must not tidy up what a killed worker left.
        address = f"sqlite:///file:{self.file}?mode=ro&uri=true"
        self.reader = sa.create_engine(address, poolclass=sa.NullPool, connect_args={"timeout": 1})

    def writer(self):
        """Return an engine that leaves BEGIN to the caller and waits at most half a second for a lock."""
        engine = sa.create_engine(self.url, poolclass=sa.NullPool, connect_args={"timeout": 0.5})
        sa.event.listen(engine, "connect", lambda driver, _record: setattr(driver, "isolation_level", None))
        return engine


def make_tables(url):
    """Make the tables of a database."""
    with _MAKING:
        Ledger(url, create=True).close()


class Yard:
    """A server that runs are made on, one after the other, and a database with tables to copy; a context."""

    def __init__(self, server: Postgres | None = None) -> None:
        self.server = server or Postgres()
        self._template = ""

    def __enter__(self) -> Self:
        """Start the server, if it does not run yet, and make the tables."""
        if not self.server.runs:
            self.server.start()
        self._template = sa.make_url(self.server.new_database()).database
        make_tables(self.server.url(self._template, host=str(self.server.folder)))
        return self

    def __exit__(self, *_error: object) -> None:
        """End the server."""
        self.server.close()

    def new_database(self, *, empty):
        """Make a database, with tables or without; return its address."""
        return self.server.new_database() if empty else self.server.new_database(self._template)


class PostgresPlace(Place):
    """A database of a server that is this run's alone while it lasts."""

    def __init__(self, yard: Yard, proxy: Proxy, *, empty: bool) -> None:
        self.server = yard.server
        self.proxy = proxy
        self.secret = self.server.password
        self.direct = yard.new_database(empty=empty)
        self.url = sa.make_url(self.direct).set(port=proxy.port).render_as_string(hide_password=False)
        how = {"connect_timeout": 2, "application_name": f"harness-{secrets.token_hex(4)}"} | PLAIN
        self.reader = sa.create_engine(self.direct, pool_size=1, pool_pre_ping=True, connect_args=how)

    def writer(self):
        """Return an engine that waits at most half a second for a lock."""
        how = {"connect_timeout": 2, "options": "-c lock_timeout=500"}
        return sa.create_engine(self.direct, poolclass=sa.NullPool, connect_args=how)


@contextmanager
def sqlite_place(folder, _yard, *, empty):
    """Give a SQLite database that does not exist yet, or has its tables."""
    place = SqlitePlace(folder)
    if not empty:
        make_tables(place.url)
    try:
        yield place
    finally:
        place.reader.dispose()


@contextmanager
def postgres_place(_folder, yard, *, empty):
    """Give a database behind a proxy, empty or with its tables; it is dropped at the end."""
    with Proxy(("127.0.0.1", yard.server.port)) as proxy:
        place = PostgresPlace(yard, proxy, empty=empty)
        try:
            yield place
        finally:
            place.reader.dispose()
            place.server.drop_database(place.direct)


PLACES = {"sqlite": sqlite_place, "postgresql": postgres_place}
