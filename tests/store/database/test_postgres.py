"""PostgreSQL when it does not behave: silent, gone, full, in somebody's way."""

import multiprocessing
import os
import signal
import socket
import threading
import time
from contextlib import closing, suppress

import pytest
import sqlalchemy as sa

from hpsearch.errors import StorageError
from hpsearch.store import Ledger
from hpsearch.store.database.connection import Database, now
from hpsearch.store.database.postgres import at_once
from tests.cli.program import eventually
from tests.postgres import Postgres

PID = sa.text("SELECT pg_backend_pid()")


@pytest.fixture
def url(postgres):
    """Return the address of an empty database."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def database(url):
    """Return the door to an empty database."""
    with closing(Database(url, patience_s=20)) as database:
        yield database


@pytest.fixture
def numbers(database):
    """Return the database with a table of numbers."""
    database.write(lambda c: c.execute(sa.text("CREATE TABLE numbers (n INTEGER PRIMARY KEY, v INTEGER)")))
    return database


def insert(n):
    """Return work that adds a number, once however often it is called."""
    statement = sa.text("INSERT INTO numbers VALUES (:n, 0) ON CONFLICT DO NOTHING")
    return lambda c: c.execute(statement, {"n": n})


def count(database):
    """Return how many numbers there are."""
    return database.read(lambda c: c.scalar(sa.text("SELECT count(*) FROM numbers")))


def test_the_server_is_told_its_limits(database):
    """Statements, locks and idle transactions end by themselves; a read is one snapshot."""

    def limits(connection):
        names = (
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "application_name",
            "transaction_isolation",
        )
        return [connection.scalar(sa.text(f"SHOW {name}")) for name in names]

    assert database.read(limits) == ["30s", "10s", "20s", "hpsearch", "repeatable read"]
    assert database.write(limits)[-1] == "read committed"


def test_the_address_goes_over_the_limits(url):
    """An option in the address is obeyed, and the others stay."""
    address = sa.make_url(url).update_query_dict(
        {"options": "-c lock_timeout=7000", "application_name": "me"}
    )
    with closing(Database(address.render_as_string(hide_password=False))) as database:
        show = sa.text("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        assert database.read(lambda c: tuple(c.execute(show).one())) == ("7s", "30s")
        assert database.read(lambda c: c.scalar(sa.text("SHOW application_name"))) == "me"


def test_statements_are_prepared_unless_the_address_says_otherwise(url):
    """A pooler that gives each transaction another connection has no place for prepared statements."""
    address = sa.make_url(url).update_query_dict({"prepare_threshold": "none"})
    thresholds = []
    for each in (url, address.render_as_string(hide_password=False)):
        with closing(Database(each)) as database:
            thresholds.append(database.read(lambda c: c.connection.driver_connection.prepare_threshold))
    assert thresholds == [5, None]


def test_writes_sent_at_once_are_written(numbers):
    """None of them waits for the answer to the one before, and all are there in the end."""

    def work(connection):
        with at_once(connection):
            for n in range(3):
                insert(n)(connection)

    numbers.write(work)
    assert count(numbers) == 3


def test_an_error_among_writes_sent_at_once_is_told_like_any_other(numbers):
    """The answer comes late, and is the same: which value is missing; nothing is written."""

    def work(connection):
        with at_once(connection):
            insert(1)(connection)
            connection.execute(sa.text("INSERT INTO numbers VALUES (NULL, 0)"))
            insert(2)(connection)

    with pytest.raises(StorageError, match="null value in column"):
        numbers.write(work)
    assert count(numbers) == 0


def test_a_connection_that_is_lost_among_writes_sent_at_once_is_made_anew(numbers, postgres):
    """The transaction is tried again as a whole, and every number is there once."""
    pids = []

    def work(connection):
        pids.append(connection.scalar(PID))
        with at_once(connection):
            insert(1)(connection)
            if len(pids) == 1:
                postgres.execute(f"SELECT pg_terminate_backend({pids[0]}, 10000)")
            insert(2)(connection)

    numbers.write(work)
    assert len(set(pids)) == 2
    assert count(numbers) == 2


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_fault_13_a_restart_is_waited_for(mode):
    """A transaction that finds the server down goes on when it is up again."""
    with Postgres() as server, closing(Database(server.url(), patience_s=60)) as database:
        database.read(now)
        server.stop(mode)
        starter = threading.Timer(0.5, server.start)
        starter.start()
        assert database.read(now) == pytest.approx(time.time(), abs=60)
        starter.join()


def test_fault_14_a_server_that_stays_down_is_told(url, postgres):
    """Patience ends, and the line names host, port and database, never the password."""
    address = sa.make_url(url).set(port=1)
    with closing(Database(address.render_as_string(hide_password=False), patience_s=0.2)) as database:
        began = time.monotonic()
        with pytest.raises(
            StorageError, match=r"cannot use the server at 127\.0\.0\.1, port 1: is it"
        ) as error:
            database.read(now)
        assert 0.2 <= time.monotonic() - began < 5
    assert f"127.0.0.1:1/{address.database}" in str(error.value)
    assert postgres.password not in str(error.value)


def test_fault_15_connections_that_are_ended_again_and_again(numbers, postgres):
    """Every transaction is done, however often its connection goes away."""
    ended = threading.Event()
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hpsearch'"
    kills = []

    def terminate():
        while not ended.wait(0.02):
            kills.extend(postgres.execute(kill))

    thread = threading.Thread(target=terminate)
    thread.start()
    for n in range(200):
        numbers.write(insert(n))
    ended.set()
    thread.join()
    assert count(numbers) == 200
    assert kills


@pytest.mark.parametrize("silent", ["statement", "commit"])
def test_fault_16_a_silent_backend_is_left(url, silent):
    """A backend that is stopped in the middle: its connection is shut, the transaction done on another."""
    stopped = []

    def work(connection):
        pid = connection.scalar(PID)
        if not stopped:
            stopped.append(pid)
            os.kill(pid, signal.SIGSTOP)
            if silent == "statement":
                connection.scalar(sa.text("SELECT 1"))
        return pid

    with closing(Database(url, patience_s=20, hang_s=0.3)) as database:
        try:
            began = time.monotonic()
            assert database.write(work) not in stopped
            assert 0.3 <= time.monotonic() - began < 10
        finally:
            os.kill(stopped[0], signal.SIGCONT)


def test_a_slow_program_is_not_a_silent_server(database):
    """What a transaction does between its statements may take as long as it likes."""
    slow = Database(database.secret_url, patience_s=0, hang_s=0.2)

    def work(connection):
        first = connection.scalar(PID)
        ended = time.monotonic() + 0.6
        assert eventually(lambda: time.monotonic() > ended)
        return first == connection.scalar(PID)

    with closing(slow):
        assert slow.write(work)


def test_fault_16_a_silent_postmaster_is_waited_for():
    """No connection can be made while the server is stopped; it is made when the server goes on."""
    with (
        Postgres() as server,
        closing(Database(f"{server.url()}?connect_timeout=2", patience_s=60)) as database,
    ):
        os.kill(server.pid, signal.SIGSTOP)
        waker = threading.Timer(2.5, os.kill, (server.pid, signal.SIGCONT))
        waker.start()
        assert database.read(now)
        waker.join()


class Proxy(threading.Thread):
    """Passes one connection after another on to a server; cuts the first that commits, after it has.

    Args:
        port: The server's port on 127.0.0.1.
    """

    def __init__(self, port):
        super().__init__(daemon=True)
        self.cuts = 0
        self._server_port = port
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.start()

    def run(self):
        """Take connections until the proxy is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(client, server), daemon=True).start()

    def close(self):
        """Take no more connections."""
        self._socket.close()

    def _pass_on(self, client, server):
        with suppress(OSError):
            while data := client.recv(65536):
                if b"COMMIT" in data and not self.cuts:
                    self.cuts += 1
                    client.shutdown(socket.SHUT_WR)
                server.sendall(data)
        server.close()

    def _answer(self, client, server):
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        client.close()


