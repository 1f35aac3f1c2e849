"""The confirmation of a search: its finalists race on fresh splits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hpsearch.search.confirmation.finalists import decided
from hpsearch.search.confirmation.race import FIRST_RUNS, Standing
from hpsearch.study_file import ConfirmSpec
from hpsearch.types import Float64Array, IntArray

REPEATS = ConfirmSpec().seeds
"""Fresh splits, each of all folds, that a finalist is scored on; fewer where it is out before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finalist:
    """A candidate that was confirmed.

    Attributes:
        index: Its row in ``cv_results_``.
        params: Its parameters, name -> value.
        scores: Its score on each fresh split, the mean over the folds.
        mean: Their mean.
        interval: 95 % interval of that mean over other splits of the same rows; new rows are not in it.
    """

    index: int
    params: dict[str, Any]
    scores: tuple[float, ...]
    mean: float
    interval: tuple[float, float]


def race(
    candidates: Mapping[int, dict[str, Any]],
    score: Callable[[int, Sequence[dict[str, Any]]], Float64Array],
) -> tuple[Finalist, ...]:
    """Return the finalists, the winner first, then by their means.

    All that are in the race are scored on the same fresh splits, one repeat after the other. A finalist is
    out by the rule of a study's race. The winner has the highest shrunken mean.

    Args:
        candidates: The finalists' rows in ``cv_results_``, best first -> their parameters.
        score: Repeat, parameters -> a score for each, more is better; NaN where a fit failed.
    """
    params = list(candidates.values())
    runs: list[list[float]] = [[] for _ in params]
    for repeat in range(REPEATS):
        out = _standing(runs).out
        running = [place for place in range(len(params)) if repeat < FIRST_RUNS or not out[place]]
        scores = score(repeat, [params[place] for place in running])
        for place, value in zip(running, scores, strict=True):
            runs[place].append(float(value))
    standing = _standing(runs)
    half = standing.margins(1 / standing.counts)
    found = [
        Finalist(
            index=row,
            params=params[place],
            scores=tuple(runs[place]),
            mean=float(standing.means[place]),
            interval=(
                float(standing.means[place] - half[place]),
                float(standing.means[place] + half[place]),
            ),
        )
        for place, row in enumerate(candidates)
    ]
    return tuple(found[place] for place in _order(standing))


def _order(standing: Standing) -> IntArray:
    places = np.argsort(-standing.means, kind="stable")
    winner = decided(standing)[0]
    return np.concatenate([[winner], places[places != winner]])


def _standing(runs: Sequence[Sequence[float]]) -> Standing:
    """Return the standing after some runs; a run that failed has the worst score of all."""
    values = [value for mine in runs for value in mine]
    worst = float(np.nanmin(values)) if values else 0.0
    return Standing(
        given=np.array([len(mine) for mine in runs], np.int64),
        runs=tuple(np.nan_to_num(np.array(mine), nan=worst) for mine in runs),
    )
