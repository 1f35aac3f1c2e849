"""Rungs: epochs at which a trial may stop early, and their thresholds, from settled curves."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.search.history import History
from hpsearch.search.statistics import noise_sd, rank_correlation

FULL_CURVES_LEAST = 8
"""No trial stops before so many trials have run to the end."""
FULL_CURVES_MOST = 24
"""A rung is judged by so many full curves: the first ones, which no rung has selected yet."""
CORRELATION_LEAST = 0.5
"""A rung stops no trial unless its ranking agrees with the final ranking at least so well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """An epoch at which a trial may stop.

    Attributes:
        epoch: The epoch, from 1.
        least: The least accuracy to go on with; ``None`` where the rung stops no trial.
        correlation: Rank correlation of accuracies at this epoch with final values.
    """

    epoch: int
    least: float | None
    correlation: float


def rungs(epochs: Sequence[int], keep: float, seen: History) -> list[Rung]:
    """Return the rungs of a trial, from what it may see; an epoch that too few full curves reach has none.

    A trial goes on when it is among the best ``keep`` of all trials so far at that epoch, or within one
    standard deviation of the noise of an epoch below them. Trials that stopped before that epoch count as
    worse. A rung stops no trial where its ranking of the first full curves says little about their final
    ranking (a rank correlation below 0.5).

    Args:
        epochs: The epochs of the rungs, ascending.
        keep: Share of the trials that goes on past each rung.
        seen: What the trial may see.

    Source: L. Li et al., "A System for Massively Parallel Hyperparameter Tuning", 2020, section 3 (ASHA, its
    rule to stop); R. Egele et al., "The Unreasonable Effectiveness of Early Discarding After One Epoch",
    2024 (how much the first epochs predict); C. Spearman, "The proof and measurement of association", 1904.
    """
    noise = noise_sd(seen)
    found = []
    for epoch in epochs:
        if epoch > seen.curves.shape[1]:
            break
        correlation, _ = agreement(seen, epoch)
        if math.isnan(correlation):
            continue
        # A trial that stopped before this epoch has no accuracy here, and ranks below all that have one.
        reached = np.nan_to_num(seen.curves[seen.valued, epoch - 1], nan=-np.inf)
        last = np.sort(reached)[-math.ceil(keep * len(reached))]
        cut = float(last) - (0.0 if np.isnan(noise) else noise)
        found.append(
            Rung(
                epoch=epoch,
                least=cut if correlation >= CORRELATION_LEAST and cut > -np.inf else None,
                correlation=correlation,
            )
        )
    return found


def agreement(seen: History, epoch: int) -> tuple[float, int]:
    """Return the rank correlation of the accuracies after an epoch with the values, and over how many trials.

    It is computed from the first full curves, which no rung has selected yet; NaN with too few of them.
    """
    complete = seen.complete
    # A trial that another program reported through Optuna may have a value and no curve.
    first = complete[~np.isnan(seen.curves[complete, epoch - 1])][:FULL_CURVES_MOST]
    if len(first) < FULL_CURVES_LEAST:
        return math.nan, len(first)
    return rank_correlation(seen.curves[first, epoch - 1], seen.values[first]), len(first)


def thresholds(found: Sequence[Rung]) -> dict[int, float]:
    """Return epoch -> the least accuracy to go on with, of the rungs that may stop a trial."""
    return {rung.epoch: rung.least for rung in found if rung.least is not None}


def judge(limits: Mapping[int, float], curve: Sequence[float]) -> bool:
    """Return whether a trial stops, by its curve so far, ``(epochs so far,)``.

    Args:
        limits: Epoch -> threshold, as ``thresholds`` returned them when the trial was claimed.
        curve: Validation accuracy after each epoch.
    """
    return curve[-1] < limits.get(len(curve), -np.inf)
