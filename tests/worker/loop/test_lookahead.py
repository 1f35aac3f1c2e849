"""How far ahead a worker proposes."""

import pytest

from hpsearch.search import Candidate, ConfirmPlan, History, SearchPlan
from hpsearch.store import Claim
from hpsearch.worker.loop.lookahead import claim_size, next_lead, next_proposals


def _claim(number):
    return Claim(trial_id=number + 1, number=number, attempt=1, token="t", internal=())


def test_a_worker_that_nobody_overtakes_proposes_for_its_own_trials_alone():
    """A lead that is not needed is halved, again and again."""
    assert next_lead(0, 10, [_claim(10)]) == 0
    assert next_lead(3, 10, [_claim(10), _claim(11)]) == 1
    assert next_lead(64, 10, [_claim(10)]) == 32


def test_a_worker_that_comes_away_empty_handed_doubles_its_lead():
    """After a few lost races it is ahead of everybody."""
    leads = [0]
    for _ in range(4):
        leads.append(next_lead(leads[-1], 10, []))
    assert leads == [0, 1, 3, 7, 15]


def test_a_worker_that_was_overtaken_leads_by_as_much():
    """Three trials were admitted between its look and its claim: it proposes for three more next time."""
    assert next_lead(1, 10, [_claim(13)]) == 3
    assert next_lead(20, 10, [_claim(13)]) == 10


def test_a_trial_taken_over_is_no_sign_of_being_ahead():
    """A trial that another worker left behind has an old number, and does not raise the lead."""
    assert next_lead(2, 10, [_claim(4)]) == 1


def test_a_worker_that_holds_the_study_begins_no_proposal_after_its_time(ledger, study, spec):
    """Without a limit it proposes for all that it is asked for."""
    plan, schedule, nothing = SearchPlan(spec), ledger.row(study), History.empty(len(spec.space))
    found, _ = next_proposals(plan, nothing, schedule, 3)
    assert [p.number for p in found] == [0, 1, 2]
    assert next_proposals(plan, nothing, schedule, 3, within_s=0.0) == ([], None)


@pytest.mark.parametrize(
    ("fleet", "waits", "size"), [(2, False, 5), (2, True, 3), (1, False, 6), (4, False, 3), (64, False, 1)]
)
def test_confirming_runs_are_claimed_in_equal_parts(spec, fleet, waits, size):
    """30 runs, 12 in flight: six claims of five by two workers, halves where one has waited or is alone."""
    finalists = tuple(Candidate(internal=(float(n), 0.0), number=n) for n in range(6))
    plan = ConfirmPlan(spec, finalists)
    assert plan.parallelism == 12
    assert claim_size(plan, 30, fleet=fleet, waits=waits) == size


def test_trials_of_a_search_are_claimed_by_half_a_share(spec):
    """They may stop early, and the horizon moves with the slowest worker."""
    assert claim_size(SearchPlan(spec), 40, fleet=2) == spec.parallelism // 4
