"""The open attempts of a study: the latest attempt of each trial that the ledger has not settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hpsearch.store.database.connection import CLOCKS
from hpsearch.store.schema.deleted import next_key_is_taken
from hpsearch.store.schema.tables import ATTEMPTS, OPEN, STUDIES, AttemptOutcome, Optuna, by_key, prepared
from hpsearch.store.schema.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAttempt:
    """The latest attempt of a trial that the ledger has not settled.

    Attributes:
        trial_id: The trial's key.
        number: The trial's number.
        attempt: How often it has been claimed.
        token: The claim's token.
        orphaned: Whether no live worker holds it.
        state: The trial's state in Optuna's words; not running when it was settled by hand.
    """

    trial_id: int
    number: int
    attempt: int
    token: str
    orphaned: bool
    state: str

    @property
    def overruled(self) -> bool:
        """Whether the trial was settled by hand, through Optuna."""
        return self.state != "RUNNING"


_NEWEST = (
    sa.select(STUDIES.c.newest_trial_id).where(STUDIES.c.study_id == sa.bindparam("study")).scalar_subquery()
)
_COLUMNS = ("trial_id", "number", "attempt", "token", "outcome", "lease_until")


def read_open_attempts(
    tx: Transaction, which: Mapping[str, Any], *, keys: int
) -> tuple[Any, tuple[OpenAttempt, ...]]:
    """Return a row about all open attempts, and those that need a claim, by number.

    The row has the database's ``clock``; ``newer``, whether there are trials that the ledger did not write;
    ``left``, whether the next trial may get a key that is in the books already;
    ``unsettled``, how many attempts are open; ``first_running``, the number of the first whose trial was not
    settled by hand; and ``keys`` of trials to come where they were asked for and the database has a sequence.

    One statement: a claim locks the study against all others for as long as its questions travel. And few
    rows: a fleet of 256 has 512 trials in hand, and each of its looks and claims asks this.

    Args:
        tx: The transaction.
        which: The ``study``, and the ``newest`` trial that the ledger knows.
        keys: So many keys are taken.
    """
    with_keys = keys > 0 and tx.dialect == "postgresql"
    query = _unsettled(tx.tables, tx.dialect, with_keys=with_keys)
    values = {**which, "token": tx.token} | ({"keys": keys} if with_keys else {})
    rows = tx.execute(query, values).all()
    clock = float(rows[0].clock)
    return rows[0], tuple(_open_attempt(row, clock) for row in rows if row.trial_id is not None)


def read_seen_attempts(
    tx: Transaction, row: sa.Select[Any], which: Mapping[str, Any]
) -> tuple[Any, tuple[OpenAttempt, ...]]:
    """Return a row of a study, with what ``read_open_attempts`` says about all attempts, and these.

    One statement: nothing is locked, so nothing may change between two questions. The row is ``None`` where
    the study has none.

    Args:
        tx: The transaction.
        row: What reads the row of the ``study``.
        which: The ``study``.
    """
    rows = tx.execute(_unsettled(tx.tables, tx.dialect, row=row), {**which, "token": tx.token}).all()
    if not rows:
        return None, ()
    clock = float(rows[0].clock)
    return rows[0], tuple(_open_attempt(found, clock) for found in rows if found.trial_id is not None)


@prepared
def _unsettled(
    tables: Optuna, dialect: str, *, with_keys: bool = False, row: sa.Select[Any] | None = None
) -> sa.Select[Any]:
    """Return a statement of one row at least, beside a study's ``row``; no trial is in it when none waits."""
    trials, others = tables.trials, tables.trials.alias("others")
    clock = CLOCKS[dialect].label("clock")
    newest = sa.bindparam("newest") if row is None else _NEWEST
    unsettled = (
        sa.select(*(ATTEMPTS.c[name] for name in _COLUMNS), trials.c.state)
        .join(trials, trials.c.trial_id == ATTEMPTS.c.trial_id)
        .where(ATTEMPTS.c.study_id == sa.bindparam("study"), OPEN)
        .cte("unsettled")
    )
    running = unsettled.c.state == "RUNNING"
    moment = sa.select(
        clock,
        sa.exists().where(by_key(others, dialect), others.c.trial_id > newest).label("newer"),
        sa.select(sa.func.count()).select_from(unsettled).scalar_subquery().label("unsettled"),
        sa.select(sa.func.min(unsettled.c.number)).where(running).scalar_subquery().label("first_running"),
        (next_key_is_taken(tables) if dialect == "sqlite" else sa.false()).label("left"),
        *([_keys(trials)] if with_keys else []),
    ).subquery("moment")
    waiting = sa.or_(
        unsettled.c.outcome.is_not(None),
        unsettled.c.lease_until <= moment.c.clock,
        sa.not_(running),
        unsettled.c.token == sa.bindparam("token"),
    )
    about = moment if row is None else row.subquery("seen").join(moment, sa.true())
    return (
        sa.select(*about.c, *(unsettled.c[name] for name in (*_COLUMNS, "state")))
        .select_from(about.outerjoin(unsettled, waiting))
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


def locked_attempts(tx: Transaction, mine: Mapping[str, int]) -> tuple[list[OpenAttempt], float]:
    """Lock and return the open attempts of a study, by number, with the database's clock after that."""
    attempts = tx.execute(_locked_attempts(tx.tables), mine).all()
    clock = tx.clock()
    return [_open_attempt(attempt, clock) for attempt in attempts], clock


def first_running(attempts: Sequence[OpenAttempt]) -> int | None:
    """Return the number of the first attempt whose trial was not settled by hand, or ``None``."""
    return next((attempt.number for attempt in attempts if not attempt.overruled), None)


def expire(tx: Transaction, clock: float, *which: sa.ColumnElement[bool]) -> None:
    """Close the held attempts that meet ``which``; the next claim takes their trials over."""
    held = (OPEN, ATTEMPTS.c.outcome.is_(None))
    ended = {"outcome": AttemptOutcome.EXPIRED, "ended_at": clock}
    tx.execute(sa.update(ATTEMPTS).where(*held, *which).values(ended))


@prepared
def _locked_attempts(tables: Optuna) -> sa.Select[Any]:
    return (
        sa.select(*(ATTEMPTS.c[name] for name in _COLUMNS), tables.trials.c.state)
        .join(tables.trials, tables.trials.c.trial_id == ATTEMPTS.c.trial_id)
        .where(ATTEMPTS.c.study_id == sa.bindparam("study"), OPEN)
        .order_by(ATTEMPTS.c.number)
        .with_for_update(of=ATTEMPTS)
    )


def _open_attempt(row: Any, clock: float) -> OpenAttempt:
    return OpenAttempt(
        trial_id=row.trial_id,
        number=row.number,
        attempt=row.attempt,
        token=row.token,
        orphaned=row.outcome is not None or row.lease_until <= clock,
        state=row.state,
    )
