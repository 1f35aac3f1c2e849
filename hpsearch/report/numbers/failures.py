"""The failed trials of a function or a command: what went wrong, and where."""

from dataclasses import dataclass

import numpy as np

from hpsearch.search import History, TrialState
from hpsearch.store import Reader, Study, without_places

FAILURES_SHOWN = 5
"""Failed trials that are listed; most fail for one reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed trial.

    Attributes:
        number: The trial.
        reason: Why it failed, a sentence.
        error: The traceback of its last attempt; empty where there is none.
    """

    number: int
    reason: str
    error: str


def failures_of(
    ledger: Reader, study: Study, history: History, *, anonymous: bool = False
) -> tuple[Failure, ...]:
    """Return the first failed trials of a function or a command; none of a study of networks.

    Args:
        ledger: Where the study is.
        study: The study.
        history: Its trials.
        anonymous: Whether addresses and absolute paths are left out.
    """
    if study.spec.has_data:
        return ()
    numbers = np.flatnonzero(history.states == TrialState.FAILED)[:FAILURES_SHOWN].tolist()
    rows = [ledger.trial(study, number) for number in numbers]
    shown = without_places if anonymous else str
    return tuple(
        Failure(number=row.number, reason=shown(row.reason or ""), error=shown(row.error or "").strip())
        for row in rows
    )
