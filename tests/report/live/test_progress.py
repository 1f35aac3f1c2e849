"""Where a study stands as words and as JSON: to the letter."""

import dataclasses
import json
import math

import pytest

from hpsearch.report.live.progress import (
    duration,
    event_line,
    progress_lines,
    progress_to_json,
    rate_words,
    sparkline,
    stage_words,
    without_clock,
    worker_words,
)
from hpsearch.report.text import utc
from hpsearch.search import TrialState
from hpsearch.store import ActiveWorker, Control, Event, EventKind, Snapshot, Status
from hpsearch.store.status.active_workers import HeldTrial

AT = 1_700_000_000.0
SEARCH = Status(
    study="digits",
    budget=100,
    counts={TrialState.RUNNING: 4, TrialState.COMPLETE: 30, TrialState.PRUNED: 12},
    best_number=17,
    best_value=0.97777,
    workers=1,
    created_at=AT - 60,
)
BUSY = ActiveWorker(
    worker_id=1,
    host="vm/abc/123",
    pid=7,
    started_at=AT - 50,
    beat_at=AT - 2,
    hands=(
        HeldTrial(number=44, attempt=1, epoch=3),
        HeldTrial(number=45, attempt=1, epoch=5),
        HeldTrial(number=47, attempt=2, epoch=3),
    ),
)
PROGRESS = Snapshot(
    at=AT,
    search=SEARCH,
    stage="round 1",
    box={"lr": (1e-3, 0.1)},
    best_params={"lr": 0.0123456},
    bests=((0, 0.5), (17, 0.97777)),
    per_minute=54.0,
    fleet=(BUSY,),
    events=(Event(at=AT - 1, kind=EventKind.BEST, number=17, value=0.97777),),
)

LINES = """\
digits: 42 of 100 trials settled (30 complete, 12 pruned, 4 running), best 0.9778 (trial 17)
  stage   round 1
  box     lr 0.001 to 0.1
  best    lr = 0.01235
  rate    54 trials a minute, about 1 min 4 s left
  worker  vm 7: trials 44-45 47 at epoch 3-5, last beat 2 s ago"""


def test_a_few_lines():
    """What ``status`` prints of a study that runs."""
    assert "\n".join(progress_lines(PROGRESS)) == LINES


def test_a_silent_worker_and_one_that_waits():
    """Both are told apart from those at work."""
    silent = dataclasses.replace(BUSY, hands=(), silent=True, beat_at=AT - 75)
    last = progress_lines(dataclasses.replace(PROGRESS, fleet=(silent,)))[-1]
    assert last == "  worker  vm 7: waits, last beat 1 min 15 s ago, silent"
    assert worker_words(silent) == ("vm", "waits", "")


def test_a_study_without_a_worker_says_what_goes_on_with_it():
    """A person would wait for nothing otherwise."""
    last = progress_lines(dataclasses.replace(PROGRESS, fleet=()))[-1]
    assert last == "  worker  none at work: hpsearch start FILE or hpsearch worker --study digits goes on"


def test_a_study_that_is_done_is_its_counts():
    """Nothing of stage, box or rate is left."""
    done = Snapshot(at=AT, search=dataclasses.replace(SEARCH, counts={}, best_value=None), stage="done")
    assert progress_lines(done) == ["digits: 0 of 100 trials settled"]


def test_judging_has_a_time_and_no_trials():
    """Its trainings are no trials: the rate of the runs before it says how long they take."""
    settled = dataclasses.replace(SEARCH, counts={TrialState.COMPLETE: 100})
    judging = dataclasses.replace(PROGRESS, stage="deliver", judging=(18, 35), ahead=9.0, search=settled)
    assert rate_words(judging) == "about 10 s left"
    assert "  time    about 10 s left" in progress_lines(judging)
    assert stage_words(judging) == "judging the winner, 18 of 35 trainings"
    waits = dataclasses.replace(BUSY, hands=())
    last = progress_lines(dataclasses.replace(judging, fleet=(waits,)))[-1]
    assert last == "  worker  vm 7: judges, last beat 2 s ago"
    assert progress_to_json(judging)["judging"] == {"ended": 18, "needed": 35}


