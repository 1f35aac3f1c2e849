"""Attempts that failed of their own: the trial is to blame, and no other trial that was claimed with it."""

import json

from hpsearch.search import TrialState
from hpsearch.store import Result


def notes(query, ledger, number=0):
    """Return what is noted of a trial, name -> JSON."""
    sql = (
        "SELECT key, value_json FROM trial_user_attributes JOIN trials USING (trial_id) "
        "WHERE number = :number AND key IN ('error', 'log', 'numbers', 'test')"
    )
    return {key: json.loads(text) for key, text in query(ledger, sql, number=number)}


def test_a_trial_has_exactly_its_attempts_whatever_it_was_claimed_with(worker, ledger):
    """Of three claimed together one fails; the others are finished, and it has two more attempts, alone."""
    claims, tried = worker.claim(0, 1, 2), []
    while claims:
        failed = [claim for claim in claims if claim.number == 1]
        worker.finish(*(claim for claim in claims if claim.number != 1))
        ledger.fail([(claim, "ValueError: bad", {"error": f"attempt {claim.attempt}"}) for claim in failed])
        tried.append([claim.number for claim in claims])
        claims = worker.claim()
    assert tried == [[0, 1, 2], [1], [1]]
    row = ledger.trial(worker.study, 1)
    assert (row.state, row.attempts, row.error) == (TrialState.FAILED, 3, "attempt 3")
    assert row.reason.startswith("given up after 3 attempts alone: ")
    assert row.reason.endswith("ValueError: bad")


def test_what_a_later_attempt_notes_replaces_what_an_earlier_one_noted(worker, ledger, query):
    """A trial that fails, then succeeds, has no error any more."""
    (first,) = worker.claim(0)
    ledger.fail([(first, "it broke", {"error": "traceback", "log": "before"})])
    assert notes(query, ledger) == {"error": "traceback", "log": "before"}
    (again,) = worker.claim()
    shown = {"numbers": {"auc": 0.5}, "test": 0.25, "log": "after\n\x1b[31mred \N{BULLET}"}
    ledger.finish([(again, Result(state=TrialState.COMPLETE, value=0.5, notes=shown))])
    assert notes(query, ledger) == shown
    row = ledger.trial(worker.study, 0)
    assert (row.numbers, row.error, row.log) == ({"auc": 0.5}, None, shown["log"])
    assert ledger.tests(worker.study) == {0: 0.25}


def test_a_stale_claim_notes_nothing(worker, ledger, query, expire):
    """Who lost a trial cannot fail it."""
    (stale,) = worker.claim(0)
    expire(ledger, stale)
    (claim,) = worker.claim()
    ledger.fail([(stale, "it broke", {"error": "traceback"})])
    assert notes(query, ledger) == {}
    assert worker.finish(claim) == [claim]
