"""The trials of a study that are not settled, at one moment: who looks after them, and who is to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.store.database.connection import CLOCKS, now
from hpsearch.store.schema.tables import ATTEMPTS, OPEN, Optuna, by_key, prepared


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


_HELD = ("trial_id", "number", "attempt", "token", "outcome", "lease_until")


class Moment(NamedTuple):
    """The unsettled trials of a study, and what was asked with them.

    Attributes:
        clock: The database's clock.
        newer: Whether there are trials that the ledger did not write.
        unsettled: How many trials are not settled by the ledger.
        first_running: The first of them that nobody has settled by hand either, or ``None``.
        waiting: Those of them that somebody is to look after, by number.
        keys: Keys of trials to come.
    """

    clock: float
    newer: bool
    unsettled: int
    first_running: int | None
    waiting: Sequence[Held]
    keys: Sequence[int] = ()


def read_moment(connection: Connection, tables: Optuna, which: Mapping[str, Any], *, keys: int) -> Moment:
    """Return the clock, whether there are trials that the ledger did not write, and the unsettled trials.

    One statement: a claim holds the study against all others for as long as its questions travel. And a row
    or two: a fleet of 256 has 512 trials in hand, and each of its looks and claims asks this.

    Args:
        connection: The transaction.
        tables: Optuna's tables.
        which: The ``study``, the ``newest`` trial that the ledger knows, the ``token`` of a claim.
        keys: So many keys of trials to come are taken, where the database has a sequence of them.
    """
    dialect = connection.dialect.name
    with_keys = keys > 0 and dialect == "postgresql"
    query = _unsettled(tables, dialect, with_keys=with_keys)
    rows = connection.execute(query, {**which, "keys": keys} if with_keys else which).all()
    first = rows[0]
    clock = float(first.clock)
    waiting = [_held(row, clock) for row in rows if row.trial_id is not None]
    taken = [key for key in first.keys if key is not None] if with_keys else ()
    return Moment(clock, bool(first.newer), first.unsettled, first.first_running, waiting, taken)


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


def lock_moment(connection: Connection, tables: Optuna, mine: Mapping[str, int]) -> Moment:
    """Return the same with the attempts locked: a worker may be at its result, and what it writes decides."""
    attempts = connection.execute(_locked_attempts(tables), mine).all()
    clock = now(connection)
    held = [_held(attempt, clock) for attempt in attempts]
    first = next((h.number for h in held if not h.overruled), None)
    return Moment(clock, False, len(held), first, held)


@prepared
def _locked_attempts(tables: Optuna) -> sa.Select[Any]:
    return (
        sa.select(*(ATTEMPTS.c[name] for name in _HELD), tables.trials.c.state)
        .join(tables.trials, tables.trials.c.trial_id == ATTEMPTS.c.trial_id)
        .where(ATTEMPTS.c.study_id == sa.bindparam("study"), OPEN)
        .order_by(ATTEMPTS.c.number)
        .with_for_update(of=ATTEMPTS)
    )


def _held(row: Any, clock: float) -> Held:
    return Held(
        trial_id=row.trial_id,
        number=row.number,
        attempt=row.attempt,
        token=row.token,
        orphaned=row.outcome is not None or row.lease_until <= clock,
        state=row.state,
    )
