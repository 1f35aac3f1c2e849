"""Metadata of trials as columns beside a history: stages, reasons, times."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import sqlalchemy as sa

from hpsearch.store.records.records import Study
from hpsearch.store.schema.transaction import Transaction
from hpsearch.types import Float64Array


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialMetadata:
    """Trials 0 to ``n - 1`` of a study.

    Attributes:
        stages: Where the parameters came from, ``(n,)``; empty for an external trial.
        reasons: Why a trial did not complete, ``(n,)``; empty where there is nothing to say.
        started: First claims, seconds since 1970, ``(n,)``; NaN where that is not known.
        ended: When trials were settled, seconds since 1970, ``(n,)``; NaN while they are not.
    """

    stages: tuple[str, ...]
    reasons: tuple[str, ...]
    started: Float64Array
    ended: Float64Array


def read_metadata(tx: Transaction, study: Study, n: int) -> TrialMetadata:
    """Return the origins of the first ``n`` trials of a study."""
    trials, notes = tx.tables.trials, tx.tables.trial_user_attributes
    mine = (trials.c.study_id == study.study_id, trials.c.number < n)
    times = sa.select(trials.c.number, trials.c.datetime_start, trials.c.datetime_complete).where(*mine)
    started, ended = np.full(n, np.nan), np.full(n, np.nan)
    for number, start, end in tx.execute(times):
        started[number], ended[number] = seconds_of(start), seconds_of(end)
    texts = (
        sa.select(trials.c.number, notes.c.key, notes.c.value_json)
        .join(notes, notes.c.trial_id == trials.c.trial_id)
        .where(*mine, notes.c.key.in_(("stage", "reason")))
    )
    found: dict[str, list[str]] = {"stage": [""] * n, "reason": [""] * n}
    for number, key, text in tx.execute(texts):
        found[key][number] = _text(text)
    return TrialMetadata(
        stages=tuple(found["stage"]), reasons=tuple(found["reason"]), started=started, ended=ended
    )


def seconds_of(moment: datetime | None) -> float:
    """Return a time as Optuna stores it, UTC without a zone, in seconds since 1970."""
    return np.nan if moment is None else moment.replace(tzinfo=UTC).timestamp()


def _text(note: str) -> str:
    """Return an attribute as text; other programs may have written anything there through Optuna."""
    content = json.loads(note)
    return content if isinstance(content, str) else note
