"""The evaluation of a trial: its training task, and the result that follows from the outcome."""

from collections.abc import Sequence

import numpy as np

from hpsearch.objective import Ending, MLPObjective, Outcome, Task
from hpsearch.search import History, Plan, TrialState, judge
from hpsearch.store import Result

TAIL = 5
"""A trial's value is the mean over one epoch in so many, the last ones."""

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
    return Result(
        state=_STATES[outcome.ending],
        value=_value(outcome),
        curve=outcome.curve,
        reason=outcome.ending.reason(len(outcome.curve)),
    )


def _value(outcome: Outcome) -> float:
    """Return the value of a training: the mean of the metric over the last fifth of its epochs.

    One epoch alone is noisier than that. A training that was stopped has the value of its last epoch.
    """
    curve = outcome.curve
    if not curve:
        return outcome.worst
    tail = max(1, len(curve) // TAIL) if outcome.ending is Ending.COMPLETE else 1
    return float(np.mean(curve[-tail:]))
