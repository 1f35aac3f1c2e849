import dataclasses
from contextlib import closing

import optuna
import pytest
import sqlalchemy as sa

from hpsearch.defaults import LEASE_S
from hpsearch.errors import NotFoundError
from hpsearch.search import TrialState
from hpsearch.search.sampling.box import Box
from hpsearch.store import Control, Database, Ledger, Result, StudyRow
from tests.store.databases import only_postgresql

FAILED = Result(state=TrialState.FAILED, value=None, reason="it broke")


def numbers(claims):
    """Return the numbers of claims."""
    return [claim.number for claim in claims]


def test_claims_carry_what_was_proposed(worker, propose):
    """Parameters come back bit for bit, attempts start at 1, and no two claims share their key."""
    claims = worker.claim(0, 1, 2)
    assert numbers(claims) == [0, 1, 2]
    assert [c.internal for c in claims] == [p.internal for p in propose(0, 1, 2)]
    assert [c.attempt for c in claims] == [1, 1, 1]
    assert len({c.trial_id for c in claims}) == 3
    (other,) = worker.claim(3)
    assert other.token not in {c.token for c in claims}


def test_only_the_next_free_number_is_admitted(worker):
    """A proposal behind or beyond the next number is left alone; numbers stay dense."""
    assert worker.claim(1, 2) == []
    assert numbers(worker.claim(0, 2, 3)) == [0]
    assert numbers(worker.claim(0, 1)) == [1]
    assert numbers(worker.claim(2)) == [2]
    assert worker.claim(2) == []


def test_a_claim_is_never_longer_than_its_limit(worker):
    """Orphans and new trials together are at most ``limit``."""
    worker.ledger.release(worker.claim(0, 1))
    assert numbers(worker.claim(2, 3, limit=1)) == [0]
    assert numbers(worker.claim(2, 3, limit=2)) == [1, 2]
    assert worker.claim(3, limit=0) == []


def test_no_trial_starts_beyond_the_horizon(worker):
    """Four in flight: trial 4 starts when trial 0 is settled, whatever else is."""
    first = worker.claim(*range(10))
    assert numbers(first) == [0, 1, 2, 3]
    worker.finish(*first[1:])
    assert worker.claim(4, 5) == []
    worker.finish(first[0])
    assert numbers(worker.claim(4, 5)) == [4, 5]


def test_fault_11_the_budget_is_exact(worker):
    """Ten trials mean ten, whatever is proposed and whoever fails."""
    done = []
    while claims := worker.claim(*range(len(done), len(done) + 20)):
        worker.ledger.finish([(claim, FAILED) for claim in claims])
        done += numbers(claims)
    assert done == list(range(10))
    assert worker.ledger.snapshot(worker.study).search.counts == {TrialState.FAILED: 10}
    assert worker.ledger.snapshot(worker.study).search.finished


def test_orphans_come_first_lowest_number_first(worker, expire):
    """Released trials are handed out before new ones, with them; one whose worker died goes out alone."""
    claims = worker.claim(0, 1, 2, 3)
    worker.finish(claims[0])
    expire(worker.ledger, claims[3])
    worker.ledger.release([claims[1], claims[2]])
    again = worker.claim(4)
    assert numbers(again) == [1, 2, 4]
    assert [c.attempt for c in again] == [2, 2, 1]
    (alone,) = worker.claim(5)
    assert (alone.number, alone.attempt) == (3, 2)


@pytest.mark.parametrize("lost", ["released", "expired", "buried"])
def test_a_trial_taken_over_is_the_same_trial(worker, hire, expire, lost):
    """A later attempt has the number, the key and the parameters of the first, and a token of its own."""
    (claim,) = worker.claim(0)
    if lost == "released":
        worker.ledger.release([claim])
    elif lost == "expired":
        expire(worker.ledger, claim)
    else:
        worker.ledger.bury([worker.worker_id])
    (again,) = hire(worker.ledger, worker.study, "2@2").claim()
    assert again == dataclasses.replace(claim, attempt=2, token=again.token)
    assert again.token != claim.token


