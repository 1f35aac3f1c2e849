"""How well each epoch predicts the final ranking of trials, and the thresholds of the rungs."""

from dataclasses import dataclass

import numpy as np

from hpsearch.search import History, SearchPlan, agreement
from hpsearch.types import Float64Array, IntArray

THRESHOLDS_MOST = 50
"""Trials for which the threshold of a rung is computed: one takes the longer, the longer the study is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How well the ranking after each epoch agrees with the final one.

    Attributes:
        correlations: Spearman's rank correlation of the metric after each epoch with the values, over the
            first complete trials, ``(epochs,)``; epoch ``e`` is entry ``e - 1``. NaN where there
            are too few.
        n_trials: The trials behind each, ``(epochs,)``.
    """

    correlations: Float64Array
    n_trials: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class RungTrack:
    """The thresholds of one rung, as the study went on.

    Attributes:
        epoch: The epoch, from 1.
        numbers: Trials, evenly spaced, at most ``THRESHOLDS_MOST``, ``(k,)``.
        least: The metric that each needed to go on, ``(k,)``; NaN where the rung stopped no trial.
        n_stopped: Trials that the rung has stopped, of all.
    """

    epoch: int
    numbers: IntArray
    least: Float64Array
    n_stopped: int


def agreement_of(history: History) -> Agreement:
    """Return the rank correlation of each epoch with the final ranking."""
    found = [agreement(history, epoch) for epoch in range(1, history.curves.shape[1] + 1)]
    return Agreement(
        correlations=np.array([correlation for correlation, _ in found], np.float64),
        n_trials=np.array([n for _, n in found], np.int64),
    )


def rungs_of(plan: SearchPlan, history: History, stopped_at: IntArray) -> tuple[RungTrack, ...]:
    """Return the rungs of a search in the order of their epochs."""
    epochs = sorted(plan.spec.search.rungs)
    if not epochs or not len(history):
        return ()
    k = min(THRESHOLDS_MOST, len(history))
    numbers = np.unique(np.linspace(0, len(history) - 1, k).round().astype(np.int64))
    limits = [plan.limits(history, int(number)) for number in numbers]
    return tuple(
        RungTrack(
            epoch=epoch,
            numbers=numbers,
            least=history.sign * np.array([limit.get(epoch, np.nan) for limit in limits]),
            n_stopped=int((stopped_at == epoch).sum()),
        )
        for epoch in epochs
    )
