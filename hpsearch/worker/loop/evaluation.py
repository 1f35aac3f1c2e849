"""The evaluation of a trial: its task, and the result that follows from the outcome."""

from collections.abc import Sequence

from hpsearch.objective import Ending, Outcome, Task
from hpsearch.search import History, Plan, TrialState, judge
from hpsearch.store import Result

_STATES = {
    Ending.COMPLETE: TrialState.COMPLETE,
    Ending.STOPPED: TrialState.PRUNED,
    Ending.DIVERGED: TrialState.PRUNED,
}


def task_of(plan: Plan, history: History, *, number: int, internal: Sequence[float]) -> Task:
    """Return what a trial asks to evaluate.

    Args:
        plan: The study.
        history: At least what the trial may see.
        number: The trial.
        internal: Its internal parameters.
    """
    limits = plan.limits(history, number)
    return Task(
        settings=plan.settings(tuple(internal)),
        seed=plan.seed(number),
        stops=lambda curve: judge(limits, curve),
    )


def result_of(outcome: Outcome) -> Result:
    """Return what is stored of an evaluation."""
    return Result(
        state=_STATES[outcome.ending],
        value=outcome.value,
        curve=outcome.curve,
        reason=outcome.reason,
    )
