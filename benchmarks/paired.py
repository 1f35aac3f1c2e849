"""Paired differences between contenders: bootstrap intervals, seeds within tasks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
_BLOCK = 500
"""Resamples drawn at a time: 500 of 8 tasks with 30 seeds are a megabyte."""


def compared(
    ours: NDArray[np.float64], theirs: NDArray[np.float64], *, lower_is_better: bool
) -> dict[str, Any]:
    """Return how much one contender differs from another, with intervals.

    Args:
        ours: ``(tasks, seeds)``.
        theirs: The same cells.
        lower_is_better: Whether a small number is a good one, as a regret is.

    Returns:
        ``difference``, ours less theirs; ``interval_95`` with seeds resampled within tasks;
        ``interval_95_tasks`` with the tasks resampled too; ``p_better``, the share of cells in which we are
        better (a tie counts half), and its ``p_better_95``.
    """
    differences = ours - theirs
    better = 0.5 - 0.5 * np.sign(differences) * (1 if lower_is_better else -1)
    return {
        "difference": float(differences.mean()),
        "interval_95": interval_95(differences),
        "interval_95_tasks": interval_95(differences, resample_tasks=True),
        "p_better": float(better.mean()),
        "p_better_95": interval_95(better),
        "cells": int(differences.size),
    }


def interval_95(
    cells: NDArray[np.float64], *, resample_tasks: bool = False, resamples: int = RESAMPLES, seed: int = 0
) -> list[float] | None:
    """Return the 95 % percentile interval of the mean of ``(tasks, seeds)`` cells.

    ``None`` where there is but one of what is resampled: one number says nothing of the spread.

    Seeds are drawn with replacement within each task, so that tasks keep their weight; with
    ``resample_tasks`` the tasks are drawn first, as if they were a sample of tasks.

    Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 8 and 13.
    """
    rng = np.random.default_rng(seed)
    n_tasks, n_seeds = cells.shape
    if n_seeds < 2 or (resample_tasks and n_tasks < 2):
        return None
    means = []
    for start in range(0, resamples, _BLOCK):
        size = min(_BLOCK, resamples - start)
        tasks = np.broadcast_to(np.arange(n_tasks), (size, n_tasks))
        if resample_tasks:
            tasks = rng.integers(n_tasks, size=(size, n_tasks))
        seeds = rng.integers(n_seeds, size=(size, n_tasks, n_seeds))
        means.append(cells[tasks[:, :, None], seeds].mean(axis=(1, 2)))
    low, high = np.quantile(np.concatenate(means), [0.025, 0.975])
    return [float(low), float(high)]
