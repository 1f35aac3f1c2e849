"""What the ledger keeps of trainings until a study is judged, so that none is done twice."""

import json
import math
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

from hpsearch.errors import StorageError
from hpsearch.metrics import Measure
from hpsearch.objective import (
    Ending,
    Evaluator,
    Judge,
    JudgedRows,
    OnReport,
    Outcome,
    ResumeError,
    Task,
    TaskState,
)
from hpsearch.store import Ledger, Study

MOST_BYTES = 4 * 2**20
"""Of one training, in the database: a fleet of any size then reads a verdict's 40 trainings in 160 MiB."""

_EPOCHS = 4
"""Bytes of the number of epochs before a state."""


def training_key(task: Task, rows: JudgedRows, *, refit: bool) -> str:
    """Return the key of a training in the ledger: a SHA-256 of what it trains, and of what is kept of it."""
    settings = sorted(task.settings.items())
    text = json.dumps([rows.value, refit, task.seed, settings])
    return sha256(text.encode()).hexdigest()


def kept_bytes(evaluator: Evaluator, outcome: Outcome, rows: JudgedRows) -> bytes | None:
    """Return what the ledger keeps of an outcome; ``None`` where it has no such rows, or takes too much."""
    if outcome.ending is Ending.FAILED or evaluator.judge is None:
        return None
    data = evaluator.judge.pack(outcome, rows)
    return None if data is None or len(data) > MOST_BYTES else data


def midway_bytes(epochs: int, state: TaskState) -> bytes:
    """Return where a training has got to as bytes, which ``resumed`` reads."""
    return epochs.to_bytes(_EPOCHS, "big") + state.pack()


def resumed(evaluator: Evaluator, task: Task, data: bytes) -> Task:
    """Return a task that goes on from where bytes say; from its start where they are damaged.

    Its curve until then is not kept: what is judged is the model at its end.
    """
    epochs, state = int.from_bytes(data[:_EPOCHS], "big"), data[_EPOCHS:]
    try:
        return evaluator.resume(
            task, curve=(math.nan,) * epochs, data=state, source="a training of the verdict"
        )
    except ResumeError:
        return task


class LedgerEvaluator:
    """Evaluates confirming runs, and keeps in the ledger what judging them takes.

    Args:
        evaluator: What evaluates them.
        ledger: Where the study is.
        study: The search.
    """

    def __init__(self, evaluator: Evaluator, ledger: Ledger, study: Study) -> None:
        self._evaluator, self._ledger, self._study = evaluator, ledger, study
        refit = study.spec.confirm.refit
        # A refit answers the test rows in its place: only the race needs the run itself.
        self._rows = [JudgedRows.VALIDATION] if refit else list(JudgedRows)

    @property
    def metric(self) -> Measure:
        """What trials are judged by."""
        return self._evaluator.metric

    @property
    def judge(self) -> Judge | None:
        """What judges outcomes by rows."""
        return self._evaluator.judge

    def refitting(self) -> Evaluator:
        """Return an evaluator that learns from the rows that score a trial as well."""
        return self._evaluator.refitting()

    def at_once(self, share: int, *, free: int) -> int:
        """Return how many tasks a worker does well to claim together; at least 1."""
        return self._evaluator.at_once(share, free=free)

    def close(self) -> None:
        """End what the evaluator holds."""
        self._evaluator.close()

    def resume(self, task: Task, *, curve: tuple[float, ...], data: bytes, source: str) -> Task:
        """Return a task that goes on from where an earlier attempt has got to."""
        return self._evaluator.resume(task, curve=curve, data=data, source=source)

    def evaluate(self, tasks: Sequence[Task], *, on_report: OnReport = lambda _: None) -> Sequence[Outcome]:
        """Evaluate tasks and return their outcomes in order."""
        outcomes = self._evaluator.evaluate(tasks, on_report=on_report)
        found = {
            training_key(task, rows, refit=False): data
            for task, outcome in zip(tasks, outcomes, strict=True)
            for rows in self._rows
            if (data := kept_bytes(self._evaluator, outcome, rows)) is not None
        }
        if found:
            with suppress(StorageError):  # it is trained again
                self._ledger.store_trainings(self._study, found)
        return outcomes
