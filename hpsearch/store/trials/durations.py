"""The attempts at trials: when they began and ended, and on which worker."""

from dataclasses import dataclass

import sqlalchemy as sa

from hpsearch.store.records.records import Study
from hpsearch.store.schema.tables import ATTEMPTS, WORKERS, AttemptOutcome
from hpsearch.store.schema.transaction import Transaction

NEWEST = 2000
"""Settled trials that are looked at: enough to know how durations differ, and read in milliseconds."""


@dataclass(frozen=True, slots=True)
class ClaimDuration:
    """The duration of one claim.

    Attributes:
        seconds: From the claim to the end of its last trial.
        trials: How many trials were claimed together and finished.
    """

    seconds: float
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptSpan:
    """One attempt at a trial, from its claim to its end.

    Attributes:
        number: The trial.
        host: The machine of its worker.
        pid: The process of its worker.
        claimed_at: When it was claimed, seconds since 1970.
        ended_at: When it ended, seconds since 1970; ``None`` while it is under way.
        outcome: How it ended; ``None`` as above.
    """

    number: int
    host: str
    pid: int
    claimed_at: float
    ended_at: float | None
    outcome: AttemptOutcome | None


def read_attempts(tx: Transaction, study: Study, *, most: int) -> tuple[int, list[AttemptSpan]]:
    """Return how many attempts a study has had, and at most about so many of them, evenly by their trials.

    Args:
        tx: The transaction.
        study: The study.
        most: How many are wanted.
    """
    mine = ATTEMPTS.c.study_id == study.study_id
    n = tx.scalar(sa.select(sa.func.count()).select_from(ATTEMPTS).where(mine)) or 0
    columns = [ATTEMPTS.c[name] for name in ("number", "claimed_at", "ended_at", "outcome")]
    query = (
        sa.select(*columns, WORKERS.c.host, WORKERS.c.pid)
        .join(WORKERS, WORKERS.c.worker_id == ATTEMPTS.c.worker_id)
        .where(mine, ATTEMPTS.c.number % max(1, -(-n // most)) == 0)
        .order_by(ATTEMPTS.c.claimed_at, ATTEMPTS.c.number)
    )
    found = []
    for row in tx.execute(query):
        cells = row._asdict()
        outcome = None if cells["outcome"] is None else AttemptOutcome(cells["outcome"])
        found.append(AttemptSpan(**{**cells, "outcome": outcome}))
    return int(n), found


def read_span(tx: Transaction, study: Study) -> tuple[float, float] | None:
    """Return when the first trial was claimed and the last result stored, seconds since 1970, if any was."""
    mine = ATTEMPTS.c.study_id == study.study_id, ATTEMPTS.c.outcome == AttemptOutcome.FINISHED
    query = sa.select(sa.func.min(ATTEMPTS.c.claimed_at), sa.func.max(ATTEMPTS.c.ended_at)).where(*mine)
    first, last = tx.execute(query).one()
    return None if last is None else (float(first), float(last))


def read_durations(tx: Transaction, study: Study, *, newest: int = NEWEST) -> list[ClaimDuration]:
    """Return the durations of the claims that ended with results, by the number of their first trials.

    Args:
        tx: The transaction.
        study: The study.
        newest: At most so many trials are looked at, those with the highest numbers.
    """
    mine = ATTEMPTS.c.study_id == study.study_id, ATTEMPTS.c.outcome == AttemptOutcome.FINISHED
    columns = ATTEMPTS.c.number, ATTEMPTS.c.token, ATTEMPTS.c.claimed_at, ATTEMPTS.c.ended_at
    query = sa.select(*columns).where(*mine).order_by(ATTEMPTS.c.number.desc()).limit(newest)
    found: dict[str, ClaimDuration] = {}
    for row in reversed(tx.execute(query).all()):
        before = found.get(row.token, ClaimDuration(0.0, 0))
        seconds = max(before.seconds, (row.ended_at or row.claimed_at) - row.claimed_at)
        found[row.token] = ClaimDuration(seconds, before.trials + 1)
    return list(found.values())
