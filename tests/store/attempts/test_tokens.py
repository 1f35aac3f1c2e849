"""What a claim's token is good for: until another holds the trial, and once."""

import dataclasses


def test_a_stale_token_is_refused(worker, ledger, expire):
    """Who lost a trial can neither report on it, nor finish it, nor hand it back."""
    (stale,) = worker.claim(0)
    expire(ledger, stale)
    (claim,) = worker.claim()
    assert worker.report(stale, claim) == [claim]
    assert worker.finish(stale, value=0.9) == []
    ledger.release([stale])
    assert ledger.row(worker.study).orphans == 0
    assert worker.finish(claim, value=0.4) == [claim]
    assert ledger.trial(worker.study, 0).value == 0.4


def test_an_attempt_that_has_ended_never_changes(worker, ledger, query):
    """Also when its successor and its former neighbour, which has the same token, are written of together."""
    first, neighbour = worker.claim(0, 1)
    ledger.release([first])
    (again,) = worker.claim()
    sql = "SELECT outcome, ended_at FROM hpsearch_attempts WHERE number = 0 AND attempt = 1"
    ended = query(ledger, sql)
    assert ended[0][0] == "released"
    assert worker.report(again, neighbour) == [again, neighbour]
    assert query(ledger, sql) == ended
    ledger.crash([again, neighbour], "ValueError: bad")
    assert query(ledger, sql) == ended


def test_a_forged_token_is_refused(worker):
    """The token decides, not the number of the attempt."""
    (claim,) = worker.claim(0)
    forged = dataclasses.replace(claim, token="0" * 32)
    assert worker.report(forged) == worker.finish(forged) == []
    assert worker.finish(claim) == [claim]


def test_a_trial_is_finished_once(worker, ledger):
    """A second result changes nothing but is acknowledged; one that was released is dropped."""
    first, second, third = worker.claim(0, 1, 2)
    assert worker.finish(first, value=0.4) == [first]
    ledger.release([third])
    assert worker.finish(first, second, third, value=0.9) == [first, second]
    assert [ledger.trial(worker.study, n).value for n in range(3)] == [0.4, 0.9, None]


def test_an_expired_claim_that_nobody_took_over_is_still_good(worker, ledger, expire):
    """A worker that slept through its lease loses nothing when nobody wanted the trial meanwhile."""
    claims = worker.claim(0, 1)
    expire(ledger, *claims)
    assert ledger.row(worker.study).orphans == 2
    assert worker.report(claims[0]) == [claims[0]]
    assert ledger.row(worker.study).orphans == 1
    assert worker.finish(*claims) == claims
