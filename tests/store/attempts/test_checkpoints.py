"""Where trials have got to that were cut short: one row each, its holder's, gone once it is settled."""

import dataclasses
import hashlib

import optuna
import pytest

from hpsearch.search import TrialState
from hpsearch.store import Result, StoredCheckpoint

COUNT = "SELECT trial_id, attempt, epoch, digest FROM hpsearch_checkpoints ORDER BY trial_id"


def saved(claim, epoch, *, data=b"lane \x00\xff"):
    """Return where a trial has got to."""
    return StoredCheckpoint(
        trial_id=claim.trial_id,
        attempt=claim.attempt,
        curve=tuple(1 / n for n in range(3, 3 + epoch)),
        digest=hashlib.sha256(data).hexdigest(),
        data=data,
    )


@pytest.fixture
def save(ledger, study):
    """Return a function that stores where claims have got to; it returns those that were taken."""
    return lambda epoch, *claims, **more: ledger.save_checkpoints(
        study, [(claim, saved(claim, epoch, **more)) for claim in claims]
    )


def test_what_was_saved_is_read_bit_for_bit(worker, ledger, save):
    """Curve, bytes and digest; a state that the artifact store holds has no bytes here."""
    first, second, third = worker.claim(0, 1, 2)
    assert save(3, first) == [first]
    elsewhere = dataclasses.replace(saved(second, 2), data=None)
    assert ledger.save_checkpoints(worker.study, [(second, elsewhere)]) == [second]
    found = ledger.checkpoints([first, second, third])
    assert found == {first: saved(first, 3), second: elsewhere}
    assert elsewhere.artifact == f"checkpoints/{second.trial_id}-1-{elsewhere.digest}"


def test_a_later_checkpoint_replaces_an_earlier_one(worker, ledger, save, query):
    """One row a trial, also when the same is saved twice because an answer was lost."""
    claim, neighbor = worker.claim(0, 1)
    save(1, claim, neighbor)
    assert save(2, claim, data=b"later") == [claim]
    assert save(2, claim, data=b"later") == [claim]
    assert [row[:3] for row in query(ledger, COUNT)] == [(claim.trial_id, 1, 2), (neighbor.trial_id, 1, 1)]
    assert ledger.checkpoints([claim])[claim].data == b"later"


@pytest.mark.parametrize("lost", ["released", "expired"])
def test_the_next_attempt_finds_it_and_a_stale_one_is_refused(worker, ledger, save, expire, lost):
    """Only who holds the trial may save; what an earlier attempt has saved stays until then."""
    (stale,) = worker.claim(0)
    save(2, stale)
    if lost == "released":
        ledger.release([stale], {stale: "after epoch 2"})
        assert save(9, stale) == []
    else:
        expire(ledger, stale)
    (claim,) = worker.claim()
    assert ledger.checkpoints([claim]) == {claim: saved(stale, 2)}
    assert save(9, stale) == []
    assert save(3, claim, stale) == [claim]
    assert ledger.checkpoints([claim])[claim] == saved(claim, 3)


def test_it_goes_when_the_trial_is_settled(worker, ledger, save, query):
    """Finished or failed; the neighbor's stays."""
    first, second, third = worker.claim(0, 1, 2)
    save(2, first, second, third)
    worker.finish(first)
    ledger.finish([(second, Result(state=TrialState.FAILED, value=None, reason="it broke"))])
    assert [row[0] for row in query(ledger, COUNT)] == [third.trial_id]
    ledger.retry(worker.study, 1)
    (again,) = worker.claim(limit=1)
    assert again.number == 1
    assert ledger.checkpoints([again]) == {}


def test_it_goes_when_the_trial_is_given_up(worker, ledger, save, query):
    """A trial that crashes alone again and again fails for good; nothing of it stays behind."""
    for epoch in (1, 2, 3):
        (claim,) = worker.claim(0, limit=1)
        save(epoch, claim)
        ledger.crash([claim], "ValueError: bad")
    assert [row[:3] for row in query(ledger, COUNT)] == [(claim.trial_id, 3, 3)]
    worker.claim()
    assert query(ledger, "SELECT state FROM trials") == [("FAIL",)]
    assert query(ledger, COUNT) == []


def test_it_goes_when_somebody_settles_the_trial_by_hand(worker, ledger, save, query, storage):
    """The holder's next checkpoint is refused, and the next claim removes the row."""
    (claim,) = worker.claim(0)
    save(1, claim)
    storage.set_trial_state_values(claim.trial_id, optuna.trial.TrialState.FAIL)
    assert save(2, claim) == []
    worker.claim(1)
    assert query(ledger, COUNT) == []


def test_a_trial_handed_back_says_where_it_had_got_to(worker, ledger, query):
    """The note stands with the attempt that got there, not with its neighbor's."""
    first, second = worker.claim(0, 1)
    ledger.release([first, second], {second: "after epoch 7"})
    notes = query(ledger, "SELECT number, outcome, note FROM hpsearch_attempts ORDER BY number")
    assert notes == [(0, "released", None), (1, "released", "after epoch 7")]
