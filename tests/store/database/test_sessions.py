"""Sessions on PostgreSQL: whatever a server, a role or the environment sets, a study stays what it is."""

import secrets
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa

from hpsearch.errors import StorageError
from hpsearch.search import fingerprint
from hpsearch.store import Ledger
from hpsearch.store.database.connection import Database, now
from hpsearch.store.schema.integrity import check_database
from hpsearch.store.schema.tables import Optuna

pytestmark = pytest.mark.long

SETTINGS = {
    "extra_float_digits": ("-15", "0", "3"),
    "DateStyle": tuple(
        f"'{style}, {order}'" for style in ("SQL", "German", "Postgres") for order in ("DMY", "YMD")
    ),
    "IntervalStyle": ("iso_8601", "sql_standard"),
    "TimeZone": ("'Asia/Kathmandu'", "'<+03>-3'"),
    "client_encoding": ("SQL_ASCII", "LATIN1", "WIN1252"),
    "standard_conforming_strings": ("off",),
    "backslash_quote": ("off",),
    "escape_string_warning": ("on",),
    "bytea_output": ("escape",),
    "quote_all_identifiers": ("on",),
    "default_transaction_isolation": ("serializable", "'repeatable read'", "'read uncommitted'"),
    "default_transaction_deferrable": ("on",),
    "idle_in_transaction_session_timeout": ("30",),
    "idle_session_timeout": ("200",),
    "statement_timeout": ("1",),
    "lock_timeout": ("1",),
    "transaction_timeout": ("2",),
    "row_security": ("off",),
    "synchronous_commit": ("off",),
    "jit": ("on",),
    "jit_above_cost": ("0",),
    "enable_seqscan": ("off",),
    "enable_indexscan": ("off",),
    "enable_sort": ("off",),
    "enable_hashagg": ("off",),
    "debug_parallel_query": ("on",),
    "plan_cache_mode": ("force_generic_plan",),
    "work_mem": ("64",),
    "lc_messages": ("'C.UTF-8'",),
    "lc_numeric": ("'C.UTF-8'",),
    "array_nulls": ("off",),
    "xmloption": ("document",),
    "check_function_bodies": ("off",),
    "default_toast_compression": ("pglz",),
    "transform_null_equals": ("on",),
}
"""Setting -> what a database may have it at; each of them is a neighbour's good reason."""

BROKE = {
    "extra_float_digits",
    "client_encoding",
    "quote_all_identifiers",
    "default_transaction_isolation",
    "idle_session_timeout",
    "transaction_timeout",
}
"""Settings that a study was once not the same under; the others are neighbours of them."""

CASES = [
    pytest.param(name, value, marks=() if name in BROKE else pytest.mark.long)
    for name, values in SETTINGS.items()
    for value in values
]
NUMBERS = (0.1 + 0.2, 1 / 3, 2 / 3 * 1e-5)
"""Not one of them survives 15 digits."""


@pytest.fixture(scope="module")
def kept(postgres, terms, hire):
    """Return the name of a database with a study whose numbers need all their digits, and its fingerprint."""
    url = postgres.new_database()
    with closing(Ledger(url, create=True)) as ledger:
        worker = hire(ledger, ledger.open_study(terms()))
        for n, value in enumerate(NUMBERS):
            worker.finish(*worker.claim(n), value=value, curve=(value / 7, value))
    yield sa.make_url(url).database, told(url)
    postgres.drop_database(url)


@contextmanager
def neighbour(postgres, template, *orders):
    """Give a copy of a database and the role that uses it, after orders about ``{base}`` and ``{role}``."""
    url = sa.make_url(postgres.new_database(template))
    role = f"role_{secrets.token_hex(6)}"
    postgres.execute(f"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'geheim'")
    try:
        for order in orders:
            postgres.execute(order.format(base=url.database, role=role))
        yield url.set(username=role, password="geheim")
    finally:
        postgres.drop_database(url)
        postgres.execute(f"DROP ROLE {role}")


def text(url):
    """Return an address as it is given to a command."""
    return url if isinstance(url, str) else url.render_as_string(hide_password=False)


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """Let each test read the tables from the database anew, as a new process does."""
    monkeypatch.setattr(Optuna, "_seen", {})


