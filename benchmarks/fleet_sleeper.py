"""What sleeps where a worker of hpsearch would train."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hpsearch.nn import MLPConfig, StackTrainer, TrainingData
from hpsearch.objective import Ending, EpochEnd, Outcome, Task, TrainingState

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

    def config(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the settings: nothing is made of them."""
        return settings

    def continues(self, _task: Task) -> bool:
        """Tell that nothing can go on from where it got to: nothing is there."""
        return False

    def train(self, tasks: Sequence[Task], *, on_epoch: Callable[[EpochEnd], None]) -> list[Outcome]:
        """Sleep as long as the longest task takes, epoch by epoch."""
        duration_s = max(self._duration_s(task.seed) for task in tasks)
        curves = [curve_of(task.seed) for task in tasks]
        began = time.monotonic()
        for epoch in range(1, EPOCHS + 1):
            time.sleep(max(0.0, began + duration_s * epoch / EPOCHS - time.monotonic()))
            if epoch < EPOCHS:
                on_epoch(midst({place: curve[:epoch] for place, curve in enumerate(curves)}))
        networks: Any = (None,)
        outcomes = [Outcome(ending=Ending.COMPLETE, curve=curve, networks=networks) for curve in curves]
        on_epoch(replace(midst({}), ended=dict(enumerate(outcomes))))
        now = time.monotonic()
        self._trials.extend([(now, duration_s)] * len(tasks))
        return outcomes


def midst(curves: Mapping[int, tuple[float, ...]]) -> EpochEnd:
    """Return the end of an epoch; what is kept of its lanes, where a worker is to end, is next to nothing."""
    nothing = np.zeros((1, 1), np.float32)
    label = np.zeros(1, np.int64)

    def state(place: int) -> TrainingState:
        data = TrainingData(X=nothing, y=label, X_val=nothing, y_val=label, n_classes=1)
        lane = StackTrainer([MLPConfig(hidden=())], data=data, seeds=[0]).checkpoint(0)
        return TrainingState(curve=curves[place], lanes=(lane,))

    return EpochEnd(curves=curves, ended={}, state=state)


def curve_of(seed: int) -> tuple[float, ...]:
    """Return the accuracies of a training that never took place."""
    return tuple(np.sort(np.random.default_rng(seed).uniform(0.5, 1.0, EPOCHS)).tolist())
