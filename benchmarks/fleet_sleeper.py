"""What sleeps where a worker of hpsearch would train."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from hpsearch.metrics import METRICS, Measure
from hpsearch.nn import MLPConfig, StackTrainer, TrainingData
from hpsearch.nn.training.stacks import TrainingState
from hpsearch.objective import Ending, OnReport, Outcome, ResumeError, Task, TaskReport
from hpsearch.objective.mlp import MLPState

EPOCHS = 5


class Sleeper:
    """Sleeps where an objective trains.

    Args:
        duration_s: Seed of a task -> for how long.
        trials: Where it writes (when a training ended, its seconds).
    """

    def __init__(self, duration_s: Callable[[int], float], trials: list[tuple[float, float]]) -> None:
        self._duration_s = duration_s
        self._trials = trials

    @property
    def metric(self) -> Measure:
        """The accuracy."""
        return METRICS["accuracy"]

    @property
    def judge(self) -> None:
        """None: there are no rows."""
        return

    def refitting(self) -> "Sleeper":
        """Return itself: it learns nothing."""
        return self

    def at_once(self, share: int, *, free: int) -> int:  # noqa: ARG002 - whatever it may have
        """Return 1: trials that sleep together would make the fleet seem busier than it is."""
        return 1

    def close(self) -> None:
        """Do nothing: it holds nothing."""

    def resume(self, task: Task, *, curve: tuple[float, ...], data: bytes, source: str) -> Task:  # noqa: ARG002
        """Refuse: nothing can go on from where it got to."""
        raise ResumeError("nothing is there")

    def evaluate(self, tasks: Sequence[Task], *, on_report: OnReport = lambda _: None) -> list[Outcome]:
        """Sleep as long as the longest task takes, epoch by epoch."""
        duration_s = max(self._duration_s(task.seed) for task in tasks)
        curves = [curve_of(task.seed) for task in tasks]
        began = time.monotonic()
        for epoch in range(1, EPOCHS + 1):
            time.sleep(max(0.0, began + duration_s * epoch / EPOCHS - time.monotonic()))
            if epoch < EPOCHS:
                on_report(midst({place: curve[:epoch] for place, curve in enumerate(curves)}))
        outcomes = [Outcome(ending=Ending.COMPLETE, curve=curve, value=curve[-1]) for curve in curves]
        on_report(replace(midst({}), ended=dict(enumerate(outcomes))))
        now = time.monotonic()
        self._trials.extend([(now, duration_s)] * len(tasks))
        return outcomes


def midst(curves: Mapping[int, tuple[float, ...]]) -> TaskReport:
    """Return the end of an epoch; what is kept of its lanes, where a worker is to end, is next to nothing."""
    nothing = np.zeros((1, 1), np.float32)
    label = np.zeros(1, np.int64)

    def state(place: int) -> MLPState:
        data = TrainingData(X=nothing, y=label, X_val=nothing, y_val=label, n_classes=1)
        lane = StackTrainer([MLPConfig(hidden=())], data=data, seeds=[0]).checkpoint(0)
        return MLPState(training=TrainingState(curve=curves[place], lanes=(lane,)))

    return TaskReport(curves=curves, ended={}, state=state)


def curve_of(seed: int) -> tuple[float, ...]:
    """Return the accuracies of a training that never took place."""
    return tuple(np.sort(np.random.default_rng(seed).uniform(0.5, 1.0, EPOCHS)).tolist())
