"""The row of a study with its open attempts: all that the next claim depends on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import NotFoundError
from hpsearch.search import Stopped, StopRule
from hpsearch.store.attempts.open_attempts import (
    OpenAttempt,
    first_running,
    locked_attempts,
    read_open_attempts,
    read_seen_attempts,
)
from hpsearch.store.records.records import Study, end_of
from hpsearch.store.schema.tables import STUDIES, Control, Optuna, prepared
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.trials.history import KnownHistory, damaged_study, read_on

MOST_EXTERNAL = 200
"""So many trials that were added through Optuna are looked at in one go; a queue may hold thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRow:
    """The row of a study, its open attempts, and its trials that the ledger did not write.

    Attributes:
        budget: Number of trials, exactly.
        admitted: Trials that have a number and were given to a worker.
        adopted: The number after the last of them that was added through Optuna.
        control: What workers are to do.
        reopened: How often a failed trial was tried again on request.
        changes: How often the study went on under other terms.
        newest_trial_id: No trial up to this key is unknown to the ledger.
        stopped: How a rule has ended the study, or ``None``.
        created_at: When the study was created, seconds since 1970 on the database's clock.
        clock: That clock, after all that the transaction had to wait for.
        unsettled: How many admitted trials are not settled by the ledger.
        first_running: The number of the first of them that was not settled by hand either, or ``None``.
        waiting: The admitted trials that need a claim, by number: without a live worker, settled by hand, or
            held by the token of the transaction.
        left: Whether the next trial may get a key that is in the books of a deleted study.
        external: Keys, numbers and states of the first trials that were added through Optuna since the last
            claim, by number; at most ``MOST_EXTERNAL``.
        keys: Keys of trials to come, taken from the database's sequence while the study was locked; empty
            where the database gives a trial its key when it is written.
    """

    budget: int
    admitted: int
    adopted: int = 0
    control: Control = Control.RUN
    reopened: int = 0
    changes: int = 0
    newest_trial_id: int = 0
    stopped: Stopped | None = None
    created_at: float = field(default=0.0, compare=False)
    clock: float = field(default=0.0, compare=False)
    unsettled: int = 0
    first_running: int | None = None
    waiting: Sequence[OpenAttempt] = ()
    left: bool = False
    external: Sequence[tuple[int, int, str]] = ()
    keys: Sequence[int] = ()

    @property
    def end(self) -> int:
        """How many trials the study has in the end."""
        return end_of(self.budget, self.stopped)

    @property
    def finished(self) -> bool:
        """Whether every trial is settled, as far as the budget, or the rule that ended the study, reaches."""
        return self.admitted >= self.end and not self.unsettled

    @property
    def settled_prefix(self) -> int:
        """Leading trials that are all settled."""
        return self.admitted if self.first_running is None else self.first_running

    @property
    def orphans(self) -> int:
        """Unsettled trials that no live worker holds."""
        return sum(attempt.orphaned or attempt.overruled for attempt in self.waiting)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the study was created, on the database's clock."""
        return self.clock - self.created_at


def read_row(tx: Transaction, study: Study, *, lock: bool = False, keys: int = 0) -> StudyRow:
    """Return the row of a study with its open attempts.

    Args:
        tx: The transaction; the attempts with its token are among those that wait.
        study: The study.
        lock: Whether to lock the study against other claims, and against Optuna, until the end.
        keys: So many keys of trials to come are taken, where the database has a sequence of them.

    Raises:
        NotFoundError: The study was deleted.
    """
    mine = {"study": study.study_id}
    if lock:
        row = _same(study, tx.execute(_study_row(tx.tables, lock=True), mine).one_or_none())
        # A question of its own: what it is to see was written before the lock was had.
        moment, waiting = read_open_attempts(tx, mine | {"newest": row.newest_trial_id}, keys=keys)
    else:
        moment, waiting = read_seen_attempts(tx, _study_row(tx.tables, lock=False), mine)
        row = _same(study, moment)
    which = mine | {"newest": row.newest_trial_id}
    found = StudyRow(
        **{name: getattr(row, name) for name in _PLAIN},
        control=Control(row.control),
        stopped=stopped_of(row),
        clock=float(moment.clock),
        unsettled=moment.unsettled,
        first_running=moment.first_running,
        waiting=waiting,
        left=bool(moment.left),
        external=_external(tx, which) if moment.newer else (),
        keys=[key for key in moment.keys if key is not None] if "keys" in moment._fields else (),
    )
    if lock and found.orphans:
        # Its worker may be writing the result of an expired attempt right now, and what it writes decides.
        attempts, clock = locked_attempts(tx, mine)
        first = first_running(attempts)
        return replace(found, clock=clock, unsettled=len(attempts), first_running=first, waiting=attempts)
    return found


def _same(study: Study, row: Any) -> Any:
    """Return the row of a study; refuse another one's, which has its key, and its name, but was made later.

    Raises:
        NotFoundError: The study was deleted.
    """
    if row is None or row.created_at > study.created_at:
        raise NotFoundError(f"study {study.name!r} was deleted from the database while it was worked on")
    return row


def look(tx: Transaction, study: Study, known: KnownHistory | None = None) -> tuple[KnownHistory, StudyRow]:
    """Return the history of a study and its row, as they are at one moment.

    Raises:
        NotFoundError: The study was deleted.
        StorageError: A trial is gone, or runs and nothing will ever end it: there is nothing to wait for.
    """
    row = read_row(tx, study)
    known = read_on(tx, study, known, (row.admitted, row.reopened, row.newest_trial_id))
    running = known.history.settled_prefix
    if running < row.settled_prefix:
        raise damaged_study(study, f"trial {running} is running, and no worker will end it")
    return known, row


def stopped_of(row: Any) -> Stopped | None:
    """Return how a rule has ended the study of a row of ``STUDIES``, or ``None``."""
    if row.stop_number is None:
        return None
    return Stopped(rule=StopRule(row.stop_rule), number=row.stop_number, text=row.stop_text)


_PLAIN = ("admitted", "adopted", "budget", "reopened", "changes", "created_at", "newest_trial_id")
_OTHERS = ("stop_number", "stop_rule", "stop_text")


@prepared
def _study_row(tables: Optuna, *, lock: bool) -> sa.Select[*tuple[Any, ...]]:
    search = STUDIES.alias("search")
    query = (
        sa.select(*(STUDIES.c[name] for name in (*_PLAIN, *_OTHERS)), search.c.control)
        .join(tables.studies, tables.studies.c.study_id == STUDIES.c.study_id)
        .join(search, search.c.study_id == STUDIES.c.search_id)
        .where(STUDIES.c.study_id == sa.bindparam("study"))
    )
    # Optuna numbers its trials under a lock on its own row.
    return query.with_for_update(of=[STUDIES, tables.studies]) if lock else query


def _external(tx: Transaction, which: Mapping[str, int]) -> list[tuple[int, int, str]]:
    rows = tx.execute(_newer_trials(tx.tables), which)
    return sorted(((row.trial_id, row.number, row.state) for row in rows), key=itemgetter(1))


@prepared
def _newer_trials(tables: Optuna) -> sa.Select[*tuple[Any, ...]]:
    trials = tables.trials
    return (
        sa.select(trials.c.trial_id, trials.c.number, trials.c.state)
        .where(trials.c.study_id == sa.bindparam("study"), trials.c.trial_id > sa.bindparam("newest"))
        .order_by(trials.c.trial_id)  # the keys rise with the numbers, and have an index
        .limit(MOST_EXTERNAL)
    )
