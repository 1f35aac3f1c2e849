"""The failed trials of a function or a command: what went wrong, and where."""

from dataclasses import dataclass

import numpy as np

from hpsearch.search import History, TrialState
from hpsearch.store import Reader, Study

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


def failures_of(ledger: Reader, study: Study, history: History) -> tuple[Failure, ...]:
    """Return the first failed trials of a function or a command; none of a study of networks."""
    if study.spec.has_data:
        return ()
    numbers = np.flatnonzero(history.states == TrialState.FAILED)[:FAILURES_SHOWN].tolist()
    rows = [ledger.trial(study, number) for number in numbers]
    return tuple(
        Failure(number=row.number, reason=row.reason or "", error=(row.error or "").strip()) for row in rows
    )
