"""Where a study stands: its row, its unsettled trials, and the trials that the ledger did not write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import NotFoundError
from hpsearch.search import Stopped, StopRule
from hpsearch.store.database import CLOCKS, now
from hpsearch.store.records import Schedule, Study, end_of
from hpsearch.store.tables import ATTEMPTS, OPEN, STUDIES, Control, Optuna, Outcome, by_key, prepared

MOST_STRANGERS = 200
"""So many trials that were added through Optuna are looked at in one go; a queue may hold thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The latest attempt of a trial that is not settled by the ledger.

    Attributes:
        trial_id: The trial's key.
        number: The trial's number.
        attempt: How often it has been claimed.
        token: The claim's token.
        orphaned: Whether no living worker holds it.
        state: The trial's state in Optuna's words; not running when somebody settled it by hand.
    """

    trial_id: int
    number: int
    attempt: int
    token: str
    orphaned: bool
    state: str

    @property
    def overruled(self) -> bool:
        """Whether somebody settled the trial through Optuna."""
        return self.state != "RUNNING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Where a study stands, in one transaction.

    Attributes:
        clock: The database's clock, after whatever the transaction had to wait for.
        admitted: Trials that have a number and were given to a worker.
        adopted: The number after the last of them that was added through Optuna.
        budget: Number of trials, exactly.
        control: What workers are to do.
        reopened: How often a failed trial was tried again on request.
        changes: How often the study went on under other terms.
        stopped: How a rule has ended the study, or ``None``.
        created_at: When the study was created.
        unsettled: How many trials are not settled by the ledger.
        first_running: The first of them that nobody has settled by hand either, or ``None``.
        waiting: Those of them that somebody is to look after, by number: orphaned, settled by hand, or held
            by the token that was asked for.
        strangers: Keys, numbers and states of the first trials that were added through Optuna since the last
            claim, by number; at most ``MOST_STRANGERS``.
        keys: Keys of trials to come, taken from the database's sequence while the study was held; empty
            where it gives a trial its key when it is written.
    """

    clock: float
    admitted: int
    adopted: int
    budget: int
    control: Control
    reopened: int
    changes: int
    stopped: Stopped | None
    created_at: float
    unsettled: int
    first_running: int | None
    waiting: Sequence[Held]
    strangers: Sequence[tuple[int, int, str]]
    keys: Sequence[int] = ()

    @property
    def end(self) -> int:
        """How many trials the study has in the end."""
        return end_of(self.budget, self.stopped)

    @property
    def settled_prefix(self) -> int:
        """Leading trials that are all settled."""
        return self.admitted if self.first_running is None else self.first_running

    @property
    def schedule(self) -> Schedule:
        """The same as counts."""
        return Schedule(
            admitted=self.admitted,
            budget=self.budget,
            control=self.control,
            settled_prefix=self.settled_prefix,
            orphans=sum(h.orphaned or h.overruled for h in self.waiting),
            unsettled=self.unsettled,
            strangers=len(self.strangers),
            reopened=self.reopened,
            changes=self.changes,
            stopped=self.stopped,
            elapsed_s=self.clock - self.created_at,
        )


