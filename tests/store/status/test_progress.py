"""Where a study stands and who is at work, on every kind of database: one look, and the looks after it."""

import dataclasses

import pytest

from hpsearch.search import Stopped, StopRule, TrialState, Verdict
from hpsearch.search.sampling.box import Box
from hpsearch.store import Event, EventKind, Result, Terms
from hpsearch.store.status.active_workers import HeldTrial

ATTEMPTED = (EventKind.RELEASED, EventKind.EXPIRED, EventKind.CRASHED, EventKind.TAKEN_OVER)
FAILED = Result(state=TrialState.FAILED, value=None, reason="it broke")


@pytest.fixture
def look(ledger, study):
    """Return a function that looks at the study, reading on from an earlier look."""
    return lambda known=None: ledger.snapshot(study, known)


def told(progress, *kinds):
    """Return trial and worker of what has happened, in order; of some kinds alone."""
    return [(e.kind, e.number, e.worker) for e in progress.events if not kinds or e.kind in kinds]


def test_a_study_that_nobody_works_on(look):
    """Nothing is known: no stage, no best, no rate, nobody, nothing has happened."""
    progress = look()
    assert (progress.stage, progress.confirm, progress.box, progress.bests) == (None, None, None, ())
    assert (progress.per_minute, progress.left_s, progress.fleet, progress.events) == (None, None, (), ())
    assert (progress.search.settled, progress.search.budget, progress.done) == (0, 10, False)


def test_it_agrees_with_the_status(worker, ledger, study, look, space, propose):  # noqa: PLR0917 - fixtures
    """Counts, best and its parameters are those that ``status`` and ``trial`` tell."""
    claims = worker.claim(0, 1, 2, 3)
    for claim, value in zip(claims[:3], (0.5, 0.75, 0.75), strict=True):
        worker.finish(claim, value=value)
    progress = look()
    assert progress.search == ledger.snapshot(study).search
    assert progress.under_way is progress.search
    assert progress.bests == ((0, 0.5), (1, 0.75))
    assert progress.best_params == space.external(propose(1)[0].internal)
    assert progress.stage == "round 0"


def test_the_running_maximum_goes_by_number(worker, ledger, look, query):
    """A trial is in it when all of lower numbers are worse, whoever was first; the event goes by time."""
    claims = worker.claim(0, 1, 2, 3)
    for claim, value in zip(reversed(claims), (0.4, 0.6, 0.5, 0.3), strict=True):
        worker.finish(claim, value=value)
    for claim in claims:  # they may have ended within one millisecond, all that SQLite's clock tells apart
        at = f"2026-01-01 00:00:0{9 - claim.number}.000000"
        query(ledger, "UPDATE trials SET datetime_complete = :at WHERE number = :n", at=at, n=claim.number)
    progress = look()
    assert progress.bests == ((0, 0.3), (1, 0.5), (2, 0.6))
    assert [number for _, number, _ in told(progress, EventKind.BEST)] == [2]


def test_a_later_look_sees_the_same(worker, ledger, look, query):
    """Reading on from any earlier look gives what a fresh look gives, and leaves the settled trials alone."""
    looks = [look()]
    for claim in worker.claim(0, 1, 2, 3):
        looks.append(look(looks[-1]))
        worker.finish(claim, value=0.1 * claim.number)
    fresh = dataclasses.replace(look(), at=0.0, per_minute=None)
    for known in looks:
        assert dataclasses.replace(look(known), at=0.0, per_minute=None) == fresh
    last = look(looks[-1])
    query(ledger, "UPDATE trials SET state = 'FAIL' WHERE number = 0")  # what nobody may do, and nobody reads
    assert look(last).search.counts == {TrialState.COMPLETE: 4}
    assert look().search.counts == {TrialState.COMPLETE: 3, TrialState.FAILED: 1}


def test_a_trial_that_is_tried_again_is_counted_anew(worker, ledger, study, look):
    """An earlier look counts for nothing once a failed trial may be tried again."""
    (claim,) = worker.claim(0)
    ledger.finish([(claim, FAILED)])
    known = look()
    assert known.search.counts == {TrialState.FAILED: 1}
    assert told(known, EventKind.FAILED) == [(EventKind.FAILED, 0, None)]
    ledger.retry(study, 0)
    assert look(known).search.counts == {TrialState.RUNNING: 1}
    assert look(known).search.orphans == 1


def test_who_is_at_work_and_on_what(ledger, study, hire, look):
    """Each worker with its trials, the epochs it has reported, and its last sign of life."""
    one, other = hire(ledger, study, "1@1"), hire(ledger, study, "2@2")
    first, second = one.claim(0, 1)
    one.report(first, curve=(0.1, 0.2, 0.3))
    progress = look()
    assert [(w.host, w.pid, w.silent) for w in progress.fleet] == [("here", 1, False), ("here", 2, False)]
    busy, idle = progress.fleet
    assert busy.hands == (
        HeldTrial(number=0, attempt=1, epoch=3),
        HeldTrial(number=second.number, attempt=1, epoch=0),
    )
    assert idle.hands == ()
    assert 0 <= progress.at - busy.beat_at < 60
    ledger.retire(other.worker_id)
    assert [w.pid for w in look().fleet] == [1]
    assert told(look(), EventKind.LEFT) == [(EventKind.LEFT, None, "here 2")]


