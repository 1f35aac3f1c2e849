"""Where a study stands: its progress as lines, as JSON and as a sparkline."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from hpsearch.errors import to_type
from hpsearch.number import rounded
from hpsearch.report.foreign import is_foreign
from hpsearch.report.json_documents import status_to_json
from hpsearch.report.text import (
    CONTROL_WORDS,
    params_line,
    show_value,
    status_line,
    utc,
)
from hpsearch.search import Stage
from hpsearch.store import ActiveWorker, Control, Event, EventKind, Snapshot

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_PART = ("study", "budget", "settled", "finished", "counts")
"""The keys of a confirmation in the JSON document."""
BARS = "▁▂▃▄▅▆▇█"
_STAGE_WORDS = {None: "about to start", Stage.DELIVER: "judging the winner"}
"""Stage -> words, where people are shown something else than its name."""
_EVENT_WORDS = {
    EventKind.BEST: "new best",
    EventKind.EXPIRED: "lost with its worker, to be tried again",
    EventKind.CRASHED: "raised an error, to be tried again",
}
"""Kind of an event -> words, where people are shown something else than its name."""


def sparkline(bests: Sequence[tuple[int, float]], *, trials: int, width: int) -> str:
    """Return the running best over trials as one line of bars, higher where it is better.

    The scale begins where an eighth of the trials has led: the leaps of the first few would flatten the rest.

    Args:
        bests: Number and value of each trial that was better than those before it.
        trials: How many trials there are.
        width: Most characters; fewer where there are fewer trials.
    """
    places = min(width, trials)
    if not bests or places < 1:
        return ""
    sign = -1.0 if bests[-1][1] < bests[0][1] else 1.0
    scores = [(number, sign * value) for number, value in bests]
    low = max((score for number, score in scores if number <= trials // 8), default=scores[0][1])
    high = scores[-1][1]
    bars = []
    for place in range(places):
        last = (place + 1) * trials // places - 1
        score = max((score for number, score in scores if number <= last), default=None)
        level = 1.0 if score is None or high == low else max(0.0, score - low) / (high - low)
        bars.append(" " if score is None else BARS[round(level * (len(BARS) - 1))])
    return "".join(bars)


def duration(seconds: float) -> str:
    """Return a duration in its two largest units: ``40 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 d 4 h``."""
    whole = max(0, round(seconds))
    for (size, unit), (next_size, next_unit) in pairwise(_UNITS):
        if whole >= size:
            rest = whole % size // next_size
            return f"{whole // size} {unit}" + (f" {rest} {next_unit}" if rest else "")
    return f"{whole} s"


def stage_words(progress: Snapshot) -> str:
    """Return what the study does at the moment, in a word or two."""
    control = progress.search.control
    if control is not Control.RUN and not progress.done:
        return CONTROL_WORDS[control]
    stage = progress.stage
    words = _STAGE_WORDS.get(Stage.of(stage), stage or "")
    if progress.judging is None or not progress.judging[1]:
        return words
    ended, needed = progress.judging
    return f"{words}, {ended} of {needed} trainings"


def rate_words(progress: Snapshot) -> str:
    """Return how fast trials are settled and how long the rest takes; empty where it is not known."""
    if not progress.per_minute or progress.done:
        return ""
    left = "" if progress.left_s is None else f"about {duration(progress.left_s)} left"
    if progress.judging is not None:
        return left
    return ", ".join(filter(None, (f"{progress.per_minute:.3g} trials a minute", left)))


def rate_label(progress: Snapshot) -> str:
    """Return what stands before ``rate_words``: while the winner is judged they are a time, and no rate."""
    return "rate" if progress.judging is None else "time"


def box_words(progress: Snapshot) -> list[str]:
    """Return the sides of the box that trials are drawn from, none where a stage has no box."""
    sides = (progress.box or {}).items()
    return [f"{name} {show_value(low)} to {show_value(high)}" for name, (low, high) in sides]


def worker_words(worker: ActiveWorker, *, judges: bool = False) -> tuple[str, str, str]:
    """Return a worker's host, the numbers of the trials that it trains, and their epochs, as text.

    Args:
        worker: The worker.
        judges: Whether the winner is judged: what a worker trains then is no trial.
    """
    numbers = [hand.number for hand in worker.hands]
    epochs = sorted({hand.epoch for hand in worker.hands})
    reached = "" if not epochs else "-".join(str(epoch) for epoch in (epochs[0], *epochs[1:][-1:]))
    idle = "judges" if judges else "waits"
    return worker.host.partition("/")[0], ranges(numbers) if numbers else idle, reached


def ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers, those in a row as a range: ``3-6 9``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return " ".join("-".join(map(str, run)) for run in runs)


def event_line(event: Event) -> str:
    """Return an event as one line, without its time."""
    kind = _EVENT_WORDS.get(event.kind, str(event.kind))
    if event.kind in {EventKind.ROUND, EventKind.ENDED}:
        return f"{'' if event.kind is EventKind.ROUND else 'ended '}{event.note}"
    if event.number is None:
        return f"worker {event.worker} {kind}"
    subject = f"{'run' if event.confirm else 'trial'} {event.number}"
    value = "" if event.value is None else f" {rounded(event.value)}"
    by = f" by {event.worker}" if event.kind is EventKind.TAKEN_OVER else ""
    attempt = f", attempt {event.attempt}" if event.kind is EventKind.TAKEN_OVER else ""
    note = f": {event.note}" if event.note and event.kind is not EventKind.PRUNED else ""
    return f"{subject} {kind}{value}{by}{attempt}{note}".replace("\n", " ")


def progress_lines(progress: Snapshot) -> list[str]:
    """Return where a study stands as a few lines."""
    lines = [status_line(progress.search)]
    if progress.confirm is not None:
        lines.append(status_line(progress.confirm))
    rows = []
    if not progress.done and not is_foreign(progress.search):
        rows.append(("stage", stage_words(progress)))
    if box := box_words(progress):
        rows.append(("box", ", ".join(box)))
    if progress.verdict is not None:
        rows.append(("winner", params_line(progress.verdict.params)))
    elif progress.best_params:
        rows.append(("best", params_line(progress.best_params)))
    if rate := rate_words(progress):
        rows.append((rate_label(progress), rate))
    judges = progress.stage == Stage.DELIVER
    rows += [("worker", _worker_line(worker, progress.at, judges=judges)) for worker in progress.fleet]
    if not progress.fleet and not progress.done and not is_foreign(progress.search):
        join = to_type("worker", progress.search.study)
        rows.append(("worker", f"none at work: {to_type('start FILE')} or {join} goes on"))
    return [*lines, *(f"  {name:<7} {text}" for name, text in rows)]


def _worker_line(worker: ActiveWorker, at: float, *, judges: bool) -> str:
    host, trials, epochs = worker_words(worker, judges=judges)
    work = f"trials {trials}" + (f" at epoch {epochs}" if epochs else "") if worker.hands else trials
    silent = ", silent" if worker.silent else ""
    return f"{host} {worker.pid}: {work}, last beat {duration(at - worker.beat_at)} ago{silent}"


def progress_to_json(progress: Snapshot) -> dict[str, Any]:
    """Return what ``status --json`` and ``watch --json`` print; null where a number is not known."""
    confirm = progress.confirm
    best = status_to_json(progress.search)["best"]
    return {
        **status_to_json(progress.search),
        "schema_version": 2,
        "at": utc(progress.at),
        "stage": progress.stage,
        "done": progress.done,
        "box": None if progress.box is None else {name: list(side) for name, side in progress.box.items()},
        "best": None if best is None else {**best, "params": dict(progress.best_params)},
        "bests": [{"number": number, "value": value} for number, value in progress.bests],
        "confirm": None
        if confirm is None
        else {key: value for key, value in status_to_json(confirm).items() if key in _PART},
        "judging": None
        if progress.judging is None
        else dict(zip(("ended", "needed"), progress.judging, strict=True)),
        "trials_per_minute": _finite(progress.per_minute),
        "seconds_left": _finite(progress.left_s),
        "fleet": [_worker_to_json(worker, progress.at) for worker in progress.fleet],
        "events": [event_to_json(event) for event in progress.events],
    }


def without_clock(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document of ``progress_to_json`` without the entries that change as time passes."""
    clocks = ("at", "trials_per_minute", "seconds_left")
    beats = ("last_beat", "seconds_since_beat")
    fleet = [{key: worker[key] for key in worker if key not in beats} for worker in document["fleet"]]
    return {key: value for key, value in document.items() if key not in clocks} | {"fleet": fleet}


def _worker_to_json(worker: ActiveWorker, at: float) -> dict[str, Any]:
    return {
        "host": worker.host,
        "pid": worker.pid,
        "stage": "confirm" if worker.confirms else "search",
        "joined": utc(worker.started_at),
        "last_beat": utc(worker.beat_at),
        "seconds_since_beat": round(at - worker.beat_at, 3),
        "silent": worker.silent,
        "trials": [
            {"number": hand.number, "attempt": hand.attempt, "epoch": hand.epoch} for hand in worker.hands
        ],
    }


def event_to_json(event: Event) -> dict[str, Any]:
    """Return an event as a JSON object."""
    return {
        "at": utc(event.at),
        "event": str(event.kind),
        "study": "confirm" if event.confirm else "search",
        "number": event.number,
        "value": _finite(event.value),
        "attempt": event.attempt,
        "worker": event.worker,
        "text": event_line(event),
    }


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None
