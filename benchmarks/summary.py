"""Measured searches to numbers: medians, ratios, means with their intervals."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import fmean, median, stdev
from typing import Any

from lineup import BASELINE, CONTENDERS
from measure import Run
from scipy.stats import t as student

ACCURACIES = ("value", "test_accuracy", "ensemble_test_accuracy")

Summary = dict[str, Any]
"""What the JSON document says of one contender."""


def summarize(runs: Sequence[Run], absent: Mapping[str, str]) -> dict[str, Summary]:
    """Return the numbers of each contender, name -> summary, in the order of the table.

    Args:
        runs: Every measured search.
        absent: Contenders that could not take part -> why.
    """
    by_name: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        by_name[run.contender].append(run)
    baseline = by_name.get(BASELINE, [])
    numbers: dict[str, Summary] = {}
    for name, contender in CONTENDERS.items():
        if name in absent:
            numbers[name] = {"title": contender.title, "absent": absent[name], "seconds": None}
        elif name in by_name:
            numbers[name] = {"title": contender.title, "absent": None, **_numbers(by_name[name], baseline)}
    return numbers


def _numbers(runs: Sequence[Run], baseline: Sequence[Run]) -> Summary:
    ordered = sorted(runs, key=lambda run: run.round)
    base_s = {run.round: run.seconds for run in baseline}
    ratios = [run.seconds / base_s[run.round] for run in ordered if run.round in base_s]
    numbers: Summary = {
        "seconds": _middle([run.seconds for run in ordered]),
        "cpu_seconds": _middle([run.cpu_seconds for run in ordered if run.cpu_seconds is not None]),
        "ratio_to_baseline": _middle(ratios),
        "trials": median(run.trials for run in ordered),
        "pruned": median(run.pruned for run in ordered),
        "epochs": median(run.epochs for run in ordered),
        "confirm_epochs": median(run.confirm_epochs for run in ordered),
    }
    for key in ACCURACIES:
        numbers[key] = mean_interval(list(_by_seed(ordered, key).values()))
    numbers["test_minus_baseline"] = mean_interval(_differences(ordered, baseline))
    numbers["runs"] = [asdict(run) for run in ordered]
    return numbers


def _middle(values: Sequence[float]) -> dict[str, Any] | None:
    return {"median": median(values), "all": list(values)} if values else None


def mean_interval(values: Sequence[float]) -> dict[str, float | int | None] | None:
    """Return the mean of independent values and half the width of its 95 % interval.

    ``half = t(0.975, n - 1) * s / sqrt(n)``; ``None`` for one value, which says nothing of the spread.

    Source: Student, "The probable error of a mean", 1908.
    """
    if not values:
        return None
    n = len(values)
    half = float(student.ppf(0.975, n - 1)) * stdev(values) / math.sqrt(n) if n > 1 else None
    return {"mean": fmean(values), "half_95": half, "n": n}


def _by_seed(runs: Sequence[Run], key: str) -> dict[int, float]:
    """Return the mean over the repeats of each seed: repeats share their split and are no new evidence."""
    values: dict[int, list[float]] = defaultdict(list)
    for run in runs:
        value = getattr(run, key)
        if value is not None:
            values[run.seed].append(value)
    return {seed: fmean(found) for seed, found in values.items()}


def _differences(runs: Sequence[Run], baseline: Sequence[Run]) -> list[float]:
    """Return test accuracy less the baseline's, seed by seed: splits differ more than contenders do."""
    own, base = _by_seed(runs, "test_accuracy"), _by_seed(baseline, "test_accuracy")
    return [own[seed] - base[seed] for seed in own if seed in base]