def test_a_report_extends_the_lease(worker, ledger, query):
    """A lease is a minute from the claim, and from each report."""
    (claim,) = worker.claim(0)
    sql = "SELECT lease_until - claimed_at FROM hpsearch_attempts"
    assert query(ledger, sql)[0][0] == pytest.approx(LEASE_S)
    query(ledger, "UPDATE hpsearch_attempts SET lease_until = claimed_at + 1")
    worker.report(claim)
    assert query(ledger, sql)[0][0] == pytest.approx(LEASE_S, abs=5)


def test_reports_and_claims_are_signs_of_life(worker, ledger, query):
    """The worker's beat is on the database's clock."""
    for act in (lambda: worker.claim(0), worker.report):
        query(ledger, "UPDATE hpsearch_workers SET beat_at = 0")
        act()
        ((beat, start),) = query(ledger, "SELECT beat_at, started_at FROM hpsearch_workers")
        assert beat == pytest.approx(start, abs=5)


def test_curves_of_dead_attempts_are_dropped(worker, ledger, expire):
    """A later attempt starts with an empty curve, and a result replaces what was reported."""
    (claim,) = worker.claim(0)
    worker.report(claim, curve=(0.1, 0.2, 0.3))
    assert ledger.trial(worker.study, 0).curve == (0.1, 0.2, 0.3)
    expire(ledger, claim)
    (again,) = worker.claim()
    assert ledger.trial(worker.study, 0).curve == ()
    worker.report(again, curve=(0.5, 0.6))
    worker.finish(again, value=0.7, curve=(0.7,))
    assert ledger.trial(worker.study, 0).curve == (0.7,)


@pytest.mark.parametrize("death", ["expired", "crashed"])
def test_fault_37_a_trial_that_kills_its_workers_fails_alone(worker, ledger, expire, death):
    """Its neighbours are trained again, each alone; it fails for good after three deaths alone."""
    claims = worker.claim(0, 1, 2)
    poison, done, attempts = 1, [], []
    while claims:
        worker.report(*claims)
        if poison in numbers(claims):
            attempts.append(numbers(claims))
            expire(ledger, *claims) if death == "expired" else ledger.crash(claims, "ValueError: bad")
        else:
            done += numbers(worker.finish(*claims))
        claims = worker.claim()
    assert attempts == [[0, 1, 2], [1], [1], [1]]
    assert done == [0, 2]
    row = ledger.trial(worker.study, poison)
    assert (row.state, row.value, row.curve, row.attempts) == (TrialState.FAILED, None, (), 4)
    reason = "given up after 3 attempts alone: "
    cause = "its worker died" if death == "expired" else "its training raised ValueError: bad"
    assert row.reason == reason + cause
    assert ledger.row(worker.study).settled_prefix == 3


def test_releasing_never_exhausts_a_trial(worker):
    """Handing back is not dying."""
    for attempt in range(1, 8):
        (claim,) = worker.claim(0)
        assert claim.attempt == attempt
        worker.ledger.release([claim])


def test_the_dead_are_buried_and_the_living_left_alone(worker, ledger, study, hire):
    """The claims of a dead worker are orphans at once; it is no longer among the living."""
    other = hire(ledger, study, "2@2")
    worker.claim(0, 1)
    other.claim(2)
    assert ledger.living_on(study, "here") == {worker.worker_id: "1@1", other.worker_id: "2@2"}
    assert ledger.living_on(study, "there") == {}
    ledger.bury([worker.worker_id])
    ledger.bury([])
    assert ledger.row(study).orphans == 2
    assert ledger.living_on(study, "here") == {other.worker_id: "2@2"}
    assert numbers(other.claim()) == [0]
    assert numbers(other.claim()) == [1]


def test_a_worker_that_retires_is_gone(worker, ledger, study):
    """It keeps its row and is not counted any more."""
    assert ledger.snapshot(study).search.workers == 1
    ledger.retire(worker.worker_id)
    assert ledger.snapshot(study).search.workers == 0
    assert ledger.living_on(study, "here") == {}


