"""Several real processes at one file."""

import multiprocessing
from collections import Counter

import numpy as np
import pytest

from hpsearch.search import Proposal, TrialState
from hpsearch.store import Ledger, Result, WorkerIdentity
from tests.store.databases import long_on_postgresql

SPAWN, FORK = multiprocessing.get_context("spawn"), multiprocessing.get_context("fork")
TRIALS = 1000
DONE = Result(state=TrialState.COMPLETE, value=0.5, curve=(0.25, 0.5))
PATIENCE_S = 120

_shared = {}


def share(barrier):
    """Note, in a new process, where all of them meet."""
    _shared["barrier"] = barrier


def lead(answer, n, function, tasks):
    """Fork ``n`` processes of one that has imported everything and opened nothing; send their answers."""
    with FORK.Pool(n, initializer=share, initargs=(FORK.Barrier(n),)) as pool:
        answer.send(pool.starmap_async(function, tasks, chunksize=1).get(PATIENCE_S))


def work(place, url, space):
    """Claim, hand every seventh trial back once, finish the rest; return number and attempt of each."""
    ledger = Ledger(url)
    study = ledger.find_study(None)
    worker_id = ledger.enlist(study, WorkerIdentity(host="here", process=f"{place}@1", pid=place))
    middle = space.from_unit(np.full(len(space), 0.5))
    _shared["barrier"].wait(PATIENCE_S)
    taken = []
    while (schedule := ledger.row(study)).settled_prefix < TRIALS:
        numbers = range(schedule.admitted, min(TRIALS, schedule.admitted + 8))
        proposals = [Proposal(number=n, internal=middle, stage="round 0") for n in numbers]
        claims = ledger.claim(study, worker_id=worker_id, proposals=proposals, limit=8)
        back = [c for c in claims if c.number % 7 == 0 and c.attempt == 1]
        ledger.release(back)
        taken += ledger.finish([(c, DONE) for c in claims if c not in back])
    ledger.close()
    return [(c.number, c.attempt) for c in taken]


def create(_place, url, terms):
    """Open a database that is not there yet, and a study in it; return what was found."""
    _shared["barrier"].wait(PATIENCE_S)
    ledger = Ledger(url, create=True)
    study = ledger.open_study(terms)
    ledger.close()
    return study


@pytest.fixture
def together():
    """Return a function that runs another in ``n`` processes at the same moment and returns their answers."""

    def together(n, function, *arguments):
        ours, its = SPAWN.Pipe(duplex=False)
        tasks = [(place, *arguments) for place in range(n)]
        leader = SPAWN.Process(target=lead, args=(its, n, function, tasks))
        leader.start()
        its.close()
        with ours:
            found = ours.recv()
        leader.join()
        return found

    return together


@long_on_postgresql
def test_fault_10_two_processes_never_get_the_same_trial(ledger, terms, space, together, query):
    """A thousand trials: no number twice, none left out, each by the attempt it should be."""
    study = ledger.open_study(terms(budget=TRIALS, parallelism=32))
    one, other = together(2, work, ledger.database.secret_url, space)
    counts = Counter(one + other)
    assert set(counts.values()) == {1}
    assert sorted(counts) == [(n, 2 if n % 7 == 0 else 1) for n in range(TRIALS)]
    assert min(len(one), len(other)) >= 10  # both took part; SQLite promises no fairness
    history = ledger.history(study).history
    assert history.settled_prefix == len(history.complete) == TRIALS
    if ledger.database.path is not None:
        assert query(ledger, "PRAGMA integrity_check") == [("ok",)]
        assert query(ledger, "PRAGMA foreign_key_check") == []


@long_on_postgresql
def test_fault_12_46_eight_processes_open_an_empty_database_at_once(empty_url, terms, together):
    """One makes the tables, one makes the study, and all of them go on with the same one."""
    studies = together(8, create, empty_url, terms())
    assert studies == [studies[0]] * 8
    ledger = Ledger(empty_url)
    assert ledger.study_names() == ["study"]
    ledger.close()
