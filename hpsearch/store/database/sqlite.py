"""SQLite: one file, many processes."""

import re
import sqlite3
import warnings
from contextlib import closing
from functools import partial
from pathlib import Path
from stat import filemode
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from hpsearch.errors import NoDatabaseError, StorageError, StorageWarning, reason_of, to_type
from hpsearch.files import expect_text, home_hint, is_replaceable
from hpsearch.store.database.errors import LockedError, TransientError
from hpsearch.store.database.filesystem import may_read, may_write, network_file_system
from hpsearch.store.database.retry import poll

_CELL = re.compile(r"(NULL|NUMERIC|TEXT|BLOB|INT|REAL|non-\w+) value in ")
BUSY_TIMEOUT_S = 1.0
"""How long SQLite itself waits for a lock, at statements other than ``BEGIN IMMEDIATE``."""


def check_file(path: Path, *, create: bool) -> None:
    """Refuse a path that cannot hold a database.

    Raises:
        StorageError: What is there instead, and what to do.
    """
    try:
        _expect_place(path)
        is_there = path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # too long, out of bounds, a ring of links, a zero
        raise StorageError(f"{path}: expected a SQLite file, found: {reason_of(error)}") from None
    if is_there:
        if not may_read(path):
            raise StorageError(
                f"{path}: it may not be read by this user ({_mode(path)}); see its permissions"
            )
    elif not create:
        raise NoDatabaseError(f"{path}: there is no database yet; {to_type('start STUDY.toml')} makes one")


def _expect_place(path: Path) -> None:
    expect_text(path)  # before Python 3.13 a ring of links is a RuntimeError
    if path.is_dir():
        raise StorageError(f"{path}: expected a SQLite file, found a directory")
    if not path.parent.is_dir():
        raise StorageError(
            f"{path}: its folder {path.parent} does not exist{home_hint(path) or '; make it first'}"
        )
    if not is_replaceable(path):
        raise StorageError(f"{path}: expected a SQLite file, found a pipe or a device")


def warn_of_network(path: Path) -> None:
    """Warn where a file lies on another machine's disk."""
    if kind := network_file_system(path):
        warnings.warn(
            f"{path}: lies on a network file system ({kind}), where SQLite's locks may fail; "
            "for workers on several machines use PostgreSQL",
            StorageWarning,
            stacklevel=4,
        )


def expect_writable(path: Path) -> None:
    """Refuse to write a file that may only be read.

    Raises:
        StorageError: Names the file, or the folder, that stands in the way.
    """
    place = path if path.exists() and not may_write(path) else path.parent
    if not may_write(place):
        raise StorageError(
            f"{path}: {place} may not be written ({_mode(place)}); studies in it can be read, not worked on"
        )


def make_engine(url: URL, path: Path, *, create: bool, patience_s: float) -> Engine:
    """Return an engine whose transactions begin with the statement in the option ``hpsearch_begin``.

    Connections of a file that may not be written only read, each for one transaction.
    """
    path = path.absolute()
    writable = _is_writable(path)
    engine = sa.create_engine(
        url,
        creator=partial(_connect, path, mode="rwc" if create else "rw")
        if writable
        else partial(_peruse, path),
        poolclass=sa.QueuePool if writable else sa.NullPool,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", partial(_begin, patience_s=patience_s))
    if not writable:
        sa.event.listen(engine, "begin", partial(_note_state, path))
        sa.event.listen(engine, "commit", partial(_expect_unchanged, path))
    return engine


def take_any_text(connection: Connection) -> None:
    """Let a connection read text that is not UTF-8, each wrong byte as half a character.

    Otherwise it is an error that names no row. Decoding so takes longer: it is done once it is needed.
    """
    driver: Any = connection.connection.driver_connection
    driver.text_factory = _decoded


def is_undecodable(error: Exception) -> bool:
    """Return whether an error says that a text is not UTF-8."""
    return "Could not decode to UTF-8" in str(error)


def _decoded(text: bytes) -> str:
    return text.decode(errors="surrogateescape")


def damage(path: Path, *, most: int) -> list[str]:
    """Return at most so many signs of damage in a file; none in one that is sound.

    Raises:
        sqlite3.OperationalError: It cannot be looked at: locked, for one, says nothing of its health.
    """
    path = path.absolute()
    try:
        # Outside a transaction: that of a broken file cannot even end.
        with closing(_connect(path, mode="rw") if _is_writable(path) else _peruse(path)) as connection:
            told = connection.execute(f"PRAGMA integrity_check({most})").fetchall()
            orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(most)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return [f"the file is damaged: {error}"]
    # A cell of another type than its column's is what a program wrote: the file is sound, the row is not.
    texts = [f"the file is damaged: {text}" for (text,) in told if text != "ok" and not _CELL.match(text)]
    return texts + [
        f"row {key} of {table} belongs to a row of {owner} that is gone" for table, key, owner, _ in orphans
    ]


def _is_writable(path: Path) -> bool:
    return may_write(path if path.exists() else path.parent) and may_write(path.parent)


def _connect(path: Path, *, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(str(path))}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S, check_same_thread=False)


def _peruse(path: Path) -> sqlite3.Connection:
    """Open a file for reading alone.

    A file in WAL mode is not read without its index, and where nothing may be written that cannot be
    made. But when no process writes there is no -wal either, and the file can be read as it lies; whether
    it stayed so is looked at when the transaction ends.
    """
    return _connect(path, mode="ro" if _in_use(path) else "ro&immutable=1")


def _in_use(path: Path) -> bool:
    return any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))


def _note_state(path: Path, connection: Connection) -> None:
    connection.info["idle"] = None if _in_use(path) else _state(path)


def _expect_unchanged(path: Path, connection: Connection) -> None:
    before = connection.info["idle"]
    if before is not None and (_in_use(path) or before != _state(path)):
        raise TransientError(f"{path}: changed while it was read")


def _state(path: Path) -> tuple[int, int, int]:
    now = path.stat()
    return now.st_ino, now.st_size, now.st_mtime_ns


def _set_up(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late for a claim: transactions are begun by _begin.
    connection.isolation_level = None
    # NORMAL: with WAL a power cut may take the last commits back, never break the file; what is taken
    # back is computed again to the same bits.
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection, *, patience_s: float) -> None:
    begin = connection.get_execution_options().get("hpsearch_begin", "BEGIN")
    driver: Any = connection.connection.driver_connection
    if begin == "BEGIN IMMEDIATE":
        _begin_immediate(driver, patience_s=patience_s)
    elif begin:
        driver.execute(begin)


def _begin_immediate(driver: sqlite3.Connection, *, patience_s: float) -> None:
    """Take the write lock.

    SQLite's own waiting grows to pauses of 100 ms, in which the lock stands idle while several want it.
    """
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        if not poll(partial(_has_begun, driver), patience_s=patience_s):
            raise LockedError
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")


def _has_begun(driver: sqlite3.Connection) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise
    return True


def _mode(path: Path) -> str:
    return filemode(path.stat().st_mode)
