"""The evaluator that runs processes: one task after the other, and what is stored of each."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence

from hpsearch.metrics import Measure
from hpsearch.objective.protocol import Judge, ResumeError
from hpsearch.objective.task import Ending, OnReport, Outcome, Task, TaskReport
from hpsearch.study_file import StudySpec
from hpsearch.types import Json

CLAIM_S = 0.5
"""A worker claims as many tasks together as take so long: claims cost little then, and no task waits long."""
ERROR_CHARACTERS = 20_000
"""So much of the end of a traceback is kept."""

Tell = Callable[[tuple[float, ...]], None]
"""Told the curve so far, or nothing new, several times a second while a task is evaluated."""


class ProcessEvaluator(ABC):
    """Evaluates tasks one after the other, each in processes of its own or in one that is kept.

    Args:
        spec: The study.
    """

    def __init__(self, spec: StudySpec) -> None:
        self._spec = spec
        self._seconds: float | None = None
        self._following: Sequence[Task] = ()

    @property
    def metric(self) -> Measure:
        """What its trials are judged by."""
        return self._spec.metric

    @property
    def judge(self) -> Judge | None:
        """``None``: a trial's value is all that is known of it."""
        return None

    def refitting(self) -> "ProcessEvaluator":
        """Return itself: it knows of no rows."""
        return self

    def at_once(self, share: int, *, free: int) -> int:  # noqa: ARG002 - no worker waits long for these
        """Return how many tasks take half a second together; one while that is not known."""
        if self._seconds is None:
            return 1
        return max(1, min(free, int(CLAIM_S / max(self._seconds, 1e-6))))

    def resume(self, task: Task, *, curve: tuple[float, ...], data: bytes, source: str) -> Task:  # noqa: ARG002
        """Refuse: only the trial itself, in its folder, knows where it has got to.

        Raises:
            ResumeError: Always.
        """
        raise ResumeError(f"{source}: a function or a command goes on from its own folder")

    def evaluate(self, tasks: Sequence[Task], *, on_report: OnReport = lambda _: None) -> list[Outcome]:
        """Evaluate tasks and return their outcomes in order; one that fails does not hinder the others."""
        outcomes = []
        for place, task in enumerate(tasks):
            self._following = tasks[place + 1 :]

            def tell(curve: tuple[float, ...], place: int = place) -> None:
                on_report(TaskReport(curves={place: curve}))

            began = time.monotonic()
            outcome = self._run(task, tell)
            self._note(time.monotonic() - began)
            outcomes.append(outcome)
            on_report(TaskReport(ended={place: outcome}))
        return outcomes

    @abstractmethod
    def close(self) -> None:
        """End the process that is kept, if any."""

    @abstractmethod
    def _run(self, task: Task, tell: Tell) -> Outcome:
        """Evaluate one task; what ``tell`` raises ends it, and leaves no process behind."""

    def _note(self, seconds: float) -> None:
        """Note how long a task took: a long one counts at once, and less with each shorter one after it."""
        before = seconds if self._seconds is None else self._seconds
        self._seconds = max(seconds, 0.5 * (before + seconds))

    def _stops(self, task: Task, curve: Sequence[float]) -> bool:
        """Return whether a trial is to stop after its last report."""
        return task.stops([self.metric.sign * value for value in curve])


def completed(
    value: float,
    curve: tuple[float, ...],
    *,
    numbers: Mapping[str, float],
    test: float | None,
    log: str | None,
) -> Outcome:
    """Return the outcome of a trial that ran to its end."""
    notes: dict[str, Json] = {"numbers": dict(numbers)} if numbers else {}
    notes |= {} if test is None else {"test": test}
    return Outcome(ending=Ending.COMPLETE, curve=curve, value=value, notes=notes | _logged(log))


def stopped(curve: tuple[float, ...], *, log: str | None) -> Outcome:
    """Return the outcome of a trial that was told to stop after its last report."""
    reason = f"{Ending.STOPPED} after {len(curve)} reports"
    return Outcome(ending=Ending.STOPPED, curve=curve, value=curve[-1], reason=reason, notes=_logged(log))


def failed(why: str, *, error: str | None, log: str | None) -> Outcome:
    """Return the outcome of an attempt that failed.

    Args:
        why: A sentence.
        error: The traceback, where there is one.
        log: What was printed.
    """
    notes: dict[str, Json] = {"error": (error or why)[-ERROR_CHARACTERS:]}
    return Outcome(ending=Ending.FAILED, curve=(), value=None, reason=why, notes=notes | _logged(log))


def _logged(log: str | None) -> dict[str, Json]:
    return {} if log is None else {"log": log}
