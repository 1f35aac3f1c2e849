"""From a trial to its training, and from what came of that to its result."""

from collections.abc import Sequence

from hpsearch.objective import Ending, MLPObjective, Outcome, Task
from hpsearch.search import History, Plan, TrialState, judge
from hpsearch.store import Result

_STATES = {
    Ending.COMPLETE: TrialState.COMPLETE,
    Ending.STOPPED: TrialState.PRUNED,
    Ending.DIVERGED: TrialState.PRUNED,
}


def task_of(
    plan: Plan, objective: MLPObjective, history: History, *, number: int, internal: Sequence[float]
) -> Task:
    """Return the training of a trial.

    Args:
        plan: The study.
        objective: What evaluates its trials.
        history: At least what the trial may see.
        number: The trial.
        internal: Its internal parameters.
    """
    limits = plan.limits(history, number)
    return Task(
        config=objective.config(plan.settings(tuple(internal))),
        seed=plan.seed(number),
        stops=lambda curve: judge(limits, curve),
    )


def result_of(outcome: Outcome) -> Result:
    """Return what is stored of a training."""
    complete = outcome.ending is Ending.COMPLETE
    return Result(
        state=_STATES[outcome.ending],
        value=outcome.curve[-1] if outcome.curve else 0.0,
        curve=outcome.curve,
        reason=None if complete else f"{outcome.ending} after {len(outcome.curve)} whole epochs",
    )
