"""The latest events of a study, read from the tables that are there anyway."""

import json
import math
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from hpsearch.search import Stopped, TrialState
from hpsearch.search.stage import box_stage
from hpsearch.store.records.records import UNSETTLED, Study
from hpsearch.store.schema.rules import expect_cells, expect_column
from hpsearch.store.schema.states import STATES
from hpsearch.store.schema.tables import ATTEMPTS, ROUNDS, WORKERS, AttemptOutcome, Optuna, prepared
from hpsearch.store.schema.transaction import Transaction

EVENTS = 20
"""A snapshot has at most so many."""
LONGEST_LOOK = 120
"""At most so many trials, the newest, are looked at for events."""


class EventKind(StrEnum):
    """The kind of an event."""

    BEST = "best"
    COMPLETE = "complete"
    PRUNED = "pruned"
    FAILED = "failed"
    RELEASED = "handed back"
    EXPIRED = "expired"
    CRASHED = "crashed"
    TAKEN_OVER = "taken over"
    JOINED = "joined"
    LEFT = "left"
    LOST = "lost"
    ROUND = "round"
    ENDED = "ended"


SETTLED = {
    TrialState.COMPLETE: EventKind.COMPLETE,
    TrialState.PRUNED: EventKind.PRUNED,
    TrialState.FAILED: EventKind.FAILED,
}
BROKEN_OFF = {
    AttemptOutcome.RELEASED: EventKind.RELEASED,
    AttemptOutcome.EXPIRED: EventKind.EXPIRED,
    AttemptOutcome.CRASHED: EventKind.CRASHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened.

    Attributes:
        at: When, seconds since 1970 on the database's clock.
        kind: What.
        number: The trial, or ``None``.
        value: Its value where it has one.
        attempt: Which of its attempts, where that is told.
        worker: Host and process id of the worker, or ``None``.
        note: Why, or an empty text.
        confirm: Whether the trial is a confirming run.
    """

    at: float
    kind: EventKind
    number: int | None = None
    value: float | None = None
    attempt: int | None = None
    worker: str | None = None
    note: str = ""
    confirm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentTrials:
    """The newest trials of a study, as rows.

    A trial is settled before the one that is ``parallelism`` numbers on begins, so what is new is among the
    newest trials.

    Attributes:
        study: The study.
        trials: Key, number, state, when it was settled and value; the newest first.
        reasons: Key -> why a trial did not complete, as JSON.
        attempts: Their attempts with the workers that made them, in order.
        rounds: Trial -> why the box of the round that it opens is what it is.
    """

    study: Study
    trials: Sequence[Any]
    reasons: Mapping[int, str]
    attempts: Sequence[Any]
    rounds: Mapping[int, tuple[str, str]]

    @property
    def cut(self) -> bool:
        """Whether there may be more trials before these."""
        return len(self.trials) == _limit(self.study)

    @property
    def settled_at(self) -> list[float]:
        """When trials were settled, ascending."""
        return sorted(_seconds(row.datetime_complete) for row in self.trials if row.datetime_complete)

    @property
    def lost(self) -> set[int]:
        """Keys of the workers that were not heard of again after a claim of theirs had expired."""
        return {
            row.worker_id
            for row in self.attempts
            if row.outcome == AttemptOutcome.EXPIRED
            and row.beat_at is not None
            and row.ended_at > row.beat_at
        }

    @property
    def confirm(self) -> bool:
        """Whether the trials are confirming runs."""
        return self.study.study_id != self.study.search_id


def read_recent_trials(tx: Transaction, study: Study) -> RecentTrials:
    """Return the newest trials of a study."""
    which = {"study": study.study_id, "limit": _limit(study)}
    trials = tx.execute(_trials(tx.tables), which).all()
    for name in ("number", "datetime_complete"):
        expect_column("trials", name, (getattr(row, name) for row in trials))
    expect_column("trial_values", "value", (row.value for row in trials))
    keys = {"trial_ids": [row.trial_id for row in trials]}
    attempts = tx.execute(_ATTEMPTS, keys).all()
    rounds = tx.execute(_ROUNDS, {"study": study.study_id}).all()
    for row in (*attempts, *rounds):
        expect_cells(ROUNDS.name if "reason" in row._fields else ATTEMPTS.name, row._asdict())
    return RecentTrials(
        study=study,
        trials=trials,
        reasons={row.trial_id: row.value_json for row in tx.execute(_reasons(tx.tables), keys)},
        attempts=attempts,
        rounds={row.first_number: (box_stage(row.stage), row.reason) for row in rounds},
    )


def events_of(
    recent: RecentTrials, *, bests: Sequence[tuple[int, float]], stopped: Stopped | None
) -> Iterator[Event]:
    """Give what has happened to the newest trials of a study and in its rounds.

    Args:
        recent: The newest trials.
        bests: Numbers and values of the study's running maximum.
        stopped: How a rule has ended it, or ``None``.
    """
    yield from _settled(recent, dict(bests))
    yield from _attempted(recent)
    if stopped is not None and recent.attempts:  # its time is not stored: not before the last claim
        last = max(row.claimed_at for row in recent.attempts)
        yield Event(at=last, kind=EventKind.ENDED, note=stopped.how)


def read_people(tx: Transaction, study_ids: Sequence[int], lost: Container[int]) -> Iterator[Event]:
    """Give which workers have come and gone last.

    A worker goes from the search to its confirmation as to another study: that is neither an end nor a
    beginning.

    Args:
        tx: The transaction.
        study_ids: The search, then its confirmation where there is one.
        lost: Keys of workers that have died.
    """
    rows = tx.execute(_WORKERS, {"studies": study_ids, "most": EVENTS * len(study_ids)})
    for row in rows:
        expect_cells(WORKERS.name, row._asdict())
        who = {"worker": worker_name(row.host, row.pid), "confirm": row.study_id != study_ids[0]}
        if row.study_id == study_ids[0]:
            yield Event(at=row.started_at, kind=EventKind.JOINED, **who)
        if row.worker_id in lost and row.ended_at is not None:
            yield Event(at=row.ended_at, kind=EventKind.LOST, **who)
        elif row.ended_at is not None and row.study_id == study_ids[-1]:
            yield Event(at=row.ended_at, kind=EventKind.LEFT, **who)


def worker_name(host: str, pid: int) -> str:
    """Return a worker as people know it; a host's name may have more behind a slash, for machines."""
    return f"{host.partition('/')[0]} {pid}"


def _limit(study: Study) -> int:
    return min(EVENTS + 2 * study.parallelism, LONGEST_LOOK)


def _settled(recent: RecentTrials, bests: Mapping[int, float]) -> Iterator[Event]:
    best = -math.inf
    rows = [row for row in recent.trials if row.datetime_complete and STATES[row.state] not in UNSETTLED]
    for row in sorted(rows, key=attrgetter("datetime_complete", "number")):
        kind = SETTLED[STATES[row.state]]
        if kind is EventKind.COMPLETE and row.value is not None and recent.study.sign * row.value > best:
            best = recent.study.sign * row.value
            kind = EventKind.BEST if row.number in bests else kind
        reason = recent.reasons.get(row.trial_id)
        yield Event(
            at=_seconds(row.datetime_complete),
            kind=kind,
            number=row.number,
            value=row.value,
            note="" if reason is None else str(json.loads(reason)),
            confirm=recent.confirm,
        )


def _attempted(recent: RecentTrials) -> Iterator[Event]:
    """Give the rounds that attempts have opened, those that were broken off, and who took the trials over."""
    for row in recent.attempts:
        about = {"number": row.number, "attempt": row.attempt, "confirm": recent.confirm}
        who = None if row.host is None else worker_name(row.host, row.pid)
        if row.attempt > 1:
            yield Event(at=row.claimed_at, kind=EventKind.TAKEN_OVER, worker=who, **about)
        elif row.number in recent.rounds:
            stage, reason = recent.rounds[row.number]
            note = f"{stage}: {reason}"
            yield Event(at=row.claimed_at, kind=EventKind.ROUND, number=row.number, note=note)
        if row.outcome in BROKEN_OFF and row.ended_at is not None:
            kind = BROKEN_OFF[AttemptOutcome(row.outcome)]
            yield Event(at=row.ended_at, kind=kind, worker=who, note=row.note or "", **about)


def _seconds(stored: datetime) -> float:
    """Return a time as Optuna stores it, UTC without a zone, in seconds since 1970."""
    return stored.replace(tzinfo=UTC).timestamp()


@prepared
def _trials(tables: Optuna) -> sa.Select[Any]:
    trials, values = tables.trials, tables.trial_values
    of_trial = sa.and_(values.c.trial_id == trials.c.trial_id, values.c.objective == 0)
    names = ("trial_id", "number", "state", "datetime_complete")
    return (
        sa.select(*(trials.c[name] for name in names), values.c.value)
        .outerjoin(values, of_trial)
        .where(trials.c.study_id == sa.bindparam("study"))
        .order_by(trials.c.trial_id.desc())
        .limit(sa.bindparam("limit"))
    )


@prepared
def _reasons(tables: Optuna) -> sa.Select[Any]:
    notes = tables.trial_user_attributes
    among = notes.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True))
    return sa.select(notes.c.trial_id, notes.c.value_json).where(among, notes.c.key == "reason")


_ATTEMPTS = (
    sa.select(
        *(
            ATTEMPTS.c[name]
            for name in ("number", "attempt", "claimed_at", "ended_at", "outcome", "note", "worker_id")
        ),
        WORKERS.c.host,
        WORKERS.c.pid,
        WORKERS.c.beat_at,
    )
    .outerjoin(WORKERS, WORKERS.c.worker_id == ATTEMPTS.c.worker_id)
    .where(ATTEMPTS.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True)))
    .order_by(ATTEMPTS.c.trial_id, ATTEMPTS.c.attempt)
)

_ROUNDS = sa.select(ROUNDS.c.first_number, ROUNDS.c.stage, ROUNDS.c.reason).where(
    ROUNDS.c.study_id == sa.bindparam("study")
)
_WORKERS = (
    sa.select(WORKERS)
    .where(WORKERS.c.study_id.in_(sa.bindparam("studies", expanding=True)))
    .order_by(sa.func.coalesce(WORKERS.c.ended_at, WORKERS.c.started_at).desc())
    .limit(sa.bindparam("most"))
)
