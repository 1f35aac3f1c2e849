"""Real workers that are killed, stopped and contradicted, and the study that is the same nevertheless."""

import os
import random
import signal
import sqlite3
from contextlib import closing, suppress

import optuna
import pytest
import sqlalchemy as sa
from optuna.storages import RDBStorage

from hpsearch.defaults import TimeLimits
from hpsearch.worker import load_data, run_worker, search_terms
from tests.cli.program import LONG, assert_sound, ended, eventually, rows, settled
from tests.machine.nursery import Nursery
from tests.worker.studies import small_spec

KILLS = 12
ROUNDS = 40
PATIENCE_S = 90
_MINE = (
    "SELECT number, attempt, outcome FROM hpsearch_attempts JOIN hpsearch_workers USING (worker_id) "
    "WHERE hpsearch_attempts.study_id = 1 AND pid = ?"
)


@pytest.fixture
def long_study(ledger, tmp_path, cache, monkeypatch):
    """Return the file of a study that runs for seconds, opened and not begun; nothing makes a trial fail."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    text = {"trials = 40": "trials = 40\nattempts = 1000"}
    spec = small_spec(tmp_path, epochs=LONG, **text)
    ledger.open_study(search_terms(spec, data_hash=load_data(spec, spec.base).content_hash))
    return tmp_path / "hpsearch.db"


@pytest.fixture
def join(program):
    """Return a function that starts a worker, one of two."""
    return lambda *flags: program.launch("worker", "--fleet", 2, *flags)


def claims_of(database, process):
    """Return number and attempt of the trials that a process holds."""
    return [(n, a) for n, a, outcome in rows(database, _MINE + " AND open", process.pid) if outcome is None]


def is_free(database):
    """Tell whether nobody holds the file's write lock."""
    with closing(sqlite3.connect(database, timeout=0.2, isolation_level=None)) as connection:
        with suppress(sqlite3.OperationalError):
            connection.execute("BEGIN IMMEDIATE")
            return True
        return False


def stop(process, database):
    """Stop a worker that has trials in hand, and no lock; return number and attempt of its trials."""

    def stopped():
        if not claims_of(database, process):
            return None
        os.kill(process.pid, signal.SIGSTOP)
        if is_free(database) and (mine := claims_of(database, process)):
            return mine
        os.kill(process.pid, signal.SIGCONT)
        return None

    return eventually(stopped, timeout_s=PATIENCE_S, what="a worker with trials in hand")


def assert_the_same(program, database, finished):
    """Check that a study has ended as the calm one did, with sound books."""
    assert_sound(database, "small", trials=40)
    assert_sound(database, "small.confirm", trials=6)
    assert program.run("fingerprint").out.strip() == finished.fingerprint


@pytest.mark.long
def test_fault_1_52_one_worker_killed_again_and_again(program, long_study, finished_long, cache):
    """Twelve times, at random moments of its work: each next one goes on, and the study is the calm one."""
    draw = random.Random(7)
    url = f"sqlite:///{long_study}"
    how = {"fleet": 1, "delivers": True, "limits": TimeLimits(patience_s=60.0)}
    kills = 0
    with Nursery(run_worker.__module__, HPSEARCH_CACHE=str(cache)) as nursery:
        for _ in range(ROUNDS):
            before = attempts(long_study)
            nursery.start(run_worker, url, "small", **how)
            if kills == KILLS:
                break
            eventually(lambda n=before: attempts(long_study) > n, timeout_s=PATIENCE_S, what="a claim")
            goal = settled(long_study, "small") + draw.choice((0, 0, 0, 1, 2))
            eventually(lambda n=goal: settled(long_study, "small") >= n, timeout_s=PATIENCE_S)
            kills += nursery.kill()
        assert (kills, nursery.wait()) == (KILLS, 0)
    assert_the_same(program, long_study, finished_long)
    assert attempts(long_study) > 46 + KILLS // 2


def attempts(database):
    """Return how often a trial was claimed."""
    return rows(database, "SELECT count(*) FROM hpsearch_attempts")[0][0]