def told(url):
    """Return all that is read of the study: its fingerprint, its rows, what the check finds."""
    with closing(Ledger(text(url), patience_s=20)) as ledger:
        study = ledger.find_study("study")
        line = fingerprint(study.space, ledger.history(study).history)
        rows = [repr(row) for row in ledger.rows(study)]
        return line, rows, ledger.status(study).counts, check_database(ledger.database)


def work_on(url, hire):
    """Claim and finish a trial, as a worker does; return what is stored of it."""
    with closing(Ledger(text(url), patience_s=20)) as ledger:
        study = ledger.find_study("study")
        worker = hire(ledger, study, process="2@2")
        (claim,) = worker.claim(len(NUMBERS))
        assert worker.report(claim, curve=(1 / 3,)) == [claim]
        assert worker.finish(claim, value=1 / 3, curve=(1 / 3, 1 / 7)) == [claim]
        history = ledger.history(study).history
        return history.values[-1], list(history.curves[-1])


@pytest.mark.parametrize(("name", "value"), CASES)
def test_fault_61_a_setting_of_the_database_changes_nothing(postgres, kept, hire, name, value):
    """What is read is what was written, and a worker goes on."""
    template, expected = kept
    with neighbour(postgres, template, f"ALTER DATABASE {{base}} SET {name} = {value}") as url:
        assert told(url) == expected
        assert work_on(url, hire) == (1 / 3, [1 / 3, 1 / 7])


WAYS = {
    "role": (("ALTER ROLE {role} SET extra_float_digits = 0",), {}, {}),
    "role in database": (("ALTER ROLE {role} IN DATABASE {base} SET extra_float_digits = 0",), {}, {}),
    "address": ((), {"options": "-c extra_float_digits=0 -c client_encoding=LATIN1"}, {}),
    "address, encoding": ((), {"client_encoding": "SQL_ASCII"}, {}),
    "PGOPTIONS": ((), {}, {"PGOPTIONS": "-c extra_float_digits=0"}),
    "PGCLIENTENCODING": ((), {}, {"PGCLIENTENCODING": "SQL_ASCII"}),
    "PGDATESTYLE": ((), {}, {"PGDATESTYLE": "German", "PGTZ": "Asia/Kathmandu", "PGGEQO": "off"}),
    "pooler": (("ALTER ROLE {role} SET extra_float_digits = 0",), {"prepare_threshold": "none"}, {}),
}
"""Where a setting may come from -> orders to the server, options of the address, environment."""


@pytest.mark.parametrize("way", WAYS)
def test_fault_61_a_setting_of_any_other_place_changes_nothing(postgres, kept, hire, monkeypatch, way):
    """A role, the address and the environment of libpq are places as good as the database."""
    template, expected = kept
    orders, options, environment = WAYS[way]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with neighbour(postgres, template, *orders) as url:
        assert told(url.update_query_dict(options)) == expected
        assert work_on(url.update_query_dict(options), hire) == (1 / 3, [1 / 3, 1 / 7])


def test_fault_61_a_service_file_changes_nothing(postgres, kept, monkeypatch, tmp_path):
    """A service of libpq names the host, and options that do not hold."""
    template, expected = kept
    lines = ["[study]", "host=127.0.0.1", f"port={postgres.port}", "options=-c extra_float_digits=0"]
    (tmp_path / "service").write_text("\n".join(lines))
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "service"))
    monkeypatch.setenv("PGSERVICE", "study")
    with neighbour(postgres, template) as url:
        assert told(url.set(host=None, port=None)) == expected


