"""Finished studies to a portfolio: their best settings, and what each of these is worth in every study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.portfolio.cover import greedy_cover
from hpsearch.portfolio.portfolio import DataSize, Portfolio, PortfolioError, SourceTask, kind_of
from hpsearch.search import History, ranking
from hpsearch.search.confirmation.smoothing import RESULTS_LEAST, predicted, smoothed
from hpsearch.space import Value, in_space
from hpsearch.study_file import StudySpec
from hpsearch.types import Float64Array

BEST_OF_EACH = 3
"""Settings that each study brings, at most."""
MOST_SETTINGS = 100
"""Settings of a portfolio, at most."""
UNKNOWN = 1.0
"""Regret of a setting that a study cannot judge: that of a result in the middle."""
WORST = 2.0
"""Regrets above it count as this: a setting that fails is no use, and how badly does not matter."""
QUANTILES = (0.1, 0.5, 0.9)
"""Of the best settings' values, which are the prior."""
DECIMALS = 4
"""Of a regret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedStudy:
    """A search whose trials are settled, and the size of its data.

    Attributes:
        spec: The study.
        history: Its trials.
        size: The size of its data, where it is known.
    """

    spec: StudySpec
    history: History
    size: DataSize


def distilled(studies: Sequence[FinishedStudy]) -> Portfolio:
    """Return the portfolio of studies of one kind.

    Each study brings its best settings as smoothed. What a setting of another study would be worth in a study
    follows from the Gaussian process over its own trials, so no training is needed. A setting that lacks a
    parameter of the study, or lies outside its range, counts as a result in the middle.

    Args:
        studies: The studies.

    Raises:
        PortfolioError: There is none, their kinds differ, or one has too few results.
    """
    kinds = sorted({kind_of(study.spec.objective) for study in studies})
    if len(kinds) != 1:
        found = f"found {' and '.join(kinds)}" if kinds else "found none"
        raise PortfolioError(
            f"expected finished studies of one kind, {found}; name some: hpsearch learn STUDY ..."
        )
    for study in studies:
        n = len(study.history.complete)
        if n < RESULTS_LEAST:
            few = f"expected at least {RESULTS_LEAST} complete trials, found {n}; leave it out"
            raise PortfolioError(f"study {study.spec.name!r}: {few}")
    settings = _candidates(studies)
    regrets = np.array([_regrets(study, settings) for study in studies])
    order = greedy_cover(regrets, size=MOST_SETTINGS)
    rest = [int(place) for place in np.argsort(regrets.mean(axis=0), kind="stable") if place not in order]
    order = [*order, *rest][:MOST_SETTINGS]
    return Portfolio(
        kind=kinds[0],
        settings=tuple(settings[place] for place in order),
        sources=tuple(
            SourceTask(name=study.spec.name, size=study.size, regrets=tuple(row[order].tolist()))
            for study, row in zip(studies, regrets, strict=True)
        ),
        prior=good_values([settings[int(row.argmin())] for row in regrets]),
    )


def good_values(best: Sequence[Mapping[str, Value]]) -> dict[str, tuple[float, float, float]]:
    """Return parameter -> the 10 %, 50 % and 90 % quantile of its value in settings; numbers alone.

    Args:
        best: The best setting of each data set.
    """
    names = dict.fromkeys(name for setting in best for name in setting)
    found = {}
    for name in names:
        values = [setting[name] for setting in best if name in setting]
        if not any(isinstance(value, bool | str) for value in values):
            numbers = np.quantile(np.array(values, np.float64), QUANTILES, method="nearest")
            low, middle, high = (float(f"{number:.3g}") for number in numbers)
            found[name] = (low, middle, high)
    return found


def _candidates(studies: Sequence[FinishedStudy]) -> list[dict[str, Value]]:
    """Return the best settings of each study, without a second one of the same values."""
    found: list[dict[str, Value]] = []
    for study in studies:
        points = dict.fromkeys(map(study.history.point, ranking(study.spec.space, study.history).tolist()))
        settings = [study.spec.space.external(point) for point in [*points][:BEST_OF_EACH]]
        found += [setting for setting in settings if setting not in found]
    return found


def _regrets(study: FinishedStudy, settings: Sequence[Mapping[str, Value]]) -> Float64Array:
    """Return the regret of each setting in a study, ``(n_settings,)``: 0 its best trial, 1 its middle one."""
    space, history = study.spec.space, study.history
    estimates = smoothed(space, history)[history.complete]
    best, middle = np.nanmax(estimates), np.nanmedian(estimates)
    known, points = [], []
    for place, setting in enumerate(settings):
        try:
            point = space.internal(setting)
        except (KeyError, ValueError, TypeError):
            continue
        if in_space(space, np.array([point]))[0]:
            known.append(place)
            points.append(point)
    regrets = np.full(len(settings), UNKNOWN)
    if known and best > middle:
        found = predicted(space, history, np.array(points))
        regrets[known] = np.clip((best - found) / (best - middle), 0.0, WORST)
    return np.round(regrets, DECIMALS)
