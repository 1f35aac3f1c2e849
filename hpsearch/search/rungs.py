"""Where a trial may stop early: thresholds from settled curves."""

from collections.abc import Mapping, Sequence

import numpy as np

from hpsearch.search.history import History

FULL_CURVES_LEAST = 8
"""No trial stops before so many have run to the end."""


def thresholds(rungs: tuple[int, ...], seen: History) -> dict[int, float]:
    """Return epoch -> the least validation accuracy to go on with, from what a trial may see.

    The threshold of a rung is the median of all settled trials that reached it, the stopped ones
    included. Epochs count from 1.

    Source: D. Golovin et al., "Google Vizier: A Service for Black-Box Optimization", 2017, section 3.2.1
    (the median stopping rule), applied at fixed epochs.
    """
    if len(seen.complete) < FULL_CURVES_LEAST:
        return {}
    found = {}
    for rung in rungs:
        if rung <= seen.curves.shape[1]:
            column = seen.curves[seen.valued, rung - 1]
            reached = column[~np.isnan(column)]
            if reached.size >= FULL_CURVES_LEAST:
                found[rung] = float(np.median(reached))
    return found


def judge(limits: Mapping[int, float], curve: Sequence[float]) -> bool:
    """Tell whether a trial stops, by its curve so far, ``(epochs so far,)``.

    Args:
        limits: What ``thresholds`` returned when the trial was claimed.
        curve: Validation accuracy after each epoch.
    """
    return curve[-1] < limits.get(len(curve), -np.inf)
