"""Workers that others overtake between their look and their claim: more proposals, or none that is good."""

import pytest


@pytest.fixture
def fast(ledger, study, hire):
    """Return another worker at the study."""
    return hire(ledger, study, "2@1")


@pytest.fixture
def asked():
    """Return the numbers below which more proposals were asked for."""
    return []


@pytest.fixture
def claim(worker, propose, asked):
    """Return a function that claims with proposals from a first number on, and gives more when asked."""

    def claim(first, n, *, limit=1):
        def further(end):
            asked.append(end)
            return propose(*range(first, end))

        claims = worker.ledger.claim(
            worker.study,
            worker_id=worker.worker_id,
            proposals=propose(*range(first, first + n)),
            limit=limit,
            further=further,
        )
        return [c.number for c in claims]

    return claim


@pytest.fixture(params=["enqueued", "asked for"])
def add(request, ledger, study, storage):
    """Return a function that lets a trial of somebody else's take the next number."""
    if request.param == "enqueued":
        return lambda: ledger.enqueue(study, {"lr": 0.05})
    return lambda: storage.create_new_trial(storage.get_study_id_from_name(study.name))


def test_proposals_made_without_a_trial_that_was_added_meanwhile_are_void(add, claim, fast, asked):
    """They saw as pending what was never tried: the next look is at what was."""
    add()
    fast.claim(0)
    assert claim(0, 3, limit=3) == []
    assert claim(0, 1) == []
    assert claim(1, 2, limit=3) == [1, 2]
    assert claim(1, 1) == [3]  # its own last claim is one that it knows
    assert asked == [2, 4]


def test_who_was_overtaken_proposes_once_more(claim, fast, asked):
    """It gets the next free number, in the same transaction."""
    fast.claim(0, 1)
    assert claim(0, 2, limit=2) == [2, 3]
    assert asked == [4]


def test_nothing_more_is_asked_for_where_a_proposal_is_left(claim, fast, asked):
    """What was proposed ahead is enough."""
    fast.claim(0, 1)
    assert claim(0, 3, limit=2) == [2]
    assert asked == []


def test_more_proposals_reach_no_farther_than_others(claim, fast):
    """Four are in flight: the fifth waits for the first."""
    held = fast.claim(0, 1, 2, 3)
    assert claim(0, 1) == []
    fast.finish(held[0])
    assert claim(0, 1) == [4]
