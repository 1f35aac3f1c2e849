"""PostgreSQL: one server, many machines."""

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from hpsearch.errors import StorageError


def make_engine(url: URL) -> Engine:
    """Return an engine whose connections never wait for ever."""
    try:
        return sa.create_engine(
            url, connect_args={"connect_timeout": 10}, pool_pre_ping=True, hide_parameters=True
        )
    except ImportError as error:
        raise StorageError(
            f"storage: the driver {error.name} is not installed: pip install 'hpsearch[postgres]'"
        ) from error
