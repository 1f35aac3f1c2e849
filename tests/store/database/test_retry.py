"""Locks and disturbances: what is waited for, how long, and what is said in the end."""

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from hpsearch.errors import StorageError
from hpsearch.store import Ledger, WorkerIdentity
from hpsearch.store.database.connection import Database
from hpsearch.store.database.errors import TransientError
from hpsearch.store.database.retry import LONGEST_PAUSE_S, Backoff, poll

# PredictionKind the write lock, says so, and holds it until its input ends.
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(template, tmp_path):
    """Return a file with empty tables."""
    path = tmp_path / "study.db"
    path.write_bytes(template.read_bytes())
    return path


@pytest.fixture
def hold(path):
    """Return a function that lets another process take a lock; its answer lets go of it."""
    held = []

    def hold(begin="BEGIN IMMEDIATE"):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, path, begin],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        held.append(process)
        assert process.stdout.readline() == "held\n"

        def let_go():
            process.stdin.close()
            process.wait()

        return let_go

    yield hold
    for process in held:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def test_fault_21_a_lock_that_stays_is_told(path, hold, terms, clock):
    """When patience is over, the line says who is in the way; nothing was written."""
    with closing(Ledger(f"sqlite:///{path}", patience_s=0.3)) as ledger:
        let_go = hold()
        with pytest.raises(StorageError, match=r"study\.db: database is locked by another process; close"):
            ledger.open_study(terms())
        assert 0.3 <= clock.now_s < 3
        assert ledger.study_names() == []
        let_go()
        assert ledger.open_study(terms()).name == "study"


def test_fault_21_a_lock_that_goes_away_is_waited_for(path, hold, terms):
    """The transaction begins soon after the lock is free."""
    with closing(Ledger(f"sqlite:///{path}", patience_s=30)) as ledger:
        let_go = hold()
        timer = threading.Timer(0.5, let_go)
        timer.start()
        began = time.monotonic()
        assert ledger.open_study(terms()).name == "study"
        assert time.monotonic() - began >= 0.4
        timer.join()


@pytest.mark.long
def test_fault_21_a_file_that_is_held_whole_is_told(path):
    """A process that keeps even readers out."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="database is locked by another process; close what has it"):
            Ledger(f"sqlite:///{path}", patience_s=0.2)


def test_a_reader_is_not_stopped_by_a_writer(path, hold):
    """WAL: reading goes on while another process writes."""
    with closing(Ledger(f"sqlite:///{path}", patience_s=0.0)) as ledger:
        hold()
        assert ledger.study_names() == []


def test_a_writer_is_not_stopped_by_a_reader(path, terms):
    """WAL: writing goes on while another process reads, and sees what was there when it began."""
    url = f"sqlite:///{path}"
    with closing(Ledger(url, patience_s=0.0)) as ledger, closing(Ledger(url)) as other:

        def work(connection):
            count = "SELECT count(*) FROM studies"
            before = connection.exec_driver_sql(count).scalar()
            ledger.open_study(terms())
            return before, connection.exec_driver_sql(count).scalar()

        assert other.database.read(work) == (0, 0)
        assert other.study_names() == ["study"]


def test_many_threads_lose_no_write(path, terms):
    """Four threads of one ledger write through four connections; every row is there."""
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        study = ledger.open_study(terms())

        def work(place):
            for n in range(25):
                ledger.enlist(study, WorkerIdentity(host="here", process=f"{place}-{n}", pid=n))

        threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(ledger.living_on(study, "here").values())) == 100


def test_patience_counts_from_the_first_failure(clock):
    """Pauses grow, the last one ends when patience does, and then it is over at once."""
    patience = Backoff(0.2)
    waits = 0
    while patience.wait():
        waits += 1
    assert clock.now_s == pytest.approx(0.2)
    assert 4 <= waits <= 8  # 0.02, 0.04, 0.08 ... at most; half of each at least
    assert not Backoff(0.0).wait()


def test_polling_ends_with_success_or_patience(clock):
    """The attempt is made at once, again and again, and once more when the time is over."""
    answers = iter([False, False, True])
    assert poll(lambda: next(answers), patience_s=10)
    began_s = clock.now_s
    assert not poll(lambda: False, patience_s=0.05)
    assert 0.05 <= clock.now_s - began_s < 0.05 + LONGEST_PAUSE_S


def test_a_transaction_is_given_up_when_patience_is_over(path):
    """A disturbance that does not go away: several tries, then a line."""
    with closing(Database(f"sqlite:///{path}", patience_s=0.2)) as database:
        tries = []

        def work(_connection):
            tries.append(1)
            raise TransientError("again and again")

        with pytest.raises(StorageError, match=r"study\.db: again and again"):
            database.write(work)
        assert len(tries) > 3


def test_a_ledger_that_cannot_be_opened_leaves_nothing_open(tmp_path, monkeypatch):
    """The engine is closed before the error is raised."""
    closed = []
    monkeypatch.setattr(Database, "close", lambda self: closed.append(self.engine.dispose()))
    (tmp_path / "empty.db").touch()
    with pytest.raises(StorageError, match="there are no tables"):
        Ledger(f"sqlite:///{tmp_path / 'empty.db'}")
    assert len(closed) == 1
