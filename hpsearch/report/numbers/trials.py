"""The trials of a study as columns, and the stages that they fall into."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.objective import Ending
from hpsearch.search import History, Stage, TrialState
from hpsearch.store import TrialMetadata
from hpsearch.types import BoolArray, Float64Array, IntArray

BETWEEN = (Stage.ENQUEUED, "")
"""Stages of trials that a person or another program added: they are no part of the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """Trials 0 to ``n - 1`` of a study; trial ``i`` is row ``i`` of every column.

    Attributes:
        states: A ``TrialState`` each, ``(n,)``.
        stages: Where the parameters came from: ``"round 0"``, ``"tpe"``, ``"enqueued"``, ``"confirm"``...,
            ``(n,)``; empty for a trial that another program added.
        values: The metric on the validation rows, ``(n,)``; NaN where there is none.
        best: Best value of a complete trial up to this one, ``(n,)``; NaN before the first.
        seconds: From a trial's first claim to its end, with its neighbours in the stack, ``(n,)``; NaN while
            it is not settled.
        curves: The metric after each epoch, ``(n, epochs)``; NaN where there is none.
        stopped_at: The epoch of the rung at which a trial was pruned, ``(n,)``; 0 where it was not.
        sign: 1 where more of the metric is better, else -1.
        diverged: Whether a trial was pruned because its training diverged, ``(n,)``.
        steps: The step of each column of the curves, ascending, ``(epochs,)``; the epoch, unless another
            program made the study.
    """

    states: IntArray
    stages: tuple[str, ...]
    values: Float64Array
    best: Float64Array
    seconds: Float64Array
    curves: Float64Array
    stopped_at: IntArray
    diverged: BoolArray
    steps: IntArray
    sign: float = 1.0

    @property
    def scores(self) -> Float64Array:
        """The values, turned round where less is better, ``(n,)``."""
        return self.sign * self.values

    def __len__(self) -> int:
        return len(self.states)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSpan:
    """A part of the search: a random round, a model, or the runs of a confirmation.

    It lasts until the next stage begins; trials that a person chose may lie in it.

    Attributes:
        name: As in ``Trials.stages``.
        first_number: Its first trial.
        n_trials: Trials of its own.
    """

    name: str
    first_number: int
    n_trials: int


def trials_of(history: History, origins: TrialMetadata, steps: Sequence[int] = ()) -> Trials:
    """Return the trials of a study as columns.

    Args:
        history: The trials.
        origins: Where they came from, and when they were.
        diverged: Whether a trial was pruned because its training diverged, ``(n,)``.
        steps: The step of each column of the curves; 1, 2, ... by default.
    """
    complete = history.states == TrialState.COMPLETE
    endings = [Ending.of(reason) for reason in origins.reasons]
    pruned = history.states == TrialState.PRUNED
    stopped = np.array([ending is Ending.STOPPED for ending in endings], np.bool_) & pruned
    lengths = (~np.isnan(history.curves)).sum(axis=1)
    return Trials(
        states=history.states,
        stages=origins.stages,
        values=history.measured,
        best=history.sign * np.fmax.accumulate(np.where(complete, history.values, np.nan)),
        # A trial may have ended since the history was read.
        seconds=np.where(history.states == TrialState.RUNNING, np.nan, origins.ended - origins.started),
        curves=history.sign * history.curves,
        stopped_at=np.where(stopped, lengths, 0).astype(np.int64),
        diverged=np.array([ending is Ending.DIVERGED for ending in endings], np.bool_) & pruned,
        sign=history.sign,
        steps=np.array(steps or range(1, history.curves.shape[1] + 1), np.int64),
    )


def stages_of(trials: Trials) -> tuple[StageSpan, ...]:
    """Return the stages in the order of their first trials."""
    counts = Counter(name for name in trials.stages if name not in BETWEEN)
    return tuple(
        StageSpan(name=name, first_number=trials.stages.index(name), n_trials=n) for name, n in counts.items()
    )
