"""The address of a PostgreSQL: its options are obeyed, and what is wrong in it is named."""

import time
from contextlib import closing

import pytest
import sqlalchemy as sa

from hpsearch.errors import StorageError
from hpsearch.store import Ledger
from hpsearch.store.database.connection import Database, now


def test_the_address_goes_over_the_limits(server_url):
    """An option in the address is obeyed, and the others stay."""
    address = sa.make_url(server_url).update_query_dict(
        {"options": "-c lock_timeout=7000", "application_name": "me"}
    )
    with closing(Database(address.render_as_string(hide_password=False))) as database:
        show = sa.text("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        assert database.read(lambda c: tuple(c.execute(show).one())) == ("7s", "30s")
        assert database.read(lambda c: c.scalar(sa.text("SHOW application_name"))) == "me"


def test_statements_are_prepared_unless_the_address_says_otherwise(server_url):
    """A pooler that gives each transaction another connection has no place for prepared statements."""
    address = sa.make_url(server_url).update_query_dict({"prepare_threshold": "none"})
    thresholds = []
    for each in (server_url, address.render_as_string(hide_password=False)):
        with closing(Database(each)) as database:
            thresholds.append(database.read(lambda c: c.connection.driver_connection.prepare_threshold))
    assert thresholds == [5, None]


WRONG = {
    "port": (lambda url: url.set(port=1), r"port 1: is it running, and are HOST and PORT right\?"),
    "impossible port": (lambda url: url.set(port=99999), "PORT is not a number from 1 to 65535"),
    "host": (lambda url: url.set(host="nowhere.invalid"), r"at nowhere\.invalid, .*no HOST of that name"),
    "password": (lambda url: url.set(password="c4nary"), "USER or PASSWORD is wrong"),
    "user": (lambda url: url.set(username="nobody-here"), "USER or PASSWORD is wrong"),
    "database": (lambda url: url.set(database="nothing"), "there is no database NAME; create it, or correct"),
    "option": (lambda url: url.update_query_dict({"sslmode": "c"}), r"an option after \? is wrong"),
    "TLS": (lambda url: url.update_query_dict({"sslmode": "require"}), r"an option after \? is wrong"),
}


@pytest.mark.parametrize("part", WRONG)
def test_fault_45_the_part_of_the_address_that_is_wrong_is_named(server_url, postgres, part):
    """One line, soon; no password in it, nor in what it came from."""
    change, message = WRONG[part]
    address = change(sa.make_url(server_url)).render_as_string(hide_password=False)
    database = Database(address, patience_s=0.3)
    with closing(database), pytest.raises(StorageError, match=message) as caught:
        database.read(now)
    told = f"{caught.value} {caught.value.__cause__!r}"
    assert "\n" not in str(caught.value)
    assert "c4nary" not in told
    assert postgres.password not in told


@pytest.mark.parametrize("verb", ["start", "read"])
def test_fault_45_a_role_without_rights(server_url, postgres, verb):
    """A role that may connect and nothing else: the rights are named, at once."""
    name = sa.make_url(server_url).database
    role = f"role_{name}"
    postgres.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'geheim'")
    address = (
        sa.make_url(server_url).set(username=role, password="geheim").render_as_string(hide_password=False)
    )
    try:
        if verb == "read":
            Ledger(server_url, create=True).close()
        began = time.monotonic()
        with pytest.raises(
            StorageError, match=r"permission denied for (schema|table) .*; USER has not the rights"
        ):
            Ledger(address, create=verb == "start")
        assert time.monotonic() - began < 10
    finally:
        postgres.execute(f"DROP ROLE {role}")
