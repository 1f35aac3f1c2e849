"""A whole study on a server whose settings are all unusual at once, by real commands and real workers."""

import csv
import secrets
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.long

UNUSUAL = {
    "extra_float_digits": "-15",
    "DateStyle": "'German, DMY'",
    "IntervalStyle": "iso_8601",
    "TimeZone": "'Asia/Kathmandu'",
    "client_encoding": "SQL_ASCII",
    "standard_conforming_strings": "off",
    "backslash_quote": "off",
    "bytea_output": "escape",
    "quote_all_identifiers": "on",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "idle_in_transaction_session_timeout": "30",
    "idle_session_timeout": "200",
    "statement_timeout": "20",
    "lock_timeout": "1",
    "transaction_timeout": "20",
    "row_security": "off",
    "synchronous_commit": "off",
    "array_nulls": "off",
    "enable_seqscan": "off",
    "debug_parallel_query": "on",
    "search_path": "mine, public",
}
"""Setting -> value: each has its reason somewhere, no server has them all."""


@contextmanager
def role(postgres, *orders):
    """Give the address of a role with a database of its own, after orders about ``{role}``."""
    name = f"hps_{secrets.token_hex(6)}"
    postgres.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'geheim'")
    try:
        postgres.execute(f"CREATE DATABASE {name} OWNER {name}")
        postgres.execute(f"CREATE SCHEMA mine AUTHORIZATION {name}", name)
        for order in orders:
            postgres.execute(order.format(role=name))
        url = sa.make_url(postgres.url(name)).set(username=name, password="geheim")
        yield url.render_as_string(hide_password=False)
    finally:
        postgres.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        postgres.execute(f"DROP ROLE {name}")


def timeless(table):
    """Return the rows of an exported table without its times."""
    rows = list(csv.DictReader(table.splitlines()))
    return [{k: v for k, v in row.items() if k not in {"started", "ended", "seconds"}} for row in rows]


READ = {
    "status": ("status",),
    "report": ("report", "--output", "report.html"),
    "export": ("export", "--output", "trials.csv"),
    "replay": ("replay",),
    "check": ("db", "check"),
    "list": ("list",),
}
"""What is asked of a finished study."""


def test_fault_61_a_study_on_a_server_with_unusual_settings(program, finished, postgres):
    """Tables are made, workers run, everything is read: to the last bit the study of an ordinary file."""
    orders = [f"ALTER ROLE {{role}} SET {name} = {value}" for name, value in UNUSUAL.items()]
    with role(postgres, *orders) as url:
        run = program.run("start", "small.toml", "--workers", 2, HPSEARCH_STORAGE=url)
        assert run.code == 0, run.err
        assert run.out == finished.out
        assert program.run("fingerprint", HPSEARCH_STORAGE=url).out.strip() == finished.fingerprint
        for arguments in READ.values():
            run = program.run(*arguments, HPSEARCH_STORAGE=url)
            assert run.code == 0, run.err
        ordinary = program.run("export", "--storage", finished.url).out
        assert timeless(program.run("export", HPSEARCH_STORAGE=url).out) == timeless(ordinary)
        backup = program.run("db", "backup", "copy.db", HPSEARCH_STORAGE=url)
        assert (backup.code, backup.err.count("\n")) == (4, 1)
        assert "pg_dump" in backup.err


def test_fault_62_four_workers_and_a_role_with_fewer_connections(program, finished, postgres):
    """With two connections no tables can be made, and a line names the limit; three carry the study."""
    with role(postgres, "ALTER ROLE {role} CONNECTION LIMIT 2") as url:
        run = program.run("start", "small.toml", "--workers", 4, "--quiet", HPSEARCH_STORAGE=url)
        assert (run.code, run.err.count("\n")) == (4, 1)
        assert "ALTER ROLE USER CONNECTION LIMIT" in run.err
        postgres.execute(f"ALTER ROLE {sa.make_url(url).username} CONNECTION LIMIT 3")
        run = program.run("start", "small.toml", "--workers", 4, "--quiet", HPSEARCH_STORAGE=url)
        assert run.code == 0, run.err
        assert program.run("fingerprint", HPSEARCH_STORAGE=url).out.strip() == finished.fingerprint


@pytest.mark.parametrize(
    ("order", "named"),
    [
        ("SET default_transaction_read_only = on", "default_transaction_read_only"),
        ("SET search_path = ''", "search_path"),
    ],
)
def test_fault_62_a_start_is_refused_before_anything_is_written(program, postgres, order, named):
    """One line that names the setting and the remedy; the database stays empty."""
    with role(postgres, f"ALTER ROLE {{role}} {order}") as url:
        run = program.run("start", "small.toml", "--workers", 2, "--quiet", HPSEARCH_STORAGE=url)
        assert (run.code, run.err.count("\n")) == (4, 1)
        assert named in run.err
        assert "ALTER ROLE USER SET" in run.err
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'mine')"
        assert postgres.execute(tables, sa.make_url(url).database) == [(0,)]
