"""The lock under which tables are made: one process at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import StorageError
from hpsearch.store.database.connection import Database
from hpsearch.store.database.retry import poll

LONGEST_SETUP_S = 60.0
"""Making the tables takes seconds at most; a process that takes longer is stuck."""

ADVISORY_LOCK = 0x68707365
"""PostgreSQL's key of the lock: "hpse"."""


@contextmanager
def one_at_a_time(database: Database) -> Iterator[None]:
    """Hold the lock under which tables are made.

    Raises:
        StorageError: Another process holds it for too long, or the server is lost.
    """
    patience_s = max(database.patience_s, LONGEST_SETUP_S)
    with (
        _server_lock(database, patience_s) if database.path is None else _file_lock(database.path, patience_s)
    ):
        yield


@contextmanager
def _server_lock(database: Database, patience_s: float) -> Iterator[None]:
    with database.translated(), database.engine.connect() as plain:
        # No transaction: one that idles as long as the tables take would be ended by the server.
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        if not poll(partial(_has_advisory_lock, connection), patience_s=patience_s):
            raise _stuck(database.address)
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(ADVISORY_LOCK)))


def _has_advisory_lock(connection: Connection) -> bool:
    return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(ADVISORY_LOCK))))


@contextmanager
def _file_lock(path: Path, patience_s: float) -> Iterator[None]:
    descriptor = _open(path.resolve())
    try:
        if not poll(partial(_has_file_lock, descriptor), patience_s=patience_s):
            raise _stuck(str(path))
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """Return the descriptor of what is locked.

    It is the folder: SQLite's own locks on a file are lost when any other descriptor of it is closed, and a
    lock file beside it would be litter. But NFS does not lock folders.
    """
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError:
        folder = -1
    try:
        fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return folder
    except (OSError, ValueError):
        if folder >= 0:
            os.close(folder)
        return os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o666)
    return folder


def _has_file_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stuck(where: str) -> StorageError:
    return StorageError(f"{where}: another process has been making the tables for too long; is it stopped?")
