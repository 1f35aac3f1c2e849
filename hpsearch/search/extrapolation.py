"""Estimates of the values that stopped trials would have reached at their end."""

import numpy as np

from hpsearch.search.history import History, TrialState
from hpsearch.types import Float64Array, IntArray

CURVES_LEAST = 8
"""With fewer full curves the value of a stopped trial is the accuracy it had reached."""


def final_values(history: History) -> Float64Array:
    """Return each trial's value, ``(n,)``; of a stopped trial an estimate of its value at the end.

    A trial that stopped at epoch ``e`` with accuracy ``a`` gets the least-squares line through (accuracy at
    ``e``, value) of the complete trials, with a slope of 0 to 1 so that a low start is never made a high end,
    and never more than the median of the complete trials: it was stopped because it was behind. A trial
    that diverged before its first epoch was over has no curve and keeps its value. NaN where there is no
    result.
    """
    values = history.values.copy()
    # No curve is looked at before all trials are: a long study of a function has none.
    if not history.curves.shape[1] or len(complete := history.complete) < CURVES_LEAST:
        return values
    lengths = (~np.isnan(history.curves)).sum(axis=1)
    stopped = np.flatnonzero((history.states == TrialState.PRUNED) & (lengths > 0))
    stopped = stopped[~np.isnan(values[stopped])]
    middle = float(np.median(values[complete]))
    # All trials that stopped at one epoch share a line through the complete trials.
    for epoch in np.unique(lengths[stopped]):
        those = stopped[lengths[stopped] == epoch]
        reached = history.curves[those, epoch - 1]
        values[those] = np.minimum(_line(history, complete, int(epoch), reached), middle)
    return values


def judged_values(history: History) -> Float64Array:
    """Return ``final_values``, ``(n,)``, with the worst of them for each trial that settled without a value.

    Where a trial fails, or ends without any value, its parameters are bad ones. NaN remains for the trials
    under way.
    """
    values = final_values(history)
    numbers = np.flatnonzero((history.states == TrialState.FAILED) | (history.states == TrialState.PRUNED))
    bad = numbers[(history.states[numbers] == TrialState.FAILED) | np.isnan(values[numbers])]
    if bad.size:
        known = values[~np.isnan(values)]
        values[bad] = known.min() if known.size else 0.0
    return values


def _line(history: History, complete: IntArray, epoch: int, reached: Float64Array) -> Float64Array:
    """Return the values that accuracies after an epoch lead to, ``(n_stopped,)``, by the complete trials."""
    x, y = history.curves[complete, epoch - 1], history.values[complete]
    known = ~np.isnan(x)
    if known.sum() < CURVES_LEAST:
        return reached
    x, y = x[known], y[known]
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread else 0.0
    return np.asarray(y.mean() + min(max(slope, 0.0), 1.0) * (reached - x.mean()))
