"""Where a study stands and who is at work: what a screen shows, read in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.space import Space, Value
from hpsearch.store.attempts.adopt import ENQUEUED
from hpsearch.store.attempts.study_row import Board, read_board
from hpsearch.store.database.connection import now
from hpsearch.store.records.records import Study
from hpsearch.store.records.views import Status
from hpsearch.store.schema.tables import Optuna, prepared
from hpsearch.store.status.active_workers import AtWork, read_fleet
from hpsearch.store.status.counters import Tally, read_tally
from hpsearch.store.status.events import EVENTS, Event, Recent, events_of, read_people, read_recent
from hpsearch.store.status.status import params_of, rounds
from hpsearch.store.studies.deliveries import find_delivery
from hpsearch.store.studies.opening import find_companion

CONFIRM = "confirm"
"""The stage in which the finalists race."""
DELIVER = "deliver"
"""The stage after the last trial: the winner is trained again and judged."""
DONE = "done"
"""The stage of a study that has nothing left to do."""
RATE_S = 300.0
"""The rate is that of the last five minutes, or of the newest trials where those came faster."""
SHORTEST_RATE_S = 2.0
"""Over a shorter time a rate would be a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a study stands, its confirmation included, and who is at work.

    Attributes:
        at: When this was so, seconds since 1970 on the database's clock.
        search: Where the search stands.
        confirm: Where its confirmation stands, or ``None`` while there is none.
        stage: Where the newest trial's parameters came from (``"round 0"``, ..., ``"random"``, ``"tpe"``);
            then ``"confirm"``, ``"deliver"``, ``"done"``; ``None`` before the first trial.
        box: Parameter -> the ends of the random round's box, in its own units; ``None`` in other stages.
        best_params: Parameters of the best trial, name -> value.
        bests: Number and value of each trial that was better than all of lower numbers.
        per_minute: Trials settled a minute lately, or ``None`` while nobody is at work.
        fleet: The workers that have not ended.
        events: What has happened last, oldest first.
        tally: The settled trials, for the next look.
    """

    at: float
    search: Status
    confirm: Status | None = None
    stage: str | None = None
    box: Mapping[str, tuple[Value, Value]] | None = None
    best_params: Mapping[str, Value] = field(default_factory=dict)
    bests: tuple[tuple[int, float], ...] = ()
    per_minute: float | None = None
    fleet: tuple[AtWork, ...] = ()
    events: tuple[Event, ...] = ()
    tally: Tally = field(default=Tally(), compare=False, repr=False)

    @property
    def under_way(self) -> Status:
        """The search, or its confirmation once that has begun."""
        return self.confirm or self.search

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return self.stage == DONE

    @property
    def left_s(self) -> float | None:
        """Seconds until the search, or its confirmation, is settled at this rate; ``None`` if not known."""
        left = self.under_way.end - self.under_way.settled
        return 60 * left / self.per_minute if self.per_minute and left > 0 else None


def read_progress(
    connection: Connection, tables: Optuna, study: Study, space: Space, known: Tally
) -> Progress:
    """Return where a study stands.

    Args:
        connection: The transaction.
        tables: Optuna's tables.
        study: The search.
        space: Its parameters.
        known: The tally of an earlier look: the trials in it are not read again.
    """
    board = read_board(connection, tables, study)
    final, tally = read_tally(connection, tables, study.study_id, known, reopened=board.reopened)
    search = _status(study, board, tally)
    companion = find_companion(connection, tables, study) if search.finished else None
    studies = [study] if companion is None else [study, companion]
    recents = [read_recent(connection, tables, one) for one in studies]
    clock = now(connection)
    fleet = read_fleet(connection, tables, [one.study_id for one in studies], clock)
    confirm = None if companion is None else _confirm(connection, tables, companion)
    delivered = search.finished and find_delivery(connection, tables, study) is not None
    stage = _stage(connection, tables, search, confirm, recents[0], delivered=delivered)
    events = [*_events(recents, tally, search), *_people(connection, studies, recents)]
    return Progress(
        at=clock,
        search=replace(search, workers=len(fleet)),
        confirm=confirm,
        stage=stage,
        box=_box(connection, study, space, stage),
        best_params=params_of(connection, tables, space, tally.best_id) if tally.bests else {},
        bests=tally.bests,
        per_minute=_per_minute(recents[-1], fleet, clock),
        fleet=tuple(fleet),
        events=tuple(sorted(events, key=attrgetter("at"))[-EVENTS:]),
        tally=final,
    )


def _status(study: Study, board: Board, tally: Tally) -> Status:
    number, value = tally.bests[-1] if tally.bests else (None, None)
    return Status(
        study=study.name,
        budget=board.budget,
        control=board.control,
        orphans=board.schedule.orphans,
        counts=tally.counts,
        best_number=number,
        best_value=value,
        created_at=board.created_at,
        stopped=board.stopped,
    )


def _confirm(connection: Connection, tables: Optuna, companion: Study) -> Status:
    board = read_board(connection, tables, companion)
    _, tally = read_tally(connection, tables, companion.study_id, Tally(), reopened=0)
    return _status(companion, board, tally)


def _stage(  # noqa: PLR0913 - what a stage follows from
    connection: Connection,
    tables: Optuna,
    search: Status,
    confirm: Status | None,
    recent: Recent,
    *,
    delivered: bool,
) -> str | None:
    if search.finished:
        if delivered or search.best_number is None:
            return DONE
        return DELIVER if confirm is not None and confirm.finished else CONFIRM
    keys = {"trial_ids": [row.trial_id for row in recent.trials[:EVENTS]]}
    noted = (json.loads(text) for text in connection.scalars(_stages(tables), keys))
    return next((stage for stage in noted if stage != ENQUEUED), None)


@prepared
def _stages(tables: Optuna) -> sa.Select[Any]:
    notes = tables.trial_user_attributes
    among = notes.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True))
    query = sa.select(notes.c.value_json).where(among, notes.c.key == "stage")
    return query.order_by(notes.c.trial_id.desc())


def _box(
    connection: Connection, study: Study, space: Space, stage: str | None
) -> Mapping[str, tuple[Value, Value]] | None:
    round_ = next((r for r in rounds(connection, study) if r.stage == stage), None)
    return None if round_ is None else round_.box(space)


def _events(recents: Sequence[Recent], tally: Tally, search: Status) -> list[Event]:
    found = list(events_of(recents[0], bests=tally.bests, stopped=search.stopped))
    return found + [event for recent in recents[1:] for event in events_of(recent, bests=(), stopped=None)]


def _people(connection: Connection, studies: Sequence[Study], recents: Sequence[Recent]) -> list[Event]:
    lost = set().union(*(recent.lost for recent in recents))
    return list(read_people(connection, [study.study_id for study in studies], lost))


def _per_minute(recent: Recent, fleet: Sequence[AtWork], clock: float) -> float | None:
    """Return how many trials are settled a minute since somebody is at work."""
    if not fleet:
        return None
    since = max(clock - RATE_S, min(worker.started_at for worker in fleet))
    settled = [at for at in recent.settled_at if at >= since]
    if recent.cut and settled and settled[0] == recent.settled_at[0]:  # those before it were not read
        since = settled[0]
    return 60 * len(settled) / (clock - since) if clock - since >= SHORTEST_RATE_S else None