def test_fault_17_a_link_that_drops_after_commit(numbers, postgres):
    """The outcome is not known: the transaction is tried again, and finds what it has already done."""
    proxy = Proxy(postgres.port)
    address = sa.make_url(numbers.secret_url).set(port=proxy.port)
    seen = []

    def work(connection):
        seen.append(connection.scalar(sa.text("SELECT count(*) FROM numbers")))
        insert(1)(connection)

    with (
        closing(proxy),
        closing(Database(address.render_as_string(hide_password=False), patience_s=20)) as database,
    ):
        database.write(work)
    assert proxy.cuts == 1
    assert len(seen) == 2
    assert count(numbers) == 1


def test_fault_19_no_connection_left():
    """The limit is named when patience ends; a connection that becomes free is taken."""
    few = {"max_connections": "4", "superuser_reserved_connections": "0", "reserved_connections": "0"}
    with Postgres(few) as server:
        others = [Database(server.url()) for _ in range(4)]
        connections = [other.engine.connect() for other in others]
        with closing(Database(server.url(), patience_s=0.3)) as database:
            with pytest.raises(
                StorageError, match="no connection is left; raise its max_connections, or use"
            ):
                database.read(now)
            connections.pop().close()
            others.pop().close()
            assert eventually(lambda: works(database))
        for thing in (*connections, *others):
            thing.close()