def test_a_worker_that_misses_its_beats_is_silent_then_lost(ledger, study, hire, look, query):
    """First it is shown as silent; once its claims have expired another takes its trial over."""
    dead, heir = hire(ledger, study, "1@1"), hire(ledger, study, "2@2")
    dead.claim(0)
    query(ledger, "UPDATE hpsearch_workers SET beat_at = beat_at - 59 WHERE pid = 1")
    assert [(w.pid, w.silent) for w in look().fleet] == [(1, True), (2, False)]
    ledger.bury([dead.worker_id])
    assert look().search.orphans == 1
    heir.claim()
    progress = look()
    assert [(w.pid, [h.attempt for h in w.hands]) for w in progress.fleet] == [(2, [2])]
    assert told(progress, EventKind.LEFT) == []
    assert told(progress, EventKind.LOST) == [(EventKind.LOST, None, "here 1")]
    assert told(progress, *ATTEMPTED) == [
        (EventKind.EXPIRED, 0, "here 1"),
        (EventKind.TAKEN_OVER, 0, "here 2"),
    ]


def test_what_was_broken_off_says_why(worker, ledger, look):
    """A crash has its error; a trial that was handed back has none."""
    first, second = worker.claim(0, 1)
    ledger.crash([first], "ValueError: bad")
    ledger.release([second])
    found = {event.kind: event.note for event in look().events}
    assert (found[EventKind.CRASHED], found[EventKind.RELEASED]) == ("ValueError: bad", "")


def test_the_box_of_a_round_is_in_the_parameters_own_units(worker, ledger, study, look, propose):
    """It is there while the newest trial is of a round; that the round began is told."""
    box = Box(low=(0.0, 0.0, 0.0), high=(1.0, 0.5, 1.0), reason="because")
    (proposal,) = propose(0)
    ledger.claim(
        study,
        worker_id=worker.worker_id,
        proposals=[dataclasses.replace(proposal, opens=box)],
        limit=1,
    )
    progress = look()
    assert progress.box["lr"] == pytest.approx((1e-4, 1e-1))
    assert progress.box["width"] == (4, 15)
    (event,) = (e for e in progress.events if e.kind is EventKind.ROUND)
    assert (event.number, event.note) == (0, "round 0: because")
    ledger.claim(
        study,
        worker_id=worker.worker_id,
        proposals=[dataclasses.replace(p, stage="tpe") for p in propose(1)],
        limit=1,
    )
    assert (look().stage, look().box) == ("tpe", None)


def test_a_rule_that_ends_the_study_is_told(worker, ledger, study, look):
    """With its reason, after the last claim."""
    worker.finish(*worker.claim(0))
    ledger.stop_at(study, Stopped(rule=StopRule.TARGET, number=1, text="trial 0 reached it"))
    (event,) = (e for e in look().events if e.kind is EventKind.ENDED)
    assert event.note == "by target before trial 1: trial 0 reached it"
    assert look().search.stopped.number == 1


def test_rate_and_time_left(worker, ledger, look, query):
    """Trials settled a minute since somebody is at work; none while nobody is."""
    worker.finish(*worker.claim(0, 1, 2, 3))
    assert look().per_minute is None, "the worker has only begun"
    query(ledger, "UPDATE hpsearch_workers SET started_at = started_at - 60")
    progress = look()
    assert 2 < progress.per_minute <= 4
    # 5 finalists and the default race 5 times each. For the verdict 5 refits, half of the runs and 10 trials
    # are trained. All of them are as long as a trial: the contract of this study names no epochs.
    assert progress.ahead == 30 + 5 + 15 + 10
    assert progress.left_s == pytest.approx(60 * (6 + 60) / progress.per_minute)
    ledger.retire(worker.worker_id)
    assert (look().per_minute, look().left_s) == (None, None)


def test_the_confirmation_is_a_stage_of_the_same_study(worker, ledger, study, hire, look):
    """Once the search is settled: its counts, its workers, its runs; then the winner is judged, then done."""
    for numbers in (range(4), range(4, 8), range(8, 10)):
        worker.finish(*worker.claim(*numbers))
    assert (look().stage, look().confirm) == ("confirm", None)
    terms = Terms(
        name="study.confirm",
        contract={"confirms": "study"},
        base="/data",
        budget=2,
        parallelism=2,
        confirms=study,
    )
    runs = hire(ledger, ledger.open_study(terms), "1@1")
    ledger.retire(worker.worker_id)
    one, other = runs.claim(0, 1)
    runs.finish(one, value=0.9)
    progress = look()
    assert (progress.stage, progress.under_way.settled, progress.under_way.end) == ("confirm", 1, 2)
    assert [(w.pid, w.confirms, len(w.hands)) for w in progress.fleet] == [(1, True, 1)]
    assert (progress.search.workers, ledger.status(study).workers) == (1, 0), "of both studies, of the search"
    assert Event(at=progress.events[-1].at, kind=EventKind.COMPLETE, number=0, value=0.9, confirm=True) in (
        progress.events
    )
    assert told(progress, EventKind.LEFT) == [], "it has gone over to the confirmation"
    runs.finish(other)
    assert (look().stage, look().done) == ("deliver", False)
    verdict = Verdict(
        number=0,
        value=0.5,
        params={},
        seeds=1,
        mean=0.5,
        interval=None,
        test={"accuracy": 0.5},
    )
    ledger.set_verdict(study, verdict)
    assert (look().stage, look().done, look().left_s) == ("done", True, None)


def test_a_study_without_a_success_is_done(ledger, hire, terms):
    """There is nothing to confirm."""
    study = ledger.open_study(terms("hopeless", budget=1))
    ledger.finish([(claim, FAILED) for claim in hire(ledger, study).claim(0)])
    assert ledger.snapshot(study).done
