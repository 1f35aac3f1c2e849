"""The finalists of a search, and which of them won on fresh seeds."""

import math
from dataclasses import dataclass

import numpy as np

from hpsearch.search.history import History
from hpsearch.spec import ConfirmSpec
from hpsearch.types import Float64Array, IntArray

CURVE_TAIL = 3
"""Epochs whose mean accuracy decides between trials of equal value."""

Z_95 = 1.959964
"""97.5 % quantile of the standard normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """The trial whose parameters won.

    Attributes:
        number: Its number in the search.
        value: Its value in the search: the raw best is several points too good.
        mean: Mean validation accuracy over the fresh seeds; ``value`` when there were none.
        interval: 95 % interval of the mean, over seeds and validation rows; ``None`` with fewer than two
            fresh seeds.
    """

    number: int
    value: float
    mean: float
    interval: tuple[float, float] | None


def ranking(history: History) -> IntArray:
    """Return the numbers of the complete trials, best first.

    Equal values are told apart by the end of their curves, then by number.
    """
    numbers = history.complete
    tails = [_tail(history, n) for n in numbers]
    return numbers[np.lexsort((numbers, -np.asarray(tails), -history.values[numbers]))]


def finalists(confirm: ConfirmSpec, history: History) -> tuple[int, ...]:
    """Return the numbers of the best trials, each with parameters of its own, best first."""
    chosen: dict[tuple[float, ...], int] = {}
    for number in ranking(history):
        if len(chosen) == confirm.top:
            break
        chosen.setdefault(history.point(number), int(number))
    return tuple(chosen.values())


def winner(confirm: ConfirmSpec, history: History, confirmed: History | None, *, rows: int) -> Winner | None:
    """Return the finalist with the highest mean over its fresh seeds, or ``None`` when every trial failed.

    A confirming run that failed counts as accuracy 0.

    Args:
        confirm: How the finalists were confirmed.
        history: The search, settled.
        confirmed: The confirming runs, ``seeds`` in a row for each finalist; ``None`` without them.
        rows: Validation rows that each value was measured on.
    """
    numbers = finalists(confirm, history) if confirmed is not None else ()
    if confirmed is None or not numbers:
        best = ranking(history)
        return _unconfirmed(history, int(best[0])) if best.size else None
    values = np.where(np.isin(np.arange(len(confirmed)), confirmed.valued), confirmed.values, 0.0)
    by_finalist = values.reshape(len(numbers), confirm.seeds)
    place = int(np.argmax(by_finalist.mean(axis=1)))
    runs = by_finalist[place]
    mean = float(runs.mean())
    return Winner(
        number=numbers[place],
        value=float(history.values[numbers[place]]),
        mean=mean,
        interval=_interval(runs, rows) if len(runs) > 1 else None,
    )


def _unconfirmed(history: History, number: int) -> Winner:
    value = float(history.values[number])
    return Winner(number=number, value=value, mean=value, interval=None)


def _interval(runs: Float64Array, rows: int) -> tuple[float, float]:
    """Return the 95 % interval of the mean accuracy of runs ``(n,)`` that were measured on the same rows.

    Two things make the mean uncertain: other seeds would give other networks (Student's t over the runs), and
    other rows another share of right answers (Wilson's score interval). They add up in squares around
    Wilson's centre.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927;
    Student, "The probable error of a mean", 1908.
    """
    # SciPy's special functions take 0.1 s to import, and only a finished study needs them.
    from scipy.special import stdtrit  # noqa: PLC0415

    mean, n = float(runs.mean()), len(runs)
    shrink = 1 + Z_95**2 / rows
    centre = (mean + Z_95**2 / (2 * rows)) / shrink
    by_rows = Z_95 / shrink * math.sqrt(mean * (1 - mean) / rows + (Z_95 / (2 * rows)) ** 2)
    by_seeds = float(stdtrit(n - 1, 0.975) * runs.std(ddof=1) / math.sqrt(n))
    half = math.hypot(by_rows, by_seeds)
    return max(0.0, centre - half), min(1.0, centre + half)


def _tail(history: History, number: int) -> float:
    curve = history.curves[number]
    return float(curve[~np.isnan(curve)][-CURVE_TAIL:].mean()) if not np.isnan(curve).all() else 0.0
