"""The evaluation of a trial: its task, and the result that follows from the outcome."""

import traceback
from collections.abc import Sequence
from pathlib import Path

from hpsearch.number import rounded
from hpsearch.objective import Ending, Outcome, Task
from hpsearch.search import History, Plan, TrialState, judge
from hpsearch.store import Result

_STATES = {
    Ending.COMPLETE: TrialState.COMPLETE,
    Ending.STOPPED: TrialState.PRUNED,
    Ending.DIVERGED: TrialState.PRUNED,
    Ending.FAILED: TrialState.FAILED,
}


def task_of(  # noqa: PLR0913 - a trial is made of these
    plan: Plan,
    history: History,
    *,
    number: int,
    internal: Sequence[float],
    attempt: int = 1,
    folder: Path | None = None,
) -> Task:
    """Return what a trial asks to evaluate.

    Args:
        plan: The study.
        history: At least what the trial may see.
        number: The trial.
        internal: Its internal parameters.
        attempt: How often it has been claimed, from 1.
        folder: What its attempts share.
    """
    limits = plan.limits(history, number)
    return Task(
        settings=plan.settings(tuple(internal)),
        seed=plan.seed(number),
        stops=lambda scores: judge(limits, scores),
        number=number,
        attempt=attempt,
        folder=folder,
    )


def result_of(outcome: Outcome) -> Result:
    """Return what is stored of an evaluation."""
    return Result(
        state=_STATES[outcome.ending],
        value=outcome.value,
        curve=outcome.curve,
        reason=outcome.reason,
        notes=outcome.notes,
    )


def error_note(error: Exception) -> str:
    """Return an error that a training raised as one line: what it says, and where it was raised."""
    last = "".join(traceback.format_exception_only(error)).strip()
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last} ({Path(where.filename).name}, line {where.lineno})"


def result_line(number: int, result: Result, *, taken: bool) -> str:
    """Return what a worker says of a trial that it has evaluated.

    Args:
        number: The trial.
        result: Its result.
        taken: Whether the ledger has taken it.
    """
    if not taken:
        return f"trial {number} was settled by another worker; its result here is dropped"
    value = "" if result.value is None else f" {rounded(result.value)}"
    return f"trial {number} {result.state.name.lower()}{value}"
