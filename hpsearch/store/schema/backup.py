"""A copy of a database while it is worked on."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from shlex import quote

from sqlalchemy.engine import URL

from hpsearch.errors import StorageError, to_type
from hpsearch.files import is_database, sync, whole_file
from hpsearch.store.database.connection import Database
from hpsearch.store.database.sqlite import check_file
from hpsearch.store.database.url import masked


def backup_database(database: Database, path: Path) -> None:
    """Copy a SQLite database, as it is at one moment, into another file; workers go on meanwhile.

    The copy is made beside ``path`` and checked; then it takes the place of an earlier one, at once.

    Args:
        database: What to copy.
        path: The copy. An earlier copy is replaced, any other file is not.

    Raises:
        StorageError: The copy cannot be there, or is damaged; or the database is on PostgreSQL: the message
            names the command that copies it.
    """
    if database.path is None:
        raise StorageError(_advice(database, path))
    try:
        _check_target(database.path, path)
        target = Path(os.path.realpath(path))
        with whole_file(target) as copy:
            copy.touch(mode=0o600)  # until it has the permissions of the database
            with database.translated():
                _copy(database, copy)
            shutil.copymode(database.path, copy)
        sync(target.parent)
    except OSError as error:
        raise StorageError(f"{path}: the copy cannot be made: {error.strerror}") from error


def _check_target(source: Path, path: Path) -> None:
    if path.is_dir():
        raise StorageError(f"{path}: expected a file to copy to, found a directory")
    check_file(path, create=True)
    if os.path.realpath(path) == os.path.realpath(source):
        raise StorageError(f"{path}: is the database itself; copy it to another file")
    if any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal")):
        raise StorageError(f"{path}: is a database in use; copy to another file")
    if path.exists() and path.stat().st_size and not is_database(path):
        raise StorageError(f"{path}: is no database; copy to another file, or remove it first")


def _copy(database: Database, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as target:
        database.copy_to(target)
        found = target.execute("PRAGMA integrity_check(1)").fetchone()
    if found != ("ok",):
        raise StorageError(
            f"{database.address}: the copy is damaged, so the file may be: {to_type('db check')}"
        )


def _advice(database: Database, path: Path) -> str:
    url = database.url
    address = masked(
        URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    )
    return (
        f"{database.address}: expected a SQLite file; a server's database is copied by its own program: "
        f"pg_dump --format=custom --file={quote(str(path))} {quote(address)}"
    )
