"""Where a study stands: its row, its unsettled trials, and the trials that the ledger did not write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import NotFoundError
from hpsearch.search import Stopped, StopRule
from hpsearch.store.attempts.open_attempts import Held, lock_moment, read_moment
from hpsearch.store.records.records import Schedule, Study, end_of
from hpsearch.store.schema.tables import ATTEMPTS, OPEN, STUDIES, Control, Optuna, Outcome, prepared

MOST_STRANGERS = 200
"""So many trials that were added through Optuna are looked at in one go; a queue may hold thousands."""


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
    moment = read_moment(connection, tables, which | {"token": token}, keys=keys)
    if lock and any(h.orphaned or h.overruled for h in moment.waiting):
        moment = lock_moment(connection, tables, mine)._replace(newer=moment.newer, keys=moment.keys)
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
