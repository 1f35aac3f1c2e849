"""The address of a database: what it may be, and how it may be shown."""

import re
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from hpsearch.errors import StorageError

DRIVERS = {"sqlite": ("pysqlite",), "postgresql": ("psycopg",)}
"""Kind of database -> drivers that an address may name; the first one is what hpsearch uses."""

_SECRET_OPTIONS = ("password", "sslpassword")
_EXPECTED = "storage: expected sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME"
_USER = re.compile(r"^[^:]*://([^:/@]*(:[^@]*)?@)?")
_ENCODE = "write @ : / ? # % in a user's name or password as %40 %3A %2F %3F %23 %25"


def parse(url: str) -> URL:
    """Return an address in parts.

    Raises:
        StorageError: It is malformed, or of a kind that hpsearch does not know. The message shows none of it.
    """
    try:
        parsed = sa.make_url(url)
        kind = parsed.get_backend_name()
    except (ArgumentError, ValueError):  # their texts quote the address, password and all
        # What has no colon is no address, so no password either: a file, most likely.
        advice = f"; {_ENCODE}" if "@" in url else ""
        if url.strip() and not {"@", ":"} & set(url):
            raise StorageError(f"{_EXPECTED}, found {url!r}; did you mean {_without_tilde(url)}?") from None
        raise StorageError(f"{_EXPECTED}, found something else{advice}") from None
    if kind not in DRIVERS:
        raise StorageError(
            f"storage: expected a database of kind sqlite or postgresql, found {kind!r}; "
            "for example sqlite:///hpsearch.db"
        )
    if "@" in (parsed.host or ""):  # half a password: "p@ss" ends at its first "@"
        raise StorageError(f"{_EXPECTED}, found more than one @; {_ENCODE}")
    _expect_whole_options(url, kind)
    driver = parsed.drivername.partition("+")[2]
    if driver and driver not in DRIVERS[kind]:
        raise StorageError(f"storage: expected {kind}+{DRIVERS[kind][0]}://..., found the driver {driver!r}")
    return parsed if driver or kind == "sqlite" else parsed.set(drivername=f"{kind}+{DRIVERS[kind][0]}")


def masked(url: str | URL) -> str:
    """Return an address as it may be shown: without the password.

    Raises:
        StorageError: It is none; the message shows none of it.
    """
    parsed = parse(url) if isinstance(url, str) else url
    hidden = {name: "***" for name in _SECRET_OPTIONS if name in parsed.query}
    return parsed.update_query_dict(hidden).render_as_string(hide_password=True)


def sqlite_path(url: URL) -> Path | None:
    """Return the file that an address names, or ``None`` where it names a server.

    Raises:
        StorageError: The address names a database in memory, or more than a file.
    """
    if url.get_backend_name() != "sqlite":
        return None
    if url.host or url.username:
        raise StorageError("storage: expected sqlite:///FILE, with three slashes and no options after it")
    if not url.database or url.database == ":memory:":
        raise StorageError(
            "storage: expected a file that all workers can open, found a database in memory; "
            "for example sqlite:///hpsearch.db"
        )
    if url.database.startswith("~"):
        raise StorageError(
            f"storage: expected the path of a file, found {url.database!r}; only a shell reads ~ as a home "
            f"folder: write {_without_tilde(url.database)}, or sqlite:///./~... for a file of that name"
        )
    return Path(url.database)


def sqlite_address(path: Path) -> str:
    """Return the address of a SQLite file, which SQLAlchemy, and so Optuna, reads as that very file."""
    text = str(path)
    begin = "./" if text.startswith(("~", ":")) else ""  # else refused, or a database in memory
    return URL.create("sqlite", database=begin + text).render_as_string()


def _without_tilde(path: str) -> str:
    """Return the address that a path with ~ stands for, with the home folder written out."""
    try:
        return sqlite_address(Path(path).expanduser())
    except RuntimeError:  # no such user
        return "sqlite:////HOME/FILE"


def _expect_whole_options(url: str, kind: str) -> None:
    """Refuse what SQLAlchemy drops without a word: whatever follows a ? and is no NAME=VALUE.

    Raises:
        StorageError: It does not show the options: one may be a password.
    """
    if kind == "sqlite" and "?" in url:
        raise StorageError(
            "storage: expected sqlite:///FILE, with three slashes and no options after it, found a ?; "
            "write a ? in the file's path as %3F"
        )
    _, mark, options = _USER.sub("", url).partition("?")
    if mark and any(not value for option in options.split("&") for value in option.partition("=")[::2]):
        raise StorageError(f"storage: expected NAME=VALUE after the ?, found something else; {_ENCODE}")
