"""Workers that are killed in the middle of a verb: it has happened, or it has not."""

import signal
from itertools import count

import pytest

from hpsearch.search import TrialState
from hpsearch.store import Result
from tests.machine.nursery import Nursery
from tests.store.databases import long_on_postgresql
from tests.store.laws.doomed import ANSWER, COMMIT, run

DONE = Result(state=TrialState.COMPLETE, value=0.5, curve=(0.25, 0.5))
TABLES = {
    "trials": "trial_id",
    "trial_params": "param_id",
    "trial_values": "trial_value_id",
    "trial_intermediate_values": "trial_intermediate_value_id",
    "hpsearch_attempts": "trial_id, attempt",
    "hpsearch_studies": "study_id",
    "hpsearch_rounds": "study_id",
}


@pytest.fixture(scope="module")
def nursery():
    """Return what starts processes."""
    with Nursery(run.__module__) as nursery:
        yield nursery


@pytest.fixture
def killed(nursery, ledger):
    """Return a function that has a verb called elsewhere; it tells whether that was killed on the way."""

    def killed(verb, arguments, moment):
        code = nursery.run(run, ledger.database.secret_url, verb, arguments, moment)
        assert code in {0, -signal.SIGKILL}
        return code != 0

    return killed


@pytest.fixture
def books(ledger, query):
    """Return a function that reads every row that the verbs write, signs of life apart."""

    def books():
        return {name: query(ledger, f"SELECT * FROM {name} ORDER BY {key}") for name, key in TABLES.items()}

    return books


@pytest.fixture
def claiming(killed, study, propose):
    """Return a function that lets another process claim trials 0 to 3 and be killed at a moment of that."""
    arguments = {"study": study, "proposals": propose(0, 1, 2, 3), "limit": 4}
    return lambda moment: killed("claim", arguments, moment)


@pytest.fixture
def finishing(killed):
    """Return a function that lets another process finish claims and be killed at a moment of that."""
    return lambda claims, moment: killed("finish", {"results": [(c, DONE) for c in claims]}, moment)


@pytest.fixture
def first_two(ledger, study):
    """Return a function that reads trials 0 and 1."""
    return lambda: [ledger.trial(study, number) for number in (0, 1)]


def moments():
    """Give every moment before the end of a transaction: the commit, then one statement after the other."""
    yield COMMIT
    yield from count(1, 2)  # every second one: a process takes half a second to get there


def killed_at_each(act, books):
    """Act, killed at each moment in turn until there is none left; check that nothing was written before."""
    before = books()
    for moment in moments():
        if not act(moment):
            assert moment > 3, "the transaction has more statements than that"
            return
        assert books() == before


def test_fault_2_killed_between_its_claim_and_its_first_sign_of_life(claiming, ledger, study, worker, query):
    """The lease runs from the claim, and whoever looks on the same machine sees that the process is gone."""
    assert claiming(ANSWER)
    leases = query(ledger, "SELECT lease_until - claimed_at FROM hpsearch_attempts")
    assert leases == [(pytest.approx(ledger.lease_s, abs=1e-3),)] * 4
    assert ledger.row(study).orphans == 0
    ledger.sweep(study)
    assert ledger.row(study).orphans == 4
    again = [claim for _ in range(4) for claim in worker.claim()]
    assert [(claim.number, claim.attempt) for claim in again] == [(n, 2) for n in range(4)]


def test_fault_2_killed_on_another_machine(claiming, ledger, study, worker, query):
    """Nobody sees it there: the trials are free when the lease is over."""
    assert claiming(ANSWER)
    query(ledger, "UPDATE hpsearch_workers SET host = 'elsewhere'")
    ledger.sweep(study)
    assert ledger.row(study).orphans == 0
    query(ledger, "UPDATE hpsearch_attempts SET lease_until = claimed_at")
    assert [claim.attempt for _ in range(4) for claim in worker.claim()] == [2] * 4


def test_fault_2_killed_within_its_claim(claiming, worker, books):
    """No trial was handed out, and the next claim gets them all."""
    before = books()
    for moment in (1, 3, COMMIT):
        assert claiming(moment)
        assert books() == before
    assert [(claim.number, claim.attempt) for claim in worker.claim(0, 1, 2, 3)] == [(n, 1) for n in range(4)]


def test_fault_3_killed_before_its_result_is_stored(finishing, first_two, worker, books, expire):
    """At whatever statement: the trial is still to be trained, and the second result is its only one."""
    claims = worker.claim(0, 1)
    before = books()
    for moment in (1, 2, 3, COMMIT):
        assert finishing(claims, moment)
        assert books() == before
    expire(worker.ledger, *claims)
    again = [claim for _ in claims for claim in worker.claim()]
    assert worker.finish(*again, value=0.75, curve=(0.75,)) == again
    assert finishing(claims, 1_000) is False  # the first process had it in hand all the time, and comes late
    assert [(t.state, t.value, t.attempts) for t in first_two()] == [(TrialState.COMPLETE, 0.75, 2)] * 2
    assert len(books()["trial_values"]) == 2


def test_fault_4_killed_before_it_hears_of_its_result(finishing, ledger, worker, books, first_two):
    """The result is there; whoever delivers it again is told so, and nothing changes."""
    claims = worker.claim(0, 1)
    assert finishing(claims, ANSWER)
    assert [(t.state, t.value, t.curve) for t in first_two()] == [(TrialState.COMPLETE, 0.5, (0.25, 0.5))] * 2
    before = books()
    assert ledger.finish([(claim, DONE) for claim in claims]) == claims
    assert books() == before
    assert worker.claim() == []


@long_on_postgresql
def test_fault_6_killed_while_it_takes_trials_over(claiming, ledger, worker, expire, books):
    """At whatever statement: the dead worker's attempts are as they were, none half begun."""
    expire(ledger, *worker.claim(0, 1, 2, 3))
    killed_at_each(claiming, books)
    outcomes = [(row[1], row[9]) for row in books()["hpsearch_attempts"]]
    assert sorted(outcomes, key=str) == [(1, "expired")] * 4 + [(2, None)]
