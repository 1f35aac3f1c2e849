"""Where a trial may stop early: thresholds from settled curves."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.search.history import History
from hpsearch.search.statistics import noise_sd, rank_correlation

FULL_CURVES_LEAST = 8
"""No trial stops before so many have run to the end."""
FULL_CURVES_TELLING = 24
"""The first full curves, which no rung has chosen yet, tell what a rung is worth."""
CORRELATION_LEAST = 0.5
"""A rung stops nobody unless its ranking agrees with the final one at least so well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """An epoch at which a trial may stop.

    Attributes:
        epoch: The epoch, from 1.
        least: The least accuracy to go on with; ``None`` where the rung stops nobody.
        correlation: Rank correlation of accuracies at this epoch with final values.
    """

    epoch: int
    least: float | None
    correlation: float


def rungs(epochs: Sequence[int], keep: float, seen: History) -> list[Rung]:
    """Return the rungs for a trial, from what it may see; none at an epoch that too few full curves have.

    A trial goes on when it is among the best ``keep`` of all trials so far at that epoch, those that had
    stopped before counting as worse, or within one standard deviation of the noise of an epoch. A rung
    whose ranking of the first full curves says little about the final one (a rank correlation below 0.5)
    stops nobody.

    Args:
        epochs: Where the rungs are.
        keep: Share of the trials that goes on past each rung.
        seen: What the trial may see.

    Source: L. Li et al., "A System for Massively Parallel Hyperparameter Tuning", 2020, section 3 (ASHA, its
    rule to stop); R. Egele et al., "The Unreasonable Effectiveness of Early Discarding After One Epoch",
    2024 (how much the first epochs tell); C. Spearman, "The proof and measurement of association", 1904.
    """
    noise = noise_sd(seen)
    found = []
    for epoch in epochs:
        if epoch > seen.curves.shape[1]:
            break
        correlation, _ = agreement(seen, epoch)
        if math.isnan(correlation):
            continue
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

    The first full curves tell it, which no rung has chosen yet; NaN where there are too few of them.
    """
    complete = seen.complete
    # Of trials that others have told through Optuna there may be a value and no curve.
    telling = complete[~np.isnan(seen.curves[complete, epoch - 1])][:FULL_CURVES_TELLING]
    if len(telling) < FULL_CURVES_LEAST:
        return math.nan, len(telling)
    return rank_correlation(seen.curves[telling, epoch - 1], seen.values[telling]), len(telling)


def thresholds(found: Sequence[Rung]) -> dict[int, float]:
    """Return epoch -> the least accuracy to go on with, of the rungs that may stop a trial."""
    return {rung.epoch: rung.least for rung in found if rung.least is not None}


def judge(limits: Mapping[int, float], curve: Sequence[float]) -> bool:
    """Tell whether a trial stops, by its curve so far, ``(epochs so far,)``.

    Args:
        limits: What ``thresholds`` returned when the trial was claimed.
        curve: Validation accuracy after each epoch.
    """
    return curve[-1] < limits.get(len(curve), -np.inf)
