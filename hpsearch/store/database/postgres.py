"""PostgreSQL: one server, many machines."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError

from hpsearch.errors import StorageError
from hpsearch.store.database.watchdog import Watchdog, watched

CONNECT_S = 10
STATEMENT_S = 30
HANG_S = 35.0
"""Longer than a statement may take: the watchdog is for servers that do not answer at all."""

_SERVER_LIMITS = {
    "statement_timeout": f"{STATEMENT_S}s",
    "lock_timeout": "10s",
    # A machine that vanishes in the middle of a claim leaves the study locked for all others until then.
    "idle_in_transaction_session_timeout": "20s",
    # A connection whose server does not answer ends after 30 s: the system's own time is two hours, and the
    # connections of machines that have gone would use up max_connections.
    "tcp_keepalives_idle": "10s",
    "tcp_keepalives_interval": "5s",
    "tcp_keepalives_count": "4",
    "tcp_user_timeout": "30s",
}
"""Setting -> value, with its unit."""

_LINK = {
    "connect_timeout": CONNECT_S,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
    "application_name": "hpsearch",
}


def make_engine(url: URL, watchdog: Watchdog) -> Engine:
    """Return an engine whose connections never wait for ever.

    It has no ping before a transaction: one that finds its connection lost is tried again on a new one.

    Raises:
        StorageError: The driver is not installed.
    """
    try:
        engine = sa.create_engine(url, connect_args=_connect_arguments(url), hide_parameters=True)
    except ImportError as error:
        raise StorageError(
            f"storage: the driver {error.name} is not installed: pip install 'hpsearch[postgres]'"
        ) from error
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
    """Return what libpq is told; what the address says goes over it."""
    limits = " ".join(f"-c {name}={value}" for name, value in _SERVER_LIMITS.items())
    own = url.query.get("options", "")
    ours = {name: value for name, value in _LINK.items() if name not in url.query}
    if url.query.get("prepare_threshold") == "none":
        ours["prepare_threshold"] = None  # the address holds text, and psycopg's word for never is no text
    return ours | {"options": f"{limits} {own}".strip()}
