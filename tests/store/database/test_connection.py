import time

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.errors import ExitCode, StorageError
from hpsearch.store import Ledger
from hpsearch.store.database.connection import Database, now
from hpsearch.store.database.errors import TransientError
from tests.store.databases import only_sqlite

PASSWORDS = ["p@ss", "a:b", "a/b", "a#b", "100%", "{x}", "{", "}}", "%41", "a b", "ü☃", "a?b&c=d", "'\"\\"]


def address(password):
    """Return the address of a server with a password, quoted as an address must be."""
    url = sa.URL.create("postgresql+psycopg", "user", password, "localhost", 5432, "name")
    return url.render_as_string(hide_password=False)


@given(password=st.sampled_from(PASSWORDS) | st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_password_survives_every_address(password):
    """Any password goes through both addresses for other processes, Optuna's format string included."""
    database = Database(address(password))
    for url in (database.secret_url, database.optuna_url.format(SCHEMA_VERSION="x")):
        assert sa.make_url(url) == sa.make_url(address(password))
        assert sa.make_url(url).password == password


@pytest.mark.parametrize("password", PASSWORDS)
def test_the_shown_address_hides_the_password(password):
    """It names server and database alone."""
    database = Database(address(password))
    assert database.address == "postgresql+psycopg://user:***@localhost:5432/name"
    assert database.path is None


def test_a_refused_connection_hides_the_password_too():
    """The message names the server, not the secret."""
    database = Database("postgresql://user:c4nary@127.0.0.1:1/name", patience_s=0.0)
    with pytest.raises(
        StorageError, match=r"^postgresql\+psycopg://user:\*\*\*@127\.0\.0\.1:1/name: "
    ) as caught:
        database.read(now)
    assert "c4nary" not in str(caught.value)
    assert caught.value.exit_code is ExitCode.STORAGE


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://u:c4nary@h/d", "storage: expected a database of kind sqlite or postgresql, found 'mysql'"),
        (
            "mysql+pymysql://u:c4nary@h:3306/d",
            "expected a database of kind sqlite or postgresql, found 'mysql'",
        ),
        ("mariadb://u:c4nary@h/d", "expected a database of kind sqlite or postgresql, found 'mariadb'"),
        ("redis://u:c4nary@h", "expected a database of kind sqlite or postgresql, found 'redis'"),
        (
            "study.db",
            "storage: expected sqlite:///FILE or .*, found 'study.db'; did you mean sqlite:///study.db",
        ),
        ("", "expected sqlite:///FILE"),
        ("postgresql://u:c4nary@h:port/d", "expected sqlite:///FILE or postgresql"),
        ("sqlite://", "expected a file that all workers can open, found a database in memory"),
        ("sqlite:///:memory:", "expected a file that all workers can open, found a database in memory"),
    ],
)
def test_an_address_that_cannot_be_is_refused(url, message):
    """The message says what is expected, gives an example, and never shows the address."""
    with pytest.raises(StorageError, match=message) as caught:
        Database(url, create=True)
    assert "c4nary" not in str(caught.value)


@pytest.mark.parametrize("create", [False, True])
def test_fault_23_a_file_that_cannot_be_is_refused(tmp_path, create):
    """A folder that is not there, and one where a file should be."""
    with pytest.raises(StorageError, match=r"its folder .*/missing does not exist; make it first"):
        Database(f"sqlite:///{tmp_path}/missing/study.db", create=create)
    with pytest.raises(StorageError, match="expected a SQLite file, found a directory"):
        Database(f"sqlite:///{tmp_path}", create=create)
    assert list(tmp_path.iterdir()) == []


def test_reading_makes_no_file(tmp_path):
    """Without ``create`` a file that is not there is an error, and is still not there."""
    with pytest.raises(StorageError, match=r"study\.db: there is no database yet; hpsearch start STUDY.toml"):
        Ledger(f"sqlite:///{tmp_path}/study.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("create", [False, True])
def test_fault_23_a_file_that_is_no_database_is_refused_and_unchanged(tmp_path, create):
    """One line that names the file and what to do; not a byte is written."""
    path = tmp_path / "notes.txt"
    text = b"These are my notes, and they are longer than the header of a database. " * 20
    path.write_bytes(text)
    with pytest.raises(
        StorageError, match=r"^sqlite:///.*notes\.txt: .*not a database; .*--storage$"
    ) as caught:
        Ledger(f"sqlite:///{path}", create=create)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_transaction_is_tried_again_as_a_whole(ledger, query):
    """What a failed try has written is undone before the next one."""
    tries = []

    def work(connection):
        connection.exec_driver_sql("INSERT INTO studies (study_name) VALUES ('once')")
        tries.append(1)
        if len(tries) < 3:
            raise TransientError("try again")
        return "done"

    assert ledger.database.write(work) == "done"
    assert len(tries) == 3
    assert query(ledger, "SELECT study_name FROM studies") == [("once",)]


def test_an_error_that_is_not_transient_is_not_tried_again(ledger, query):
    """A broken rule of the schema ends the transaction at once, and undoes it."""
    tries = []

    def work(connection):
        tries.append(1)
        connection.exec_driver_sql("INSERT INTO studies (study_name) VALUES ('half')")
        connection.exec_driver_sql("INSERT INTO trials (study_id, state) VALUES (99, 'RUNNING')")

    with pytest.raises(StorageError, match=r"(?i)foreign key constraint"):
        ledger.database.write(work)
    assert len(tries) == 1
    assert query(ledger, "SELECT * FROM studies") == []


def test_errors_of_others_undo_the_transaction_and_pass(ledger, query):
    """An error that is not the database's keeps its type."""

    def work(connection):
        connection.exec_driver_sql("INSERT INTO studies (study_name) VALUES ('half')")
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        ledger.database.write(work)
    assert query(ledger, "SELECT * FROM studies") == []


@only_sqlite
def test_sqlite_is_set_up(ledger):
    """WAL, foreign keys, and a flush at checkpoints."""

    def pragmas(connection):
        names = ("journal_mode", "foreign_keys", "synchronous")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert ledger.database.read(pragmas) == ["wal", 1, 1]


def test_fault_29_the_clock_is_utc(ledger, monkeypatch):
    """The database's clock is seconds since 1970, whatever the time zone."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        assert ledger.database.read(now) == pytest.approx(time.time(), abs=1)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("folder", ["a b", "ü☃", "100%", "{x}", "a#b", "%41"])
def test_a_relative_path_is_the_same_file_for_another_process(tmp_path, monkeypatch, folder):
    """Addresses handed on are absolute, and any folder's name survives in them."""
    (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / folder)
    Ledger("sqlite:///study.db", create=True).close()
    database = Database("sqlite:///study.db")
    urls = database.secret_url, database.optuna_url.format()
    monkeypatch.chdir("/")
    for url in urls:
        assert Database(url).path == tmp_path / folder / "study.db"
