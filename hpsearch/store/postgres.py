"""PostgreSQL: one server, many machines."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from hpsearch.errors import StorageError
from hpsearch.store.watchdog import Watchdog

CONNECT_S = 10
STATEMENT_S = 30
HANG_S = 35.0
"""Longer than a statement may take: the watchdog is for servers that do not answer at all."""

_SERVER_LIMITS = {
    "statement_timeout": f"{STATEMENT_S}s",
    "lock_timeout": "10s",
    # A machine that vanishes in the middle of a claim leaves the study locked for all others until then.
    "idle_in_transaction_session_timeout": "20s",
    # Where nobody answers any more a connection ends after 30 s: the system's own time is two hours, and the
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
    return engine


def _connect_arguments(url: URL) -> dict[str, Any]:
    """Return what libpq is told; what the address says goes over it."""
    limits = " ".join(f"-c {name}={value}" for name, value in _SERVER_LIMITS.items())
    own = url.query.get("options", "")
    ours = {name: value for name, value in _LINK.items() if name not in url.query}
    return ours | {"options": f"{limits} {own}".strip()}