def read_board(  # noqa: PLR0913 - what is asked, and what is held meanwhile
    connection: Connection,
    tables: Optuna,
    study: Study,
    *,
    lock: bool = False,
    token: str = "",
    keys: int = 0,
) -> Board:
    """Return where a study stands.

    Args:
        connection: The transaction.
        tables: Optuna's tables.
        study: The study.
        lock: Whether to hold the study against other claims, and against Optuna, until the end.
        token: The trials that a claim with this token holds are told, too.
        keys: So many keys of trials to come are taken, where the database has a sequence of them.

    Raises:
        NotFoundError: Somebody has deleted the study.
    """
    mine = {"study": study.study_id}
    row = connection.execute(_study_row(tables, lock=lock), mine).one_or_none()
    if row is None:
        raise NotFoundError(f"study {study.name!r} was deleted from the database while it was worked on")
    which = mine | {"newest": row.newest_trial_id}
    moment = _moment(connection, tables, which | {"token": token}, keys=keys)
    if lock and any(h.orphaned or h.overruled for h in moment.waiting):
        moment = _locked(connection, tables, mine)._replace(newer=moment.newer, keys=moment.keys)
    return Board(
        clock=moment.clock,
        admitted=row.admitted,
        adopted=row.adopted,
        budget=row.budget,
        control=Control(row.control),
        reopened=row.reopened,
        changes=row.changes,
        stopped=stopped_of(row),
        created_at=row.created_at,
        unsettled=moment.unsettled,
        first_running=moment.first_running,
        waiting=moment.waiting,
        strangers=_strangers(connection, tables, which) if moment.newer else [],
        keys=moment.keys,
    )


def stopped_of(row: Any) -> Stopped | None:
    """Return how a rule has ended the study of a row of ``STUDIES``, or ``None``."""
    if row.stop_number is None:
        return None
    return Stopped(rule=StopRule(row.stop_rule), number=row.stop_number, text=row.stop_text)


_STUDY = ("admitted", "adopted", "budget", "reopened", "changes", "newest_trial_id", "created_at")
_STOP = ("stop_number", "stop_rule", "stop_text")


@prepared
def _study_row(tables: Optuna, *, lock: bool) -> sa.Select[Any]:
    search = STUDIES.alias("search")
    query = (
        sa.select(*(STUDIES.c[name] for name in (*_STUDY, *_STOP)), search.c.control)
        .join(tables.studies, tables.studies.c.study_id == STUDIES.c.study_id)
        .join(search, search.c.study_id == STUDIES.c.search_id)
        .where(STUDIES.c.study_id == sa.bindparam("study"))
    )
    # Optuna numbers its trials under a lock on its own row.
    return query.with_for_update(of=[STUDIES, tables.studies]) if lock else query


_HELD = ("trial_id", "number", "attempt", "token", "outcome", "lease_until")


class _Moment(NamedTuple):
    clock: float
    newer: bool
    unsettled: int
    first_running: int | None
    waiting: Sequence[Held]
    keys: Sequence[int] = ()


def _moment(connection: Connection, tables: Optuna, which: Mapping[str, Any], *, keys: int) -> _Moment:
    """Return the clock, whether there are trials that the ledger did not write, and the unsettled trials.

    One statement: a claim holds the study against all others for as long as its questions travel. And a row
    or two: a fleet of 256 has 512 trials in hand, and each of its looks and claims asks this.
    """
    dialect = connection.dialect.name
    with_keys = keys > 0 and dialect == "postgresql"
    query = _unsettled(tables, dialect, with_keys=with_keys)
    rows = connection.execute(query, {**which, "keys": keys} if with_keys else which).all()
    first = rows[0]
    clock = float(first.clock)
    waiting = [_seen(row, clock) for row in rows if row.trial_id is not None]
    taken = [key for key in first.keys if key is not None] if with_keys else ()
    return _Moment(clock, bool(first.newer), first.unsettled, first.first_running, waiting, taken)


