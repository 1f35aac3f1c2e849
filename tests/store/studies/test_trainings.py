"""The trainings that a verdict needs: one worker at a time has each, and it is kept until the verdict is."""

import pytest

from hpsearch.search import Verdict
from hpsearch.store.studies.trainings import count_trainings

KEYS = [f"{n:064x}" for n in range(6)]
ROWS = "SELECT key, worker_id, ended_at IS NOT NULL, data FROM hpsearch_trainings ORDER BY key"


def half(free):
    """Return how many of the free trainings are taken: half of them, rounded up."""
    return -(-free // 2)


@pytest.fixture
def claim(ledger, study):
    """Return a function that claims half of what is free for a worker; it returns places among the keys."""

    def claim(worker, keys=KEYS):
        claimed = ledger.claim_trainings(study, keys, worker_id=worker.worker_id, limit=half)
        return [KEYS.index(key) for key in claimed.keys], claimed.left

    return claim


def test_two_workers_get_different_trainings_until_all_have_ended(ledger, study, hire, claim):
    """What has ended is claimed by neither; the number that is left counts what another has in hand."""
    first, second = hire(ledger, study), hire(ledger, study, "2@2")
    assert claim(first) == ([0, 1, 2], 6)
    assert claim(second) == ([3, 4], 6)
    ledger.store_trainings(study, {KEYS[n]: b"%d" % n for n in range(3)})
    assert claim(first) == ([5], 3)
    ledger.store_trainings(study, {KEYS[5]: None})
    assert claim(first) == ([], 2)
    ledger.store_trainings(study, {KEYS[3]: b"3", KEYS[4]: b"4"})
    assert claim(first) == claim(second) == ([], 0)
    assert ledger.kept_trainings(study, KEYS) == {KEYS[n]: b"%d" % n for n in range(5)}


def test_what_is_wanted_later_is_counted_and_not_taken(worker):
    """The number that a verdict needs is whole from the first claim on, so a bar of it does not grow."""
    ledger, study = worker.ledger, worker.study
    claimed = ledger.claim_trainings(
        study, KEYS[:3], worker_id=worker.worker_id, limit=lambda free: free, later=KEYS[3:]
    )
    assert (claimed.keys, claimed.left) == (tuple(KEYS[:3]), 3)
    assert ledger.database.read(lambda tx: count_trainings(tx, study)) == (0, 6)
    again = ledger.claim_trainings(study, KEYS[3:], worker_id=worker.worker_id, limit=lambda free: free)
    assert again.keys == tuple(KEYS[3:])


def test_a_claim_whose_answer_was_lost_is_made_again(worker, claim):
    """The worker gets what it has in hand already, and nothing of it is lost until a lease runs out."""
    assert claim(worker) == ([0, 1, 2], 6)
    assert claim(worker) == ([0, 1, 2], 6)


LOST = {
    "ended": lambda ledger, _study, worker_id: ledger.retire(worker_id),
    "handed back": lambda ledger, study, worker_id: ledger.free_trainings(study, worker_id),
}
"""How a worker has lost what it had in hand -> what the ledger is asked to do."""


@pytest.mark.parametrize("how", LOST)
def test_what_a_lost_worker_had_is_free_again(worker, hire, claim, how):
    """It has ended, or it has handed back what it did not train."""
    ledger, study = worker.ledger, worker.study
    second = hire(ledger, study, "2@2")
    assert claim(worker) == ([0, 1, 2], 6)
    ledger.extend_trainings(study, worker.worker_id)
    assert claim(second) == ([3, 4], 6)
    LOST[how](ledger, study, worker.worker_id)
    assert claim(second) == ([0, 1, 2], 6)


def test_a_lease_runs_out_unless_it_is_extended(worker, hire, claim, query):
    """Then another worker gets what it was for."""
    ledger, study = worker.ledger, worker.study
    second = hire(ledger, study, "2@2")
    claim(worker)
    query(ledger, "UPDATE hpsearch_trainings SET lease_until = 1")
    ledger.extend_trainings(study, worker.worker_id)
    assert claim(second) == ([3, 4], 6)
    query(ledger, "UPDATE hpsearch_trainings SET lease_until = 1")
    assert claim(second) == ([0, 1, 2], 6)


def test_where_a_training_has_got_to_is_stored_by_the_worker_that_has_it(worker, hire, claim):
    """The next worker reads it; a worker that has lost it, or has ended it, changes nothing any more."""
    ledger, study = worker.ledger, worker.study
    second = hire(ledger, study, "2@2")
    claim(worker)
    ledger.save_trainings(study, worker.worker_id, {KEYS[0]: b"epoch 1", KEYS[1]: b"epoch 1"})
    ledger.save_trainings(study, second.worker_id, {KEYS[0]: b"of another"})
    ledger.store_trainings(study, {KEYS[1]: b"1"})
    ledger.save_trainings(study, worker.worker_id, {KEYS[1]: b"epoch 2"})
    assert ledger.midway_trainings(study, KEYS) == {KEYS[0]: b"epoch 1"}
    assert ledger.kept_trainings(study, KEYS) == {KEYS[1]: b"1"}


def test_what_is_shared_out_is_counted(worker, claim):
    """A run that left something in passing is no training of the verdict; what has ended is counted so."""
    ledger, study = worker.ledger, worker.study
    ledger.store_trainings(study, {"f" * 64: b"a confirming run"})
    assert ledger.read(lambda tx: count_trainings(tx, study)) == (0, 0)
    claim(worker)
    ledger.store_trainings(study, {KEYS[0]: b"0", KEYS[1]: None})
    assert ledger.read(lambda tx: count_trainings(tx, study)) == (2, 6)


def test_the_stored_verdict_makes_all_of_it_superfluous(ledger, study, worker, claim, query):
    """The rows go with it, and a worker that comes late finds nothing to train."""
    claim(worker)
    ledger.store_trainings(study, {KEYS[0]: b"0"})
    assert len(query(ledger, ROWS)) == len(KEYS)
    ledger.set_verdict(study, Verdict(number=0, value=0.5, params={}, mean=0.5))
    assert query(ledger, ROWS) == []
    assert claim(worker) == ([], 0)
    assert query(ledger, ROWS) == []
