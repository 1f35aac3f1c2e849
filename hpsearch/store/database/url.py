"""The address of a database: what it may be, and how it may be shown."""

import re
from pathlib import Path
from shlex import quote
from urllib.parse import unquote

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from hpsearch.errors import StorageError

DRIVERS = {"sqlite": ("pysqlite",), "postgresql": ("psycopg",)}
"""Kind of database -> drivers that an address may name; the first one is what hpsearch uses."""

SECRET_OPTIONS = ("oauth_client_secret", "password", "scram_client_key", "scram_server_key", "sslpassword")
"""Options whose values are never shown."""

_NAMES = """
    application_name autocommit channel_binding client_encoding connect_timeout dbname
    fallback_application_name gssdelegation gssencmode gsslib host hostaddr keepalives keepalives_count
    keepalives_idle keepalives_interval krbsrvname load_balance_hosts max_protocol_version
    min_protocol_version oauth_client_id oauth_issuer oauth_scope options passfile port prepare_threshold
    replication require_auth requirepeer requiressl service servicefile ssl_max_protocol_version
    ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl sslcrldir sslkey sslkeylogfile
    sslmode sslnegotiation sslrootcert sslsni target_session_attrs tcp_user_timeout user
"""
# An option of another name may be the rest of a password: "?password=a&b=c" has the option b.
OPTIONS = frozenset((*_NAMES.split(), *SECRET_OPTIONS))
"""What may stand after the ? of a server's address: the options of libpq 18, and two of psycopg."""

_EXPECTED = "storage: expected sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME"
_USER = re.compile(r"^[^:]*://([^:/@]*(:[^@]*)?@)?")
_ENCODE = "write @ : / ? # % in a user's name or password as %40 %3A %2F %3F %23 %25"
_KEYWORDS = (
    f"{_EXPECTED}, found keywords of libpq: write user=U password=P host=H port=N dbname=D as "
    f"postgresql+psycopg://U:P@H:N/D, and any other keyword after a ?, as in /D?service=S; {_ENCODE}"
)
_OF_KEYWORDS = re.compile(r"\s*[a-z_]+\s*=", re.IGNORECASE)
_A_FILE = re.compile(r"[\w.~/?-]+")
# The parts as SQLAlchemy finds them, before it takes away percent signs and what it does not understand.
_PARTS = re.compile(
    r"[\w+]+://(?:(?P<user>[^:/]*)(?::(?P<password>[^@]*))?@)?(?P<host>\[[^/?]+\]|[^/:?]+)?"
    r"(?::[^/?]*)?(?:/(?P<name>[^?]*))?(?:\?(?P<query>.*))?"
)
_FOREIGN = {"user": set(":/?&="), "host": set("@%?&=#"), "name": set("@:?")}
"""Part that is shown -> characters by which one sees that a piece of a password has got into it."""
_LIKE_A_PASSWORD = re.compile(r":.*@|pass(?:word|wd|phrase)?\s*=|pwd\s*=", re.IGNORECASE | re.DOTALL)


def parse(url: str) -> URL:
    """Return an address in parts.

    Raises:
        StorageError: It is malformed, or of a kind that hpsearch does not know. The message shows none of it,
            unless it can only be a file.
    """
    if not isinstance(url, str):
        raise StorageError(f"{_EXPECTED}, found a {type(url).__name__} instead of a text")
    if _OF_KEYWORDS.match(url):
        raise StorageError(_KEYWORDS)
    if url != url.strip():
        raise StorageError(f"{_EXPECTED}, found blanks or line breaks around it; take them away")
    try:
        parsed = sa.make_url(url)
        kind = parsed.get_backend_name()
    except (ArgumentError, ValueError):  # their texts may quote the address, password and all
        if _A_FILE.fullmatch(url):
            raise StorageError(f"{_EXPECTED}, found {url!r}; did you mean {_without_tilde(url)}?") from None
        advice = f"; {_ENCODE}" if re.search("@|%40", url) else ""
        raise StorageError(f"{_EXPECTED}, found something else{advice}") from None
    if kind not in DRIVERS:
        example = "postgresql+psycopg://USER@HOST/NAME" if kind == "postgres" else "sqlite:///hpsearch.db"
        raise StorageError(
            "storage: expected a database of kind sqlite or postgresql, "
            f"found {kind!r}; for example {example}"
        )
    _expect_whole_options(url, kind)
    driver = parsed.drivername.partition("+")[2]
    if driver and driver not in DRIVERS[kind]:
        raise StorageError(f"storage: expected {kind}+{DRIVERS[kind][0]}://..., found the driver {driver!r}")
    _expect_no_stray_password(url, kind)
    return parsed if driver or kind == "sqlite" else parsed.set(drivername=f"{kind}+{DRIVERS[kind][0]}")


def masked(url: str | URL) -> str:
    """Return an address as it may be shown: without the password.

    Raises:
        StorageError: It is none; the message shows none of it.
    """
    parsed = parse(url) if isinstance(url, str) else url
    hidden = {name: "***" for name in SECRET_OPTIONS if name in parsed.query}
    return parsed.update_query_dict(hidden).render_as_string(hide_password=True)


def address_flag(url: str) -> str:
    """Return the flag that names a database on the command line, with a blank before it.

    An address with a password is not written out: the flag names the variable that may hold it.

    Raises:
        StorageError: It is none.

    Example:
        >>> address_flag("sqlite:///a b.db"), address_flag("postgresql://me:secret@host/db")
        (" --storage 'sqlite:///a b.db'", ' --storage "$HPSEARCH_STORAGE"')
    """
    is_secret = masked(url) != parse(url).render_as_string(hide_password=False)
    return ' --storage "$HPSEARCH_STORAGE"' if is_secret else f" --storage {quote(url)}"


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


def _expect_no_stray_password(url: str, kind: str) -> None:
    """Refuse an address of which a part that is shown may hold a piece of a password."""
    if kind == "sqlite":
        file = url.partition("://")[2]
        if "://" in file or _OF_KEYWORDS.match(file.lstrip("/")):
            raise StorageError(f"{_EXPECTED}, found the address of a server as the name of a file")
        return
    written = _PARTS.fullmatch(url)
    if written is None:
        raise StorageError(f"{_EXPECTED}, found something else; {_ENCODE}")
    query, has_password = written["query"], written["password"] is not None
    strayed = any(chars & set(_decoded(written[part])) for part, chars in _FOREIGN.items() if written[part])
    if (
        strayed
        or (has_password and "@" in (query or ""))
        or _LIKE_A_PASSWORD.search(written["password"] or "")
    ):
        raise StorageError(f"{_EXPECTED}, found more than one @, or a password in another place; {_ENCODE}")
    for option in query.split("&") if query else ():
        name, equals, value = option.partition("=")
        if not equals or unquote(name) not in OPTIONS:
            raise StorageError(
                f"{_EXPECTED}, found an option after ? that PostgreSQL does not have; "
                "write its name in small letters, and & = + % in a value as %26 %3D %2B %25"
            )
        if unquote(name) not in SECRET_OPTIONS and _LIKE_A_PASSWORD.search(_decoded(value)):
            raise StorageError(f"{_EXPECTED}, found a password in the option {unquote(name)!r}; {_ENCODE}")


def _decoded(part: str) -> str:
    """Return a part without its percent signs, in whatever layers they were written."""
    while (plain := unquote(part)) != part:
        part = plain
    return part