@prepared
def _unsettled(tables: Optuna, dialect: str, *, with_keys: bool) -> sa.Select[Any]:
    """Return a statement of one row at least; that one has no trial when none is waiting."""
    trials, others = tables.trials, tables.trials.alias("others")
    clock = CLOCKS[dialect].label("clock")
    unsettled = (
        sa.select(*(ATTEMPTS.c[name] for name in _HELD), trials.c.state)
        .join(trials, trials.c.trial_id == ATTEMPTS.c.trial_id)
        .where(ATTEMPTS.c.study_id == sa.bindparam("study"), OPEN)
        .cte("unsettled")
    )
    running = unsettled.c.state == "RUNNING"
    moment = sa.select(
        clock,
        sa.exists().where(by_key(others, dialect), others.c.trial_id > sa.bindparam("newest")).label("newer"),
        sa.select(sa.func.count()).select_from(unsettled).scalar_subquery().label("unsettled"),
        sa.select(sa.func.min(unsettled.c.number)).where(running).scalar_subquery().label("first_running"),
        *([_keys(trials)] if with_keys else []),
    ).subquery("moment")
    waiting = sa.or_(
        unsettled.c.outcome.is_not(None),
        unsettled.c.lease_until <= moment.c.clock,
        sa.not_(running),
        unsettled.c.token == sa.bindparam("token"),
    )
    return (
        sa.select(moment, *(unsettled.c[name] for name in (*_HELD, "state")))
        .select_from(moment.outerjoin(unsettled, waiting))
        .order_by(unsettled.c.number)
    )


def _keys(trials: sa.Table) -> sa.Label[Any]:
    """Return ``:keys`` keys of new trials: with them they are written in one go with all that refers to them.

    The sequence is the one that a new row would take its key from; where it has none there is no key.
    """
    sequence = sa.func.pg_get_serial_sequence(trials.name, "trial_id")
    many = sa.func.generate_series(1, sa.bindparam("keys", type_=sa.Integer))
    keys = sa.func.array_agg(sa.func.nextval(sequence), type_=sa.types.NULLTYPE)
    return sa.select(keys).select_from(many).scalar_subquery().label("keys")


def _locked(connection: Connection, tables: Optuna, mine: Mapping[str, int]) -> _Moment:
    """Return the same with the attempts locked: a worker may be at its result, and what it writes decides."""
    attempts = connection.execute(_locked_attempts(tables), mine).all()
    clock = now(connection)
    held = [_seen(attempt, clock) for attempt in attempts]
    first = next((h.number for h in held if not h.overruled), None)
    return _Moment(clock, False, len(held), first, held)


@prepared
def _locked_attempts(tables: Optuna) -> sa.Select[Any]:
    return (
        sa.select(*(ATTEMPTS.c[name] for name in _HELD), tables.trials.c.state)
        .join(tables.trials, tables.trials.c.trial_id == ATTEMPTS.c.trial_id)
        .where(ATTEMPTS.c.study_id == sa.bindparam("study"), OPEN)
        .order_by(ATTEMPTS.c.number)
        .with_for_update(of=ATTEMPTS)
    )


def _seen(row: Any, clock: float) -> Held:
    return Held(
        trial_id=row.trial_id,
        number=row.number,
        attempt=row.attempt,
        token=row.token,
        orphaned=row.outcome is not None or row.lease_until <= clock,
        state=row.state,
    )


def _strangers(
    connection: Connection, tables: Optuna, which: Mapping[str, int]
) -> list[tuple[int, int, str]]:
    rows = connection.execute(_newer_trials(tables), which)
    found = [(row.trial_id, row.number, row.state) for row in rows]
    return sorted(found, key=itemgetter(1))


@prepared
def _newer_trials(tables: Optuna) -> sa.Select[Any]:
    trials = tables.trials
    return (
        sa.select(trials.c.trial_id, trials.c.number, trials.c.state)
        .where(trials.c.study_id == sa.bindparam("study"), trials.c.trial_id > sa.bindparam("newest"))
        .order_by(trials.c.trial_id)  # the keys rise with the numbers, and have an index
        .limit(MOST_STRANGERS)
    )


def expire(connection: Connection, clock: float, *which: sa.ColumnElement[bool]) -> None:
    """Close the held attempts that meet ``which``; whoever claims next takes their trials over."""
    held = (OPEN, ATTEMPTS.c.outcome.is_(None))
    ended = {"outcome": Outcome.EXPIRED, "ended_at": clock}
    connection.execute(sa.update(ATTEMPTS).where(*held, *which).values(ended))
