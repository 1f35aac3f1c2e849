"""Optuna's own storage object on the database, as optuna-dashboard needs it."""

import sqlite3
from typing import Any

import sqlalchemy as sa
from optuna.exceptions import StorageInternalError
from optuna.storages import RDBStorage
from sqlalchemy.engine import Engine

from hpsearch.store import Database

BUSY_TIMEOUT_S = 30.0


def open_storage(database: Database, *, allow_edit: bool) -> RDBStorage:
    """Return Optuna's storage on a database; its connections cannot write unless ``allow_edit``.

    The guard refuses what would write. That a page which is only looked at writes nothing either is not
    left to optuna-dashboard: the database itself refuses.

    Raises:
        StorageError: The database is damaged.
    """
    patience = {"connect_args": {"timeout": BUSY_TIMEOUT_S}} if database.path else {}
    try:
        storage = RDBStorage(
            database.optuna_url,
            engine_kwargs={"hide_parameters": True} | patience | database.optuna_options(),
            skip_table_creation=True,
        )
    except StorageInternalError as error:  # Optuna only guesses at the reason; the cause is known
        with database.translated():
            raise (error.__cause__ or error) from None
    if not allow_edit:
        storage.remove_session()
        storage.engine.dispose()
        sa.event.listen(storage.engine, "connect", _only_read)
    return storage


def close_storage(storage: RDBStorage) -> None:
    """Close every connection."""
    storage.remove_session()
    engine: Engine = storage.engine
    engine.dispose()


def _only_read(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.read_only = (
            True  # of psycopg: said at each BEGIN, so a shared server connection forgets it
        )
