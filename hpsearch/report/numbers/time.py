"""The time of each worker, by activity, and the timeline of what it had in hand."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hpsearch.search import TrialState
from hpsearch.store import Activity, AttemptSpan, Reader, Study, WorkerRow
from hpsearch.types import IntArray

ATTEMPTS_MOST = 300
"""Attempts that are drawn of a search, at most; of a confirmation, a third as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTime:
    """The time of one worker, by activity.

    Attributes:
        name: Host and process, such as ``"node1:4711"``; no two workers of a study share one.
        wall_s: Seconds from its start to its end, or to its last sign of life.
        spent: ``Activity`` -> seconds, every activity; ``None`` where nothing was measured, as with a
            worker of an older version.
        other_s: What is left of ``wall_s``: bookkeeping between two activities; ``None`` as above.
        at_work: Whether it has not ended.
    """

    name: str
    wall_s: float
    spent: Mapping[Activity, float] | None
    other_s: float | None
    at_work: bool


def times_of(workers: Sequence[WorkerRow], names: Sequence[str]) -> tuple[WorkerTime, ...]:
    """Return the times of workers, in order; ``names`` has one for each."""
    return tuple(_time(worker, name) for worker, name in zip(workers, names, strict=True))


def _time(worker: WorkerRow, name: str) -> WorkerTime:
    spent = {activity: float(worker.spent.get(activity, 0.0)) for activity in Activity}
    wall_s = max(worker.beat_at - worker.started_at, 0.0)
    return WorkerTime(
        name=name,
        wall_s=wall_s,
        spent=spent if worker.spent else None,
        other_s=max(wall_s - sum(spent.values()), 0.0) if worker.spent else None,
        at_work=worker.ended_at is None,
    )


class BarKind(StrEnum):
    """How an attempt at a trial ended, as a timeline shows it."""

    COMPLETE = "complete"
    PRUNED = "pruned"
    FAILED = "failed"
    LOST = "handed back or lost"
    RUNNING = "under way"
    CONFIRMING = "confirming run"


_KINDS = {
    TrialState.COMPLETE: BarKind.COMPLETE,
    TrialState.PRUNED: BarKind.PRUNED,
    TrialState.FAILED: BarKind.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBar:
    """One attempt at a trial.

    Attributes:
        worker: Its worker's name.
        number: The trial, or the confirming run.
        begin: Seconds from the study's first claim.
        end: Seconds from the study's first claim, ``begin`` or later.
        kind: How it ended.
    """

    worker: str
    number: int
    begin: float
    end: float
    kind: BarKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The attempts of a search and of its confirmation.

    Attributes:
        bars: Attempts by their beginnings; of many a part, spread evenly over the numbers of the trials.
        n_attempts: How many there are.
    """

    bars: tuple[TrialBar, ...] = ()
    n_attempts: int = 0


def timeline_of(ledger: Reader, search: Study, names: Sequence[str], *, anonymous: bool) -> Timeline:
    """Return the timeline of a search and its confirmation.

    Args:
        ledger: Where it is.
        search: The search.
        names: The names of its workers, in order.
        anonymous: Whether a worker that only confirmed is a number instead of a name.
    """
    workers = ledger.workers(search)
    called = {(row.host, row.pid): name for row, name in zip(workers, names, strict=True)}
    found: list[tuple[AttemptSpan, BarKind]] = []
    n_attempts, last = 0, max((row.beat_at for row in workers), default=0.0)
    companion = ledger.companion(search)
    for study in filter(None, (search, companion)):
        n, spans = ledger.attempts(study, most=ATTEMPTS_MOST if study is search else ATTEMPTS_MOST // 3)
        n_attempts += n
        states = ledger.history(study).history.states
        found += [(span, _kind(span, states, confirms=study is companion)) for span in spans]
        if study is companion:
            rows = ledger.workers(study)
            last = max([last, *(row.beat_at for row in rows)])
            _call(called, rows, anonymous=anonymous)
    if not found:
        return Timeline()
    began = min(span.claimed_at for span, _ in found)
    bars = [
        TrialBar(
            worker=called.get((span.host, span.pid), f"{span.pid}"),
            number=span.number,
            begin=span.claimed_at - began,
            end=max(span.claimed_at, last if span.ended_at is None else span.ended_at) - began,
            kind=kind,
        )
        for span, kind in found
    ]
    bars = [bar for bar in bars if math.isfinite(bar.end)]
    return Timeline(bars=tuple(sorted(bars, key=lambda bar: bar.begin)), n_attempts=n_attempts)


def _kind(span: AttemptSpan, states: IntArray, *, confirms: bool) -> BarKind:
    if span.outcome is None:
        return BarKind.RUNNING
    if span.outcome != "finished":
        return BarKind.LOST
    known = TrialState(states[span.number]) if span.number < len(states) else TrialState.RUNNING
    if confirms and known is not TrialState.FAILED:
        return BarKind.CONFIRMING
    return _KINDS.get(known, BarKind.LOST)


def _call(
    called: dict[tuple[str, int], str], rows: Sequence[WorkerRow], *, anonymous: bool
) -> Mapping[tuple[str, int], str]:
    """Give a name to each worker that has none yet: it only confirmed."""
    for row in rows:
        name = f"worker {len(called) + 1}" if anonymous else f"{row.host.partition('/')[0]}:{row.pid}"
        called.setdefault((row.host, row.pid), name)
    return called
