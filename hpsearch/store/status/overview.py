"""Every study at a glance, in a few grouped queries: what pages and monitors ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import StorageError
from hpsearch.search import TrialState
from hpsearch.store.attempts.study_row import stopped_of
from hpsearch.store.schema.scan import read_or_blame
from hpsearch.store.schema.states import OPTUNA_STATES, STATES
from hpsearch.store.schema.tables import (
    ATTEMPTS,
    OPEN,
    STUDIES,
    WORKERS,
    AttemptOutcome,
    Control,
    Optuna,
    can_hold,
)
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.status.status import Status, expect_sound
from hpsearch.store.studies.verdicts import find_verdicts, verdict_of

RATE_S = 60.0
"""The rate is that of the trials settled within so many seconds."""
ALIVE_S = 60.0
"""A worker that has been silent for longer counts as alive only where a lease of its own says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOverview(Status):
    """The status of a study among all studies of a database, without the number of its best trial.

    Attributes:
        study_id: Its key in the database.
        search_id: The key of the search it confirms, or its own.
        workers: Workers that have not ended and that gave a sign of life within ``ALIVE_S``.
        held: Trials whose lease has not run out.
        silence_s: Seconds since the last sign of life of any worker, or ``None`` where none has come.
        rate: Trials settled per second, over the last ``RATE_S``.
        problem: Why the study cannot be read, or ``None``: then its numbers say nothing.
    """

    study_id: int
    search_id: int
    held: int = 0
    silence_s: float | None = None
    rate: float = 0.0
    problem: str | None = None

    @property
    def is_search(self) -> bool:
        """Whether it is a search, and not the study that confirms one."""
        return self.study_id == self.search_id

    @property
    def at_work(self) -> bool:
        """Whether a live worker works on it now."""
        return self.held > 0 or self.workers > 0


def read_overview(tx: Transaction) -> list[StudyOverview]:
    """Return every study of the ledger, in the order of their making; one that cannot be read says why."""
    clock = tx.clock()
    counts = _counts(tx)
    best = dict(_pairs(tx, _best(tx.tables)))
    held = dict(_pairs(tx, _held(clock)))
    settled = dict(_pairs(tx, _settled_since(clock - RATE_S)))
    workers = {row.study_id: row for row in tx.execute(_workers(clock - ALIVE_S))}
    verdicts = find_verdicts(tx)

    def overview(row: Any) -> StudyOverview:
        study_id = row.study_id
        if not can_hold(row.study_name):
            raise ValueError(row.study_name)
        found = StudyOverview(
            study_id=study_id,
            study=row.study_name,
            search_id=row.search_id,
            budget=row.budget,
            control=Control(row.control),
            stopped=stopped_of(row),
            counts={STATES[state]: n for state, n in counts.get(study_id, {}).items()},
            best_value=best.get(study_id),
            held=held.get(study_id, 0),
            workers=_alive(workers.get(study_id)),
            silence_s=_silence(workers.get(study_id), clock),
            rate=settled.get(study_id, 0) / RATE_S,
            verdict=verdict_of(verdicts.get(study_id)),
        )
        expect_sound(found)
        return found

    return [_or_problem(tx, row, overview) for row in tx.execute(_studies(tx.tables)).all()]


def _or_problem(tx: Transaction, row: Any, overview: Callable[[Any], StudyOverview]) -> StudyOverview:
    """Return the overview of a study, or why there is none: it hides no other study."""
    try:
        return read_or_blame(tx.connection, tx.tables, lambda: overview(row), about=row.study_name)
    except StorageError as error:
        known = type(row.search_id) is int
        return StudyOverview(
            study_id=row.study_id,
            study=row.study_name,
            search_id=row.search_id if known else row.study_id,
            budget=0,
            problem=str(error),
        )


def _pairs(tx: Transaction, query: sa.Select[Any]) -> list[tuple[int, Any]]:
    return [(row[0], row[1]) for row in tx.execute(query)]


def _studies(tables: Optuna) -> sa.Select[Any]:
    search = STUDIES.alias("search")
    stop = (STUDIES.c.stop_number, STUDIES.c.stop_rule, STUDIES.c.stop_text)
    return (
        sa.select(
            tables.studies.c.study_id,
            tables.studies.c.study_name,
            STUDIES.c.search_id,
            STUDIES.c.budget,
            sa.func.coalesce(search.c.control, STUDIES.c.control).label("control"),
            *stop,
        )
        .join(STUDIES, STUDIES.c.study_id == tables.studies.c.study_id)
        .outerjoin(search, search.c.study_id == STUDIES.c.search_id)
        .order_by(tables.studies.c.study_id)
    )


def _counts(tx: Transaction) -> dict[int, dict[str, int]]:
    """Return study -> state, as it is stored -> trials in it."""
    trials = tx.tables.trials
    state = sa.type_coerce(trials.c.state, sa.types.NULLTYPE)  # one that is none must not hide other studies
    query = sa.select(trials.c.study_id, state, sa.func.count())
    found: dict[int, dict[str, int]] = {}
    for study_id, name, n in tx.execute(query.group_by(trials.c.study_id, trials.c.state)):
        found.setdefault(study_id, {})[name] = int(n)
    return found


def _best(tables: Optuna) -> sa.Select[Any]:
    trials, values, directions = tables.trials, tables.trial_values, tables.study_directions
    less = directions.c.direction == "MINIMIZE"
    best = sa.case((less, sa.func.min(values.c.value)), else_=sa.func.max(values.c.value))
    return (
        sa.select(trials.c.study_id, best)
        .join(values, values.c.trial_id == trials.c.trial_id)
        .join(directions, directions.c.study_id == trials.c.study_id)
        .where(trials.c.state == OPTUNA_STATES[TrialState.COMPLETE])
        .group_by(trials.c.study_id, directions.c.direction)
    )


def _held(clock: float) -> sa.Select[Any]:
    living = (OPEN, ATTEMPTS.c.outcome.is_(None), ATTEMPTS.c.lease_until > clock)
    return sa.select(ATTEMPTS.c.study_id, sa.func.count()).where(*living).group_by(ATTEMPTS.c.study_id)


def _settled_since(clock: float) -> sa.Select[Any]:
    recent = (ATTEMPTS.c.outcome == AttemptOutcome.FINISHED, ATTEMPTS.c.ended_at > clock)
    return sa.select(ATTEMPTS.c.study_id, sa.func.count()).where(*recent).group_by(ATTEMPTS.c.study_id)


def _workers(clock: float) -> sa.Select[Any]:
    alive = sa.and_(WORKERS.c.ended_at.is_(None), WORKERS.c.beat_at > clock)
    return sa.select(
        WORKERS.c.study_id,
        sa.func.max(WORKERS.c.beat_at).label("beat_at"),
        sa.func.sum(sa.case((alive, 1), else_=0)).label("alive"),
    ).group_by(WORKERS.c.study_id)


def _alive(row: Any) -> int:
    return 0 if row is None else int(row.alive)


def _silence(row: Any, clock: float) -> float | None:
    return None if row is None else max(0.0, clock - row.beat_at)
