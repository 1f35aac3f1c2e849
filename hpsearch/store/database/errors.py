"""Errors of a database: which are transient, and the message for each of the others."""

import re
import sqlite3
from collections.abc import Mapping

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hpsearch.store.database.session import READ_ONLY
from hpsearch.store.database.url import masked


class TransientError(Exception):
    """A transaction must be tried again, for a reason that the driver did not raise."""


class LockedError(Exception):
    """Another process has held the write lock of a SQLite file for too long."""


# SQLITE_PROTOCOL is a lost race for the -wal file's index.
_TRANSIENT_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}

_TRANSIENT_CLASSES = ("08",)
_TRANSIENT_SQLSTATES = {
    "25006",  # read only for now: a server that has just failed over, or an operator's order
    "23505",  # another process took a unique key at the same moment: the next try finds its row
    "25P03",  # idle in transaction for too long
    "25P04",  # transaction for too long
    "40001",  # serialization failure
    "40P01",  # deadlock
    "53300",  # too many connections
    "55P03",  # a lock was not had in time
    "57014",  # a statement took too long
    "57P01",  # the server shuts down
    "57P02",  # the server has crashed
    "57P03",  # the server starts up
    "57P05",  # idle for too long
}

# While a connection is made, libpq reports a text and no code. What is not named here is tried again.
_REFUSED_FOR_GOOD = {
    r"authentication failed|no password supplied|role \".*\" does not exist": "USER or PASSWORD is wrong",
    r"no pg_hba\.conf entry|role \".*\" is not permitted": "the server does not let USER in from here",
    r"database \".*\" does not exist": "there is no database NAME; create it, or correct the address",
    r"permission denied for database": "USER may not connect to the database NAME",
    r"(failed to resolve host|could not translate host name)(?!.*Temporary)": "there is no HOST of that name",
    r"invalid port number|invalid integer value": "PORT is not a number from 1 to 65535",
    r"unsupported startup parameter": "a pooler is in front: add the option prepare_threshold=none after ?",
    r"invalid connection option|invalid .* value|(requir|support) SSL": "an option after ? is wrong",
}
"""Pattern of a message -> which part of ``USER:PASSWORD@HOST:PORT/NAME`` is wrong."""

_REFUSED_FOR_NOW = {
    r"too many connections for role": "no connection is left; ALTER ROLE USER CONNECTION LIMIT n, "
    "or use fewer workers",
    r"too many connections for database": "no connection is left; ALTER DATABASE NAME CONNECTION LIMIT n, "
    "or use fewer workers",
    r"too many|slots are reserved": "no connection is left; raise its max_connections, or use fewer workers",
    r"starting up|shutting down|recovery": "it is starting or stopping",
}
"""Pattern of a message -> what is the matter."""

_LOCKED = "database is locked by another process; close what has it open, then try again"
DAMAGED = "the file is damaged: restore a copy, or choose another with --storage"
_REMEDIES_SQLITE = {
    sqlite3.SQLITE_PERM: "check the permissions of the file and its folder",
    sqlite3.SQLITE_READONLY: "the file or its folder may not be written",
    sqlite3.SQLITE_CANTOPEN: "check the path, its permissions, and `ulimit -n`",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: "the file is something else: choose another with --storage",
    sqlite3.SQLITE_FULL: "free some space, then start again: nothing finished is lost",
    sqlite3.SQLITE_IOERR: "is there space left, and does `ulimit -f` allow it? nothing finished is lost",
}
"""SQLite's result code -> what to do."""

_REMEDIES_POSTGRES = {
    "22P05": "its encoding cannot hold this text; make a database with the encoding UTF8",
    "25006": READ_ONLY,
    "42501": "USER has not the rights: grant them, or connect as the owner",
    "42P01": "a table is missing: hpsearch start STUDY.toml makes those that are not there",
    "53100": "free some space on the server, then start again: nothing finished is lost",
    "53300": "raise the server's max_connections, or use fewer workers",
    "55P03": "another session holds a lock: see pg_stat_activity",
    "57014": "a statement took too long: is the server overloaded?",
}
"""SQLSTATE -> what to do."""


def is_transient(error: Exception) -> bool:
    """Return whether the same transaction may succeed a little later."""
    if isinstance(error, TransientError | PoolTimeoutError):
        return True
    cause = _cause(error)
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(cause) in _TRANSIENT_SQLITE
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return state in _TRANSIENT_SQLSTATES or state.startswith(_TRANSIENT_CLASSES)
    return _is_of_the_connection(error) and _refusal(str(cause)) is None


def explain(error: Exception, url: URL) -> str:
    """Return one line: the database, what went wrong, what to do; never a password."""
    cause = _cause(error)
    line = str(cause).strip().split("\n")[0]
    if isinstance(cause, LockedError):
        line = _LOCKED
    elif isinstance(cause, sqlite3.Error):
        line = _explain_sqlite(cause, line)
    elif isinstance(error, DBAPIError):
        line = _explain_postgres(error, line, url)
    return f"{masked(url)}: {line}"


def _cause(error: Exception) -> BaseException:
    """Return what the driver raised."""
    return (error.orig if isinstance(error, DBAPIError) else None) or error


def _is_of_the_connection(error: Exception) -> bool:
    """Return whether a connection was lost, or could not be made: an error of the server has a code."""
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or (code is None and isinstance(error, OperationalError))


def _explain_sqlite(cause: sqlite3.Error, line: str) -> str:
    if _sqlite_code(cause) in _TRANSIENT_SQLITE:
        return _LOCKED
    if "foreign key" in line.lower():
        return f"{line}; the study was deleted while it was worked on"
    remedy = _REMEDIES_SQLITE.get(_sqlite_code(cause))
    return f"{line}; {remedy}" if remedy else line


def _explain_postgres(error: DBAPIError, line: str, url: URL) -> str:
    if _is_of_the_connection(error):
        host = url.host or url.query.get("host") or "localhost"
        port = url.port or url.query.get("port") or 5432
        advice = _refusal(line) or _first_match(_REFUSED_FOR_NOW, line)
        advice = advice or "is it running, and are HOST and PORT right?"
        return f"cannot use the server at {host}, port {port}: {advice} ({line})"
    remedy = _REMEDIES_POSTGRES.get(getattr(error.orig, "sqlstate", None) or "")
    return f"{line}; {remedy}" if remedy else line


def _refusal(text: str) -> str | None:
    """Return which part of the address a server refuses for good, where it says so."""
    return _first_match(_REFUSED_FOR_GOOD, text)


def _first_match(texts: Mapping[str, str], text: str) -> str | None:
    return next((advice for pattern, advice in texts.items() if re.search(pattern, text)), None)


def _sqlite_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
