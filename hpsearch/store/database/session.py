"""What a session on PostgreSQL needs, whatever its server, database, role or environment has set.

A server's settings must not change a study: ``extra_float_digits`` alone, set to 0 for a role, rounds every
number that is read. So each session says what it needs, and what it is given is looked at.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from hpsearch.errors import StorageError

STATEMENT_S = 30

NEEDED: Mapping[str, tuple[str, ...]] = {
    "extra_float_digits": ("1", "2", "3"),  # from 1 on a float is read as it was written, below it is rounded
    "quote_all_identifiers": ("off",),  # the names of types are read from the catalog
    "standard_conforming_strings": ("on",),
    "array_nulls": ("on",),
}
"""Setting -> the values under which a study is what it is; a session asks for the first of them."""

ENCODINGS = ("UTF8", "SQL_ASCII")
"""The encodings of a database that hold every text: ``SQL_ASCII`` keeps bytes as they come."""

READ_ONLY = (
    "found one that is read only: a standby, or default_transaction_read_only is on; "
    "name the primary, or ALTER ROLE USER SET default_transaction_read_only = off"
)

_LIMITS = {
    "statement_timeout": f"{STATEMENT_S}s",
    "lock_timeout": "10s",
    # A machine that vanishes in the middle of a claim leaves the study locked for all others until then.
    "idle_in_transaction_session_timeout": "20s",
}
"""Setting -> value, with its unit; what the address says goes over them."""

_PLANS = {
    # A session keeps the plans of its statements. Made while the tables are nearly empty, they would walk
    # through all of a table for a few rows, and still do so when it has grown.
    "enable_seqscan": "off",
    "jit": "off",  # older servers take what they were told to avoid for expensive, and compile it
}
"""How statements are planned; what the address says goes over it."""

_LINK = {
    # A connection whose server does not answer ends after 30 s: the system's own time is two hours, and the
    # connections of machines that have gone would use up max_connections.
    "tcp_keepalives_idle": "10s",
    "tcp_keepalives_interval": "5s",
    "tcp_keepalives_count": "4",
    "tcp_user_timeout": "30s",
}
"""The limits of the link from the server's side; a pooler has its own."""

_LATER = {"idle_session_timeout": 14, "transaction_timeout": 17}
"""Limit -> the first version that has it; older ones refuse a session that names it.

An idle session holds the lock under which tables are made, and making them is a long transaction: neither
has a limit here.
"""


def startup_options(url: URL) -> str:
    """Return what the server is asked for when a session starts, in libpq's ``options``.

    The address goes over the limits, and not over what a study needs.
    """
    own = _one(url.query.get("options", ""))
    if is_pooled(url):
        return own
    limits = " ".join(f"-c {name}={value}" for name, value in (_LIMITS | _PLANS | _LINK).items())
    needs = " ".join(f"-c {name}={values[0]}" for name, values in NEEDED.items())
    return f"{limits} {own} {needs}".replace("  ", " ")


def is_pooled(url: URL) -> bool:
    """Return whether an address says that a pooler gives each transaction a session of its own."""
    return _one(url.query.get("prepare_threshold", "")) == "none"


def listen(engine: Engine, url: URL) -> None:
    """Let every session of an engine be looked at before it is used."""
    if is_pooled(url):
        sa.event.listen(engine, "begin", _say_in_transaction)
    # Before the dialect asks its own questions: a limit may be too short for them.
    sa.event.listen(engine, "connect", lambda driver, _record: _look_at(driver, url), insert=True)


def expect_writable(connection: Connection) -> None:
    """Refuse a server that may only be read.

    Raises:
        StorageError: What to do.
    """
    if connection.scalar(sa.text("SELECT current_setting('transaction_read_only')")) == "on":
        raise StorageError(f"storage: expected a database that may be written, {READ_ONLY}")


def expect_every_text(connection: Connection) -> None:
    """Refuse to make tables in an encoding that cannot hold every text.

    Raises:
        StorageError: What was found and what to do.
    """
    encoding = connection.scalar(sa.text("SELECT current_setting('server_encoding')"))
    if encoding not in ENCODINGS:
        raise StorageError(
            f"storage: expected a database with the encoding UTF8, which holds every text, found {encoding}; "
            "make another: createdb --encoding=UTF8 --template=template0 NAME"
        )


def _say_in_transaction(connection: Connection) -> None:
    # What a session was given at its start is another client's by the next transaction.
    connection.exec_driver_sql(_IN_TRANSACTION).close()


def _look_at(driver: Any, url: URL) -> None:
    """Lift the limits that no option can lift, and refuse a session that is not given what a study needs.

    Raises:
        StorageError: Names the setting and what to do.
    """
    try:
        shown = _one_row(driver, _question(driver.info.server_version // 10_000, url))
        _expect_schema(shown.pop("schema"))
        if not is_pooled(url):
            _expect_needed(shown)
    except BaseException:
        driver.close()
        raise


def _one_row(driver: Any, question: str) -> dict[str, Any]:
    # Without a transaction around it: one round trip instead of three.
    driver.autocommit = True
    cursor = driver.execute(question)
    row = cursor.fetchone()
    driver.autocommit = False
    return {column.name: value for column, value in zip(cursor.description, row, strict=True)}


def _question(version: int, url: URL) -> str:
    lifted = [name for name, since in _LATER.items() if version >= since and not is_pooled(url)]
    asked = [
        "current_schema() AS schema",
        *(f"current_setting('{name}') AS {name}" for name in NEEDED),
        *(f"set_config('{name}', '0', false) AS {name}" for name in lifted),
    ]
    return f"SELECT {', '.join(asked)}"


def _expect_schema(schema: str | None) -> None:
    if schema is None:
        raise StorageError(
            "storage: expected a schema to work in, found a search_path with none that USER may use; "
            "ALTER ROLE USER SET search_path = public, or another, and GRANT USAGE ON SCHEMA"
        )


def _expect_needed(shown: Mapping[str, Any]) -> None:
    for name, values in NEEDED.items():
        if shown[name] not in values:
            raise StorageError(
                f"storage: expected a session with {name} = {values[0]}, found {shown[name]}: "
                "a pooler has dropped what hpsearch asks for; add the option prepare_threshold=none "
                "after ? in the address, so that each transaction asks for it"
            )


def _one(option: str | tuple[str, ...]) -> str:
    """Return an option of an address; of one that is given twice, all of it."""
    return option if isinstance(option, str) else " ".join(option)


_IN_TRANSACTION = "SELECT " + ", ".join(
    f"set_config('{name}', '{value}', true)"
    for name, value in (_LIMITS | _PLANS | {name: values[0] for name, values in NEEDED.items()}).items()
)