@pytest.mark.parametrize(
    ("stage", "control", "words"),
    [
        (None, Control.RUN, "about to start"),
        ("tpe", Control.RUN, "tpe"),
        ("deliver", Control.RUN, "judging the winner"),
        ("tpe", Control.PAUSE, "paused"),
        ("done", Control.STOP, "done"),
    ],
)
def test_what_goes_on(stage, control, words):
    """What somebody told the workers comes before the stage, as long as anything is left to do."""
    search = dataclasses.replace(SEARCH, control=control)
    assert stage_words(dataclasses.replace(PROGRESS, stage=stage, search=search)) == words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (3600, "1 h"),
        (3725, "1 h 2 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_durations(seconds, text):
    """The two largest units say enough."""
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("bests", "trials", "width", "line"),
    [
        ((), 5, 5, ""),
        (((0, 0.5),), 1, 10, "█"),
        (((0, 0.0), (2, 0.5), (3, 1.0)), 4, 10, "▁▁▅█"),
        (((1, 0.0), (3, 1.0)), 4, 4, " ▁▁█"),
        (((0, 0.0), (99, 1.0)), 100, 4, "▁▁▁█"),
        (((0, 0.1), (1, 0.8), (12, 0.9), (15, 1.0)), 16, 8, "▁▁▁▁▁▁▅█"),
        (((0, 0.5),), 5, 0, ""),
        (((0, 0.5),), 5, -2, ""),
    ],
)
def test_sparklines(bests, trials, width, line):
    """A bar a trial, or a part of them; the last bar is the best, and none comes before the first."""
    assert sparkline(bests, trials=trials, width=width) == line


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Event(at=AT, kind=EventKind.BEST, number=3, value=0.9), "trial 3 new best 0.9000"),
        (Event(at=AT, kind=EventKind.COMPLETE, number=3, value=0.9, confirm=True), "run 3 complete 0.9000"),
        (Event(at=AT, kind=EventKind.FAILED, number=3, note="a\nb"), "trial 3 failed: a b"),
        (
            Event(at=AT, kind=EventKind.TAKEN_OVER, number=3, attempt=2, worker="vm 7"),
            "trial 3 taken over by vm 7, attempt 2",
        ),
        (
            Event(at=AT, kind=EventKind.CRASHED, number=3, attempt=1, worker="vm 7", note="ValueError: x"),
            "trial 3 raised an error, to be tried again: ValueError: x",
        ),
        (Event(at=AT, kind=EventKind.LOST, worker="vm 7"), "worker vm 7 lost"),
        (Event(at=AT, kind=EventKind.ROUND, number=24, note="round 1: why"), "round 1: why"),
        (Event(at=AT, kind=EventKind.ENDED, note="by target"), "ended by target"),
    ],
)
def test_what_has_happened(event, line):
    """One line each, whatever an error's text looks like."""
    assert event_line(event) == line


def test_the_json_record():
    """Times in UTC, null for what is not known, plain JSON throughout."""
    document = progress_to_json(PROGRESS)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert (document["schema_version"], document["at"]) == (2, "2023-11-14T22:13:20Z")
    assert document["best"] == {"number": 17, "value": 0.97777, "params": {"lr": 0.0123456}}
    assert document["box"] == {"lr": [1e-3, 0.1]}
    (worker,) = document["fleet"]
    assert (worker["host"], worker["pid"], worker["seconds_since_beat"]) == ("vm/abc/123", 7, 2.0)
    assert worker["trials"][2] == {"number": 47, "attempt": 2, "epoch": 3}
    odd = Event(at=AT, kind=EventKind.COMPLETE, number=1, value=math.nan)
    strange = dataclasses.replace(
        PROGRESS, events=(odd,), per_minute=None, search=Status(study="x", budget=3)
    )
    document = progress_to_json(strange)
    assert (document["events"][0]["value"], document["best"], document["seconds_left"]) == (None, None, None)


def test_what_changes_by_itself_is_no_news():
    """A later look at the same study differs in clocks alone; a trial that goes on is news."""
    later = dataclasses.replace(PROGRESS, at=AT + 1, per_minute=1.0)
    later = dataclasses.replace(later, fleet=(dataclasses.replace(BUSY, beat_at=AT),))
    before, after = (without_clock(progress_to_json(one)) for one in (PROGRESS, later))
    assert before == after
    idle = dataclasses.replace(later, fleet=(dataclasses.replace(BUSY, hands=()),))
    assert without_clock(progress_to_json(idle)) != before


def test_times_are_utc():
    """To the second, with the letter that says so."""
    assert utc(0.9) == "1970-01-01T00:00:00Z"
