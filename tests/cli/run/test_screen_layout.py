"""The live screen as a picture: whatever its size, no line is too wide and what matters most is there."""

import dataclasses

import pytest
from rich.console import Console

from hpsearch.cli.run.screen_layout import ScreenLayout
from hpsearch.search import Stopped, StopRule
from hpsearch.store import ActiveWorker, Control, Event, EventKind, Snapshot, Status
from hpsearch.store.status.active_workers import HeldTrial
from tests.report.live.test_progress import AT, BUSY, PROGRESS, SEARCH

SIZES = [(20, 24), (20, 5), (40, 10), (80, 24), (80, 10), (119, 30), (120, 30), (200, 50), (200, 3), (1, 1)]
CROWD = tuple(
    ActiveWorker(
        worker_id=n,
        host="節點機器" if n % 2 else "node",
        pid=1000 + n,
        started_at=AT,
        beat_at=AT - n,
        silent=n == 37,
        hands=tuple(HeldTrial(number=3 * n + i * 2, attempt=1, epoch=i) for i in range(3)),
    )
    for n in range(40)
)
EVENTS = tuple(
    Event(at=AT + n, kind=kind, number=n, value=0.5, worker="節點 7", note="數" * 90)
    for n, kind in enumerate(EventKind)
)
STOPPED = Stopped(rule=StopRule.TARGET, number=60, text="trial 17 reached 0.97, the target is 0.95")
RECORDS = {
    "running": PROGRESS,
    "new": Snapshot(at=AT, search=Status(study="new", budget=5)),
    "wide": dataclasses.replace(
        PROGRESS,
        search=dataclasses.replace(SEARCH, study="數字辨識" * 30, stopped=STOPPED, orphans=3),
        best_params={f"參數{n}": "雙曲正切" * n for n in range(9)},
        fleet=CROWD,
        events=EVENTS,
    ),
    "confirm": dataclasses.replace(PROGRESS, stage="confirm", confirm=Status(study="x.confirm", budget=6)),
    "done": dataclasses.replace(PROGRESS, stage="done", fleet=()),
}


def drawn(progress, width, height, **options):
    """Return the lines of a picture, as a console of that size prints them."""
    console = Console(width=width, height=height, color_system=None, legacy_windows=False)
    frame = ScreenLayout(progress=progress, **options)
    with console.capture() as capture:
        console.print(frame, end="")
    lines = [line.plain for line in frame.lines(width=width, height=height)]
    assert [line.rstrip() for line in capture.get().splitlines()] == [line.rstrip() for line in lines]
    return lines


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_no_line_is_wider_than_the_terminal(record, size):
    """Nor are there more lines than it has, at any size, with wide letters, a crowd and long notes."""
    width, height = size
    frame = ScreenLayout(progress=record, waited_s=9.0, hint="q leaves, the study goes on")
    lines = frame.lines(width=width, height=height)
    assert 0 < len(lines) <= height
    assert max(line.cell_len for line in lines) <= width
    assert all("\n" not in line.plain for line in lines)
    drawn(record, width, height, waited_s=9.0, hint="q leaves, the study goes on")


@pytest.mark.parametrize("size", [(40, 10), (80, 10), (80, 24), (200, 50)], ids=str)
def test_what_matters_most_is_there(size):
    """Name, stage, counts, best, rate, a worker, the last event: at 10 lines, too."""
    text = "\n".join(drawn(PROGRESS, *size, hint="q leaves"))
    for part in ("digits", "round 1", "42/100", "30 complete", "0.9778", "54 trials a minute", "new best"):
        assert part in text
    assert "44-45 47" in text
    assert text.endswith("q leaves")


def test_a_wide_screen_uses_its_room():
    """Events stand beside the rest, and all of them are there."""
    lines = drawn(RECORDS["wide"], 200, 50)
    assert lines[0].startswith("數字")
    assert sum("7" in line for line in lines) >= len(EVENTS)
    assert "ended" in lines[0]


def test_the_newest_event_comes_first():
    """Where there is room for a few, it is for the last ones."""
    lines = drawn(RECORDS["wide"], 80, 24)
    assert any("ended 數" in line for line in lines)
    assert not any("joined" in line for line in lines[-2:])


def test_a_silent_worker_is_seen_in_a_crowd():
    """It comes first; how many are left out is said."""
    lines = drawn(RECORDS["wide"], 80, 24)
    table = next(n for n, line in enumerate(lines) if line.startswith("host"))
    assert "1037" in lines[table + 1]
    assert "silent for 37 s" in lines[table + 1]
    shown = sum(" ago" in line or "silent for" in line for line in lines)
    assert f"and {40 - shown} more" in lines


def test_a_database_that_does_not_answer_is_told():
    """The rest stays, and ages go on."""
    lines = drawn(PROGRESS, 80, 24, waited_s=12.0)
    assert lines[1] == "no answer from the database for 12 s: trying again"
    assert any("14 s ago" in line for line in lines)
    assert "no answer" not in "\n".join(drawn(PROGRESS, 80, 24, waited_s=1.0))


def test_no_worker_at_work_is_shown():
    """A study whose workers have all gone does not look as if it went on."""
    assert "no worker is at work" in drawn(dataclasses.replace(PROGRESS, fleet=()), 80, 24)
    assert "no worker is at work" not in drawn(RECORDS["done"], 80, 24)


def test_a_paused_study_says_so():
    """In place of its stage."""
    paused = dataclasses.replace(PROGRESS, search=dataclasses.replace(SEARCH, control=Control.PAUSE))
    assert drawn(paused, 80, 24)[0].startswith("digits  paused")


def test_the_confirmation_has_a_bar_of_its_own():
    """Below that of the search, in the same picture."""
    lines = drawn(RECORDS["confirm"], 80, 24)
    assert [line.split()[-1] for line in lines if "━" in line] == ["42/100", "0/6"]


def test_a_bar_is_as_long_as_what_is_settled():
    """42 of 100 trials are 42 hundredths of it."""
    (line,) = (
        line for line in ScreenLayout(progress=PROGRESS).lines(width=80, height=24) if "━" in line.plain
    )
    spans = [span for span in line.spans if "green" in str(span.style)]
    assert spans[0].end - spans[0].start == 64 * 42 // 100


def test_hands_are_ranges():
    """Trials in a row are told by their ends."""
    assert any(line.startswith("vm    7    44-45 47  3-5    2 s ago") for line in drawn(PROGRESS, 80, 24))
    assert BUSY.hands
