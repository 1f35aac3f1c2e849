"""The end of a study by one of its rules: stored once, and from then on part of the study."""

from typing import Any

import sqlalchemy as sa

from hpsearch.search import Stopped
from hpsearch.store.attempts.study_row import read_row
from hpsearch.store.records.records import Study
from hpsearch.store.schema.tables import STUDIES
from hpsearch.store.schema.transaction import Transaction

NOT_STOPPED: dict[str, Any] = {"stop_number": None, "stop_rule": None, "stop_text": None}
"""The columns of a study that no rule has ended."""


def stop_at(tx: Transaction, study: Study, stopped: Stopped, *, reopened: int = 0) -> Stopped | None:
    """Store that a rule has ended a study; return how it ended.

    Any worker may call it; the first one writes, and all hear what was written. Nothing is written when the
    study has changed since the rule was asked: its terms, the count of its ``reopened`` trials, or the trials
    begun, which would reach beyond the number.
    """
    study_row = read_row(tx, study, lock=True)
    stale = study_row.changes != study.changes or study_row.reopened != reopened
    if study_row.stopped is not None or stale or study_row.admitted > stopped.number:
        return study_row.stopped
    columns = {"stop_number": stopped.number, "stop_rule": stopped.rule, "stop_text": stopped.text}
    mine = STUDIES.c.study_id == study.study_id
    tx.execute(sa.update(STUDIES).where(mine).values(columns))
    return stopped