def test_the_schedule_says_where_a_study_stands(worker, ledger, study):
    """Admitted, settled in front, orphans, unsettled."""

    def counts():
        schedule = ledger.row(study)
        assert (schedule.budget, schedule.control) == (10, Control.RUN)
        return (schedule.admitted, schedule.settled_prefix, schedule.orphans, schedule.unsettled)

    assert ledger.row(study) == StudyRow(admitted=0, budget=10)
    claims = worker.claim(0, 1, 2)
    worker.finish(claims[0], claims[2])
    assert counts() == (3, 1, 0, 1)
    ledger.release([claims[1]])
    assert counts() == (3, 1, 1, 1)
    worker.finish(*worker.claim())
    assert counts() == (3, 3, 0, 0)


def test_a_round_is_stored_with_its_box(worker, propose, query):
    """The proposal that opens a round leaves box and reason."""
    first, second = propose(0, 1)
    box = Box(low=(0.0, 0.25), high=(1.0, 0.5), reason="because")
    opened = dataclasses.replace(second, stage="round 1", opens=box)
    ledger = worker.ledger
    ledger.claim(worker.study, worker_id=1, proposals=[first, opened], limit=2)
    sql = "SELECT first_number, stage, CAST(low AS TEXT), CAST(high AS TEXT), reason FROM hpsearch_rounds"
    assert query(ledger, sql) == [(1, "round 1", "[0.0, 0.25]", "[1.0, 0.5]", "because")]


def test_a_number_that_is_none_is_refused(worker, ledger):
    """NaN and infinity never reach the database: the whole call is undone."""
    first, second = worker.claim(0, 1)
    bad = Result(state=TrialState.COMPLETE, value=float("nan"))
    good = Result(state=TrialState.COMPLETE, value=0.5)
    with pytest.raises(ValueError, match=r"value: expected a finite number, found nan"):
        ledger.finish([(first, good), (second, bad)])
    with pytest.raises(ValueError, match=r"intermediate_value: expected a finite number, found inf"):
        worker.report(first, curve=(float("inf"),))
    assert ledger.trial(worker.study, 0).state is TrialState.RUNNING
    assert worker.finish(first, second) == [first, second]


def test_a_result_says_what_it_is():
    """A result is settled, and has a value exactly when the trial did not fail."""
    with pytest.raises(ValueError, match="state: expected a settled state, found RUNNING"):
        Result(state=TrialState.RUNNING, value=None)
    with pytest.raises(ValueError, match=r"value: expected one .* found 0\.5"):
        Result(state=TrialState.FAILED, value=0.5)
    with pytest.raises(ValueError, match=r"value: expected one .* found None"):
        Result(state=TrialState.PRUNED, value=None)


def test_studies_do_not_meet(ledger, terms, hire):
    """Two studies in one database have numbers, orphans and workers of their own."""
    one, other = (hire(ledger, ledger.open_study(terms(name))) for name in ("one", "other"))
    first = one.claim(0, 1)
    assert numbers(other.claim(0)) == [0]
    ledger.release(first)
    assert other.claim() == []
    assert ledger.row(other.study).admitted == 1
    assert numbers(one.claim()) == [0, 1]


def test_fault_30_a_study_deleted_under_a_worker_ends_its_work_with_a_message(worker, storage):
    """Claiming says that the study is gone; what was in hand is dropped."""
    claims = worker.claim(0)
    optuna.delete_study(study_name="study", storage=storage)
    with pytest.raises(NotFoundError, match="study 'study' was deleted from the database while"):
        worker.claim(1)
    assert worker.report(*claims) == worker.finish(*claims) == []


@only_postgresql
def test_a_claim_does_not_wait_for_those_who_finish(ledger, study, worker, hire):
    """A live trial's row is held by its own worker alone: 64 of them would queue for each other's."""
    (held,) = worker.claim(0, limit=1)
    other = hire(ledger, study, "2@2")
    lock = sa.text("SELECT FROM hpsearch_attempts WHERE trial_id = :trial FOR UPDATE")
    hurry = sa.text("SET LOCAL lock_timeout = 1")
    url = ledger.database.secret_url
    with closing(Ledger(url, patience_s=0)) as hasty, closing(Database(url)) as door:
        sa.event.listen(hasty.database.engine, "begin", lambda connection: connection.execute(hurry))
        with door.engine.begin() as connection:
            connection.execute(lock, {"trial": held.trial_id})
            other.ledger = hasty
            assert [claim.number for claim in other.claim(1, limit=1)] == [1]