def test_a_pooler_needs_nothing_of_the_session(postgres, kept):
    """Where each transaction may have another session, each says what it needs, and leaves nothing behind."""
    template, _ = kept
    names = ("extra_float_digits", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    show = sa.select(*(sa.func.current_setting(name) for name in names))
    with neighbour(postgres, template, "ALTER ROLE {role} SET extra_float_digits = 0") as url:
        address = text(url.update_query_dict({"prepare_threshold": "none"}))
        with closing(Database(address)) as database:
            assert tuple(database.read(lambda c: c.execute(show).one())) == ("1", "30s", "10s", "20s")
            with database.engine.connect() as connection:
                driver = connection.connection.driver_connection
                driver.autocommit = True
                assert driver.execute(
                    str(show.compile(database.engine, compile_kwargs={"literal_binds": True}))
                )
                assert driver.execute("SHOW extra_float_digits").fetchone() == ("0",)
                driver.autocommit = False


REFUSED = {
    "no schema": (
        "ALTER ROLE {role} SET search_path = ''",
        "found a search_path with none that USER may use; ALTER",
    ),
    "another": (
        "ALTER ROLE {role} SET search_path = gone",
        "found a search_path with none that USER may use; ALTER",
    ),
}
"""What no session can make good -> the order, and what is said."""


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("create", [False, True])
def test_fault_62_a_session_that_cannot_work_is_refused(postgres, kept, case, create):
    """One line, at once, that names the setting and the remedy."""
    order, message = REFUSED[case]
    with neighbour(postgres, kept[0], order) as url, pytest.raises(StorageError, match=message) as caught:
        Ledger(text(url), create=create)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("order", ["ALTER ROLE {role} SET", "ALTER DATABASE {base} SET"])
def test_fault_62_a_database_that_may_only_be_read(postgres, kept, hire, order):
    """It is read; what writes ends with a line, a command that starts a study before anything else."""
    template, expected = kept
    message = "read only: a standby, or default_transaction_read_only is on; name the primary, or ALTER ROLE"
    with neighbour(postgres, template, f"{order} default_transaction_read_only = on") as url:
        assert told(url) == expected
        with pytest.raises(StorageError, match=message):
            Ledger(text(url), create=True)
        with closing(Ledger(text(url), patience_s=0.1)) as ledger:
            study = ledger.find_study("study")
            ledger.look_after(study)
            with pytest.raises(StorageError, match=message):
                hire(ledger, study, process="3@3")


@pytest.mark.parametrize(("encoding", "holds"), [("LATIN1", False), ("SQL_ASCII", True), ("EUC_JP", False)])
def test_fault_62_an_encoding_that_does_not_hold_every_text(postgres, terms, encoding, holds):
    """Refused before a table is made, unless bytes are kept as they come: then every name is read back."""
    name = f"hps_{secrets.token_hex(6)}"
    postgres.execute(
        f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    url = postgres.url(name)
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    try:
        if not holds:
            with pytest.raises(
                StorageError, match=f"encoding UTF8, .*, found {encoding}; make another: createdb"
            ):
                Ledger(url, create=True)
            assert postgres.execute(tables, name) == [(0,)]
            return
        with closing(Ledger(url, create=True)) as ledger:
            ledger.open_study(terms(name="学习率"))
            assert ledger.study_names() == ["学习率"]
    finally:
        postgres.drop_database(url)


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ("ALTER ROLE {role} NOSUPERUSER CONNECTION LIMIT 0", "ALTER ROLE USER CONNECTION LIMIT"),
        ("ALTER DATABASE {base} CONNECTION LIMIT 0", "ALTER DATABASE NAME CONNECTION LIMIT"),
    ],
)
def test_fault_62_a_limit_on_connections_is_named(postgres, kept, order, message):
    """It is waited for, then the line says whose limit it is."""
    with (
        neighbour(postgres, kept[0], order, "ALTER ROLE {role} NOSUPERUSER") as url,
        closing(Database(text(url), patience_s=0.1)) as database,
        pytest.raises(StorageError, match=message),
    ):
        database.read(now)


@pytest.mark.parametrize("path", ["mine", "mine, public", "public, mine"])
def test_fault_61_tables_are_found_along_the_search_path(postgres, kept, path):
    """Tables in the first schema that there is; those of a later one are found as well."""
    template, expected = kept
    with neighbour(postgres, template) as url:
        postgres.execute("CREATE SCHEMA mine", url.database)
        postgres.execute(f"ALTER DATABASE {url.database} SET search_path = {path}")
        if path == "mine":
            with pytest.raises(StorageError, match="there are no tables of optuna and hpsearch"):
                told(url)
        else:
            assert told(url) == expected
