"""Sessions on PostgreSQL: their limits, writes sent at once, forks, tables made by several."""

import multiprocessing
import threading
from contextlib import closing

import pytest
import sqlalchemy as sa

from hpsearch.errors import StorageError
from hpsearch.store import Ledger
from hpsearch.store.database.postgres import at_once
from tests.store.database.numbers import PID, count, insert


def test_the_server_is_told_its_limits(server_database):
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

    assert server_database.read(limits) == ["30s", "10s", "20s", "hpsearch", "repeatable read"]
    assert server_database.write(limits)[-1] == "read committed"


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


def in_child(database, sender):
    """Use a database in a forked process; answer with its session."""
    sender.send(database.read(lambda c: c.scalar(PID)))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_fault_51_a_forked_process_has_connections_of_its_own(server_database):
    """Neither shares a session, and the parent's is alive when the child has ended."""
    mine = server_database.read(lambda c: c.scalar(PID))
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=in_child, args=(server_database, sender))
    child.start()
    theirs = receiver.recv()
    child.join()
    assert child.exitcode == 0
    assert theirs != mine
    assert server_database.read(lambda c: c.scalar(PID)) == mine


def test_four_make_the_tables_one_after_the_other(server_url):
    """The lock is waited for, and let go of at the end."""
    threads = [threading.Thread(target=lambda: Ledger(server_url, create=True).close()) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(Ledger(server_url)) as ledger:
        assert ledger.study_names() == []
        locks = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert ledger.database.read(lambda c: c.scalar(locks)) == 0
