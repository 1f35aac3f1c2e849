"""The snapshot: all that a screen, ``status`` and ``best`` show of a study, as of one moment."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from hpsearch.search import Stage, Verdict, fingerprint, study_digest
from hpsearch.space import Value
from hpsearch.store.attempts.study_row import StudyRow, read_row
from hpsearch.store.records.records import Study
from hpsearch.store.schema.cells import SENSELESS
from hpsearch.store.schema.tables import Optuna, prepared
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.status.active_workers import ActiveWorker, read_fleet
from hpsearch.store.status.counters import Counters, count_trials
from hpsearch.store.status.estimate import runs_ahead, trials_ahead
from hpsearch.store.status.events import (
    EVENTS,
    Event,
    RecentTrials,
    events_of,
    read_people,
    read_recent_trials,
)
from hpsearch.store.status.status import Status, expect_sound
from hpsearch.store.studies.find import find_companion
from hpsearch.store.studies.trainings import count_trainings
from hpsearch.store.studies.verdicts import find_verdict
from hpsearch.store.trials.history import read_history
from hpsearch.store.trials.trial_row import params_of, read_digests, read_rounds

RATE_S = 300.0
"""The rate is that of the last five minutes, or of the newest trials where those came faster."""
SHORTEST_RATE_S = 2.0
"""Over a shorter time a rate would be a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A study at one moment, with its confirmation: all that a screen, ``status`` and ``best`` show.

    Attributes:
        at: The moment, seconds since 1970 on the database's clock.
        search: The status of the search.
        confirm: The status of its confirmation, or ``None`` while there is none.
        stage: Where the newest trial's parameters came from (``"round 0"``, ..., ``"random"``, ``"tpe"``);
            then ``"confirm"``, ``"deliver"``, ``"done"``; ``None`` before the first trial.
        box: Parameter -> the ends of the random round's box, in its own units; ``None`` in other stages.
        best_params: Parameters of the trial with the highest value, name -> value.
        verdict: The verdict, or ``None`` while it is not known.
        bests: Number and value of each trial that was better than all of lower numbers.
        per_minute: Trials settled a minute lately, or ``None`` while no worker is at work.
        ahead: An estimate of the phases that follow the one under way, in trials of that one.
        judging: Trainings of the verdict that have ended, and that it needs; ``None`` in other stages.
        fleet: The workers that have not ended.
        events: What has happened last, oldest first.
        fingerprint: SHA-256 over all settled trials, where it was asked for.
        counters: The settled trials, for the next snapshot.
    """

    at: float
    search: Status
    confirm: Status | None = None
    stage: str | None = None
    box: Mapping[str, tuple[Value, Value]] | None = None
    best_params: Mapping[str, Value] = field(default_factory=dict)
    verdict: Verdict | None = None
    bests: tuple[tuple[int, float], ...] = ()
    per_minute: float | None = None
    ahead: float = 0.0
    judging: tuple[int, int] | None = None
    fleet: tuple[ActiveWorker, ...] = ()
    events: tuple[Event, ...] = ()
    fingerprint: str | None = None
    counters: Counters = field(default=Counters(), compare=False, repr=False)

    @property
    def under_way(self) -> Status:
        """The search, or its confirmation once that has begun."""
        return self.confirm or self.search

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return self.stage == Stage.DONE

    @property
    def best(self) -> Verdict | None:
        """The verdict; the trial with the highest value while there is none, and ``None`` before."""
        if self.verdict is not None or not self.bests:
            return self.verdict
        number, value = self.bests[-1]
        return Verdict(number=number, value=value, params=self.best_params, mean=value)

    @property
    def left_s(self) -> float | None:
        """Seconds until the winner is judged, about, at this rate; ``None`` if not known."""
        left = self.under_way.end - self.under_way.settled + self.ahead
        return 60 * left / self.per_minute if self.per_minute and left > 0 and not self.done else None


def read_snapshot(
    tx: Transaction, study: Study, known: Snapshot | None = None, *, fingerprint: bool = False
) -> Snapshot:
    """Return a study at one moment.

    Args:
        tx: The transaction.
        study: The study.
        known: An earlier snapshot: the trials that were settled then are not read again.
        fingerprint: Whether to compute the fingerprint, for which a line of every settled trial is read.
    """
    study_row = read_row(tx, study)
    counted = Counters() if known is None else known.counters
    settled, counters = count_trials(tx, study, counted, reopened=study_row.reopened)
    search = _status(study, study_row, counters)
    companion = find_companion(tx, study) if search.finished else None
    studies = [study] if companion is None else [study, companion]
    recents = [read_recent_trials(tx, one) for one in studies]
    clock = tx.clock()
    fleet = read_fleet(tx, [one.study_id for one in studies], clock)
    confirm = None if companion is None else _confirm(tx, companion)
    verdict = find_verdict(tx, study)
    stage = _stage(tx, search, confirm, recents[0], delivered=verdict is not None)
    judges = stage == Stage.DELIVER
    last = max(recents[-1].settled_at, default=clock) if judges else clock
    per_minute = _per_minute(recents[-1], fleet, last)
    ahead = trials_ahead(study.spec) if companion is None else runs_ahead(study.spec)
    spent = (clock - last) * (per_minute or 0.0) / 60
    judging = count_trainings(tx, study) if judges else None
    # The guess holds until trainings of the verdict have ended: they say how long the others take.
    ahead = spent * (judging[1] / judging[0] - 1) if judging and judging[0] else max(0.0, ahead - spent)
    events = [*_events(recents, counters, search), *_people(tx, studies, recents)]
    return Snapshot(
        at=clock,
        search=replace(search, workers=len(fleet), verdict=verdict),
        confirm=confirm,
        stage=stage,
        box=_box(tx, study, stage),
        best_params=params_of(tx, study, counters.best_id) if counters.bests else {},
        verdict=verdict,
        bests=counters.bests,
        per_minute=per_minute,
        ahead=ahead,
        judging=judging,
        fleet=tuple(fleet),
        events=tuple(sorted(events, key=attrgetter("at"))[-EVENTS:]),
        fingerprint=_fingerprint(tx, study, search.settled) if fingerprint else None,
        counters=settled,
    )


def read_status(tx: Transaction, study: Study) -> Status:
    """Return the status of one study, with the workers of this study alone."""
    study_row = read_row(tx, study)
    _, counters = count_trials(tx, study, Counters(), reopened=study_row.reopened)
    workers = read_fleet(tx, [study.study_id], tx.clock())
    verdict = None
    with suppress(*SENSELESS):  # a list shows the study without it; a snapshot says what is wrong
        verdict = find_verdict(tx, study) if study.is_search else None
    return replace(_status(study, study_row, counters), workers=len(workers), verdict=verdict)


def _fingerprint(tx: Transaction, study: Study, n_settled: int) -> str:
    """Return the fingerprint from the digests that were stored with the results.

    Trials that were settled by a version without digests have none: then the whole history is read.
    """
    stored = read_digests(tx, study)
    if len(stored) == n_settled:
        return study_digest(study.space.names, stored)
    return fingerprint(study.space, read_history(tx, study).history)


def _status(study: Study, study_row: StudyRow, counters: Counters) -> Status:
    number, value = counters.bests[-1] if counters.bests else (None, None)
    found = Status(
        study=study.name,
        budget=study_row.budget,
        control=study_row.control,
        orphans=study_row.orphans,
        counts=counters.counts,
        best_number=number,
        best_value=value,
        created_at=study_row.created_at,
        stopped=study_row.stopped,
        confirms=not study.is_search,
    )
    expect_sound(found)
    return found


def _confirm(tx: Transaction, companion: Study) -> Status:
    study_row = read_row(tx, companion)
    _, counters = count_trials(tx, companion, Counters(), reopened=0)
    return _status(companion, study_row, counters)


def _stage(
    tx: Transaction,
    search: Status,
    confirm: Status | None,
    recent: RecentTrials,
    *,
    delivered: bool,
) -> str | None:
    if search.finished:
        if delivered or search.best_number is None:
            return Stage.DONE
        return Stage.DELIVER if confirm is not None and confirm.finished else Stage.CONFIRM
    keys = {"trial_ids": [row.trial_id for row in recent.trials[:EVENTS]]}
    noted = (json.loads(text) for text in tx.scalars(_stages(tx.tables), keys))
    return next((stage for stage in noted if stage != Stage.ENQUEUED), None)


@prepared
def _stages(tables: Optuna) -> sa.Select[Any]:
    notes = tables.trial_user_attributes
    among = notes.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True))
    query = sa.select(notes.c.value_json).where(among, notes.c.key == "stage")
    return query.order_by(notes.c.trial_id.desc())


def _box(tx: Transaction, study: Study, stage: str | None) -> Mapping[str, tuple[Value, Value]] | None:
    round_ = next((r for r in read_rounds(tx, study) if r.stage == stage), None)
    if round_ is None:
        return None
    choices = {parameter.name for parameter in study.space if parameter.kind == "choice"}
    return {name: ends for name, ends in round_.box(study.space).items() if name not in choices}


def _events(recents: Sequence[RecentTrials], counters: Counters, search: Status) -> list[Event]:
    found = list(events_of(recents[0], bests=counters.bests, stopped=search.stopped))
    return found + [event for recent in recents[1:] for event in events_of(recent, bests=(), stopped=None)]


def _people(tx: Transaction, studies: Sequence[Study], recents: Sequence[RecentTrials]) -> list[Event]:
    lost = set().union(*(recent.lost for recent in recents))
    return list(read_people(tx, [study.study_id for study in studies], lost))


def _per_minute(recent: RecentTrials, fleet: Sequence[ActiveWorker], clock: float) -> float | None:
    """Return how many trials are settled a minute while workers are at work."""
    if not fleet:
        return None
    since = max(clock - RATE_S, min(worker.started_at for worker in fleet))
    settled = [at for at in recent.settled_at if at >= since]
    if recent.cut and settled and settled[0] == recent.settled_at[0]:  # those before it were not read
        since = settled[0]
    return 60 * len(settled) / (clock - since) if clock - since >= SHORTEST_RATE_S else None
