"""PostgreSQL goes away, falls silent, is full, or gives way: transactions are tried again."""

import os
import signal
import socket
import threading
import time
from contextlib import closing, suppress

import pytest
import sqlalchemy as sa

from hpsearch.errors import StorageError
from hpsearch.store.database.connection import Database, now
from tests.cli.program import eventually
from tests.machine.postgres import Postgres
from tests.store.database.numbers import PID, count, insert


@pytest.mark.parametrize("mode", ["immediate", pytest.param("fast", marks=pytest.mark.long)])
def test_fault_13_a_restart_is_waited_for(mode):
    """A transaction that finds the server down goes on when it is up again."""
    with Postgres() as server, closing(Database(server.url(), patience_s=60)) as database:
        database.read(now)
        server.stop(mode)
        starter = threading.Timer(0.5, server.start)
        starter.start()
        assert database.read(now) == pytest.approx(time.time(), abs=60)
        starter.join()


def test_fault_14_a_server_that_stays_down_is_told(server_url, postgres, clock):
    """The patience ends, and the line names host, port and database, never the password."""
    address = sa.make_url(server_url).set(port=1)
    with closing(Database(address.render_as_string(hide_password=False), patience_s=0.2)) as database:
        with pytest.raises(
            StorageError, match=r"cannot use the server at 127\.0\.0\.1, port 1: is it"
        ) as error:
            database.read(now)
        assert 0.2 <= clock.now_s < 5
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
def test_fault_16_a_silent_backend_is_left(server_url, silent):
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

    with closing(Database(server_url, patience_s=20, hang_s=0.3)) as database:
        try:
            began = time.monotonic()
            assert database.write(work) not in stopped
            assert 0.3 <= time.monotonic() - began < 10
        finally:
            os.kill(stopped[0], signal.SIGCONT)


def test_a_slow_program_is_not_a_silent_server(server_database):
    """What a transaction does between its statements may take as long as it likes."""
    slow = Database(server_database.secret_url, patience_s=0, hang_s=0.2)

    def work(connection):
        first = connection.scalar(PID)
        ended = time.monotonic() + 0.6
        assert eventually(lambda: time.monotonic() > ended)
        return first == connection.scalar(PID)

    with closing(slow):
        assert slow.write(work)


@pytest.mark.long
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
                if b"COMMIT\0" in data and not self.cuts:
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
