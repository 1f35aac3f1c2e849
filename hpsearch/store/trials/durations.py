"""The durations of what workers claimed, in the order of the trials' numbers."""

from dataclasses import dataclass

import sqlalchemy as sa

from hpsearch.store.records.records import Study
from hpsearch.store.schema.tables import ATTEMPTS, AttemptOutcome
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