@pytest.mark.long
def test_fault_8_a_worker_that_slept_through_its_lease(program, long_study, join, finished_long):
    """Another one takes its trials; when it wakes, it says so, once a trial, and takes other work."""
    sleeper = join("--lease", 1)
    mine = stop(sleeper, long_study)
    other = join("--lease", 1)
    taken = "SELECT count(*) FROM hpsearch_attempts WHERE study_id = 1 AND attempt = ? AND number = ?"
    eventually(
        lambda: all(rows(long_study, taken, attempt + 1, n) == [(1,)] for n, attempt in mine),
        timeout_s=PATIENCE_S,
        what="another attempt of each",
    )
    os.kill(sleeper.pid, signal.SIGCONT)
    runs = [ended(process, timeout_s=PATIENCE_S) for process in (sleeper, other)]
    assert [run.code for run in runs] == [0, 0], runs
    lost = [line for line in runs[0].err.splitlines() if "dropped here" in line or "is dropped" in line]
    numbers = [word for line in lost for word in line.replace(",", "").split() if word.isdigit()]
    assert numbers == [str(n) for n, _ in mine]
    assert "Traceback" not in runs[0].err + runs[1].err
    outcomes = {(n, a): outcome for n, a, outcome in rows(long_study, _MINE, sleeper.pid)}
    assert {outcomes[claim] for claim in mine} == {"expired"}
    assert "finished" in outcomes.values(), "it took no other work"
    assert_the_same(program, long_study, finished_long)


@pytest.mark.long
def test_fault_9_a_worker_that_slept_for_half_its_lease(program, long_study, join, finished_long):
    """Nobody takes its trials, though another worker looks for some all the time."""
    both = [join("--lease", 4), join("--lease", 4)]
    mine = stop(both[0], long_study)
    left = (
        "SELECT min(lease_until) - (julianday('now') - 2440587.5) * 86400 FROM hpsearch_attempts "
        "JOIN hpsearch_workers USING (worker_id) WHERE pid = ? AND open"
    )
    eventually(lambda: rows(long_study, left, both[0].pid)[0][0] < 2, what="half of the lease")
    assert claims_of(long_study, both[0]) == mine
    os.kill(both[0].pid, signal.SIGCONT)
    assert [ended(process, timeout_s=PATIENCE_S).code for process in both] == [0, 0]
    assert rows(long_study, "SELECT max(attempt) FROM hpsearch_attempts") == [(1,)]
    assert_the_same(program, long_study, finished_long)


@pytest.fixture
def by_hand(long_study):
    """Return Optuna's own door to the study's database."""
    options = {"poolclass": sa.NullPool, "connect_args": {"timeout": 60}}
    storage = RDBStorage(f"sqlite:///{long_study}", engine_kwargs=options)
    yield storage
    storage.remove_session()
    storage.engine.dispose()


def test_fault_30_a_study_deleted_under_a_worker(long_study, join, by_hand):
    """What it trained is dropped, the line says why, and it ends with 3."""
    worker = join()
    stop(worker, long_study)  # Optuna deletes the trials it has read, not those that are claimed meanwhile
    optuna.delete_study(study_name="small", storage=by_hand)
    os.kill(worker.pid, signal.SIGCONT)
    run = ended(worker, timeout_s=PATIENCE_S)
    assert run.code == 3
    last = run.err.splitlines()[-1]
    assert last == "hpsearch: study 'small' was deleted from the database while it was worked on"
    assert "Traceback" not in run.err
    assert rows(long_study, "SELECT count(*) FROM trials") == [(0,)]


@pytest.mark.long
def test_fault_30_a_trial_failed_by_hand_under_a_worker(long_study, join, by_hand):
    """It stays as it was told; the worker says that its result is dropped, and works on to the end."""
    worker = join()
    (number, _), *_ = stop(worker, long_study)
    study = optuna.load_study(study_name="small", storage=by_hand)
    study.tell(number, state=optuna.trial.TrialState.FAIL)
    os.kill(worker.pid, signal.SIGCONT)
    run = ended(worker, timeout_s=PATIENCE_S)
    assert run.code == 0, run.err
    dropped = [line for line in run.err.splitlines() if "drop" in line]
    assert len(dropped) == 1
    assert f"trial {number} " in f"{dropped[0]} "
    assert rows(long_study, "SELECT state FROM trials WHERE study_id = 1 AND number = ?", number) == [
        ("FAIL",)
    ]
    assert settled(long_study, "small") == 40
