"""PostgreSQL: one server, many machines."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError

from hpsearch.errors import StorageError
from hpsearch.store.database import session
from hpsearch.store.database.watchdog import Watchdog, watched

CONNECT_S = 10
HANG_S = 35.0
"""Longer than a statement may take: the watchdog is for servers that do not answer at all."""

_LINK = {
    "connect_timeout": CONNECT_S,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
    "application_name": "hpsearch",
}
"""What libpq is asked for; what the address says goes over it."""


def make_engine(url: URL, watchdog: Watchdog) -> Engine:
    """Return an engine whose connections never wait for ever.

    It has no ping before a transaction: one that finds its connection lost is tried again on a new one.

    Raises:
        StorageError: The driver is not installed.
    """
    try:
        engine = sa.create_engine(
            url,
            connect_args=_connect_arguments(url),
            isolation_level="READ COMMITTED",  # said at each BEGIN, whatever the default is
            hide_parameters=True,
        )
    except ImportError as error:
        raise StorageError(
            f"storage: the driver {error.name} is not installed: pip install 'hpsearch[postgres]'"
        ) from error
    session.listen(engine, url)
    watchdog.listen(engine)
    logging.getLogger("psycopg").addHandler(logging.NullHandler())  # a lost connection is our news to tell
    return engine


@contextmanager
def at_once(connection: Connection) -> Iterator[None]:
    """Send the writes inside without waiting for the answer to each; statements that return rows are refused.

    A claim holds the study against every other worker for as long as its statements travel: ten answers
    waited for one by one are ten times the way to the server, and a fleet claims no faster than that. SQLite
    is in this process, and nothing travels.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    base: Any = connection.dialect.loaded_dbapi
    try:
        with driver.pipeline():
            yield
            watched(connection)
    except base.Error as error:
        lost = connection.dialect.is_disconnect(error, driver, None)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            "(several statements)",
            None,
            error,
            base.Error,
            connection_invalidated=lost,
            dialect=connection.dialect,
        ) from error


def _connect_arguments(url: URL) -> dict[str, Any]:
    """Return what libpq is asked for."""
    ours: dict[str, Any] = {name: value for name, value in _LINK.items() if name not in url.query}
    if session.is_pooled(url):
        ours["prepare_threshold"] = None  # the address holds text, and psycopg's word for never is no text
    # Every text is UTF-8 on its way, whatever PGCLIENTENCODING, the role or the database says.
    return ours | {"options": session.startup_options(url), "client_encoding": "UTF8"}