def works(database):
    """Return whether a database can be read."""
    try:
        return database.read(now)
    except StorageError:
        return False


def race(database, *works):
    """Run transactions in threads of their own."""
    threads = [threading.Thread(target=database.write, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_fault_20_a_deadlock_is_tried_again(numbers):
    """Two transactions that take two rows crosswise: both are done, once."""
    numbers.write(insert(1))
    numbers.write(insert(2))
    meeting = threading.Barrier(2)
    tries = []

    def work(first, second):
        def work(connection):
            tries.append(first)
            update = sa.text("UPDATE numbers SET v = v + 1 WHERE n = :n")
            connection.execute(update, {"n": first})
            if len(tries) <= 2:
                meeting.wait(10)
            connection.execute(update, {"n": second})

        return work

    race(numbers, work(1, 2), work(2, 1))
    assert len(tries) >= 3  # the one that gave way may meet the other a second time
    total = sa.text("SELECT sum(v) FROM numbers")
    assert numbers.read(lambda c: c.scalar(total)) == 4


def test_fault_20_a_serialization_failure_is_tried_again(numbers):
    """A reader's snapshot that somebody has written over: seen again, anew."""
    numbers.write(insert(1))
    seen = []

    def work(connection):
        seen.append(connection.scalar(sa.text("SELECT v FROM numbers")))
        if len(seen) == 1:
            numbers.write(lambda c: c.execute(sa.text("UPDATE numbers SET v = 5")))
        connection.execute(sa.text("UPDATE numbers SET v = v + 1"))

    numbers.read(work)
    assert seen == [0, 5]


def test_fault_20_a_lock_timeout_is_tried_again(numbers):
    """A row that is held for longer than the server lets anybody wait."""
    numbers.write(insert(1))
    address = sa.make_url(numbers.secret_url).update_query_dict({"options": "-c lock_timeout=100"})
    tries = []

    def work(connection):
        tries.append(1)
        connection.execute(sa.text("UPDATE numbers SET v = 7"))

    with closing(Database(address.render_as_string(hide_password=False), patience_s=20)) as other:
        thread = threading.Thread(target=other.write, args=(work,))

        def hold(connection):
            connection.execute(sa.text("UPDATE numbers SET v = 6"))
            thread.start()
            assert eventually(lambda: len(tries) > 2)

        numbers.write(hold)
        thread.join()
    assert numbers.read(lambda c: c.scalar(sa.text("SELECT v FROM numbers"))) == 7


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
def test_fault_45_the_part_of_the_address_that_is_wrong_is_named(url, postgres, part):
    """One line, soon; no password in it, nor in what it came from."""
    change, message = WRONG[part]
    address = change(sa.make_url(url)).render_as_string(hide_password=False)
    database = Database(address, patience_s=0.3)
    with closing(database), pytest.raises(StorageError, match=message) as caught:
        database.read(now)
    told = f"{caught.value} {caught.value.__cause__!r}"
    assert "\n" not in str(caught.value)
    assert "c4nary" not in told
    assert postgres.password not in told


@pytest.mark.parametrize("verb", ["start", "read"])
def test_fault_45_a_role_without_rights(url, postgres, verb):
    """A role that may connect and nothing else: the rights are named, at once."""
    name = sa.make_url(url).database
    role = f"role_{name}"
    postgres.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'geheim'")
    address = sa.make_url(url).set(username=role, password="geheim").render_as_string(hide_password=False)
    try:
        if verb == "read":
            Ledger(url, create=True).close()
        began = time.monotonic()
        with pytest.raises(
            StorageError, match=r"permission denied for (schema|table) .*; USER has not the rights"
        ):
            Ledger(address, create=verb == "start")
        assert time.monotonic() - began < 10
    finally:
        postgres.execute(f"DROP ROLE {role}")


def in_child(database, sender):
    """Use a database in a forked process; answer with its session."""
    sender.send(database.read(lambda c: c.scalar(PID)))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_fault_51_a_forked_process_has_connections_of_its_own(database):
    """Neither shares a session, and the parent's is alive when the child has ended."""
    mine = database.read(lambda c: c.scalar(PID))
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=in_child, args=(database, sender))
    child.start()
    theirs = receiver.recv()
    child.join()
    assert child.exitcode == 0
    assert theirs != mine
    assert database.read(lambda c: c.scalar(PID)) == mine


def test_four_make_the_tables_one_after_the_other(url):
    """The lock is waited for, and let go of at the end."""
    threads = [threading.Thread(target=lambda: Ledger(url, create=True).close()) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(Ledger(url)) as ledger:
        assert ledger.study_names() == []
        locks = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert ledger.database.read(lambda c: c.scalar(locks)) == 0
