"""Real trainings: races of equals on the digits, and searches on few rows that are judged on fresh splits."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from calibration_claims import Claim, judged
from calibration_studies import Design, Judged, judge, raced
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

from hpsearch.data import load_dataset
from hpsearch.nn import MLPConfig, fit_stack
from hpsearch.search.confirmation.race import Standing
from hpsearch.study_file import DataSpec

CANDIDATES, SEEDS, ROWS = 6, 5, 200
EPOCHS, LANES = 20, 30
TABLES = (load_breast_cancer, load_wine, load_iris)
SPLIT = (60, 40)
"""Rows of a small table that are learned from, and rows that choose."""
TRIED, RUNS, FRESH = 16, 21, 6
"""Configurations beside the default, networks that each may need, and fresh splits."""
DESIGN = Design(accuracy=0.9, rows=ROWS, seeds=SEEDS, spread="small", hardness="even", field="six equals")
"""What a line says of them: only the field counts."""


def studies(n: int) -> list[tuple[Design, Judged]]:
    """Return races of networks that are drawn, with their rows, from a pool of ``n`` trained ones.

    The truth is the mean accuracy of the pool on all rows that none of its networks has learned from.
    """
    answers = _pool(n)
    true = np.full(CANDIDATES, answers.mean())
    return [(DESIGN, judge(*_race(answers, np.random.default_rng(place)), true)) for place in range(n)]


def _pool(n: int) -> NDArray[np.bool_]:
    """Train networks from seeds of their own; return whether each is right on each row, ``(n, rows)``."""
    spec = DataSpec(source="digits", validation=0.7, test=0.1)
    data = load_dataset(spec, seed=0, base=Path())
    arrays = (data.X_train, data.y_train, data.X_val, data.y_val)
    config = MLPConfig(hidden=(32,), lr=0.01)
    found = []
    for first in range(0, n, LANES):
        seeds = range(first, min(n, first + LANES))
        found += fit_stack([config] * len(seeds), *arrays, epochs=EPOCHS, seed=seeds)
    return np.array([result.network.predict(data.X_val) == data.y_val for result in found])


def _race(
    answers: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Standing, tuple[NDArray[np.bool_], ...]]:
    rows = rng.integers(answers.shape[1], size=ROWS)
    return raced(lambda _: answers[rng.integers(len(answers)), rows], n=CANDIDATES, seeds=SEEDS)


def claims(n: int) -> list[Claim]:
    """Return searches on splits of small tables, and what holds of them on fresh splits."""
    return [_search(place, np.random.default_rng((9, place))) for place in range(n)]


def _search(place: int, rng: np.random.Generator) -> Claim:
    """Search learning rate, dropout and weight decay; the last configuration is the default."""
    X, y = TABLES[place % len(TABLES)](return_X_y=True)
    X = (X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1e-9)
    drawn = zip(10 ** rng.uniform(-4, -1, TRIED), rng.uniform(0, 0.6, TRIED), strict=True)
    configs = [MLPConfig(hidden=(16,), lr=float(lr), dropout=float(dropout)) for lr, dropout in drawn]
    configs.append(MLPConfig(hidden=(16,), lr=float(10 ** rng.uniform(-3, -1.5))))
    trained, validation = np.split(rng.permutation(len(y))[: sum(SPLIT)], [SPLIT[0]])
    networks = iter(_answers(configs, X, y, trained, validation, seeds=RUNS).transpose(1, 0, 2))
    runs = [list(one) for one in zip(*networks, strict=True)]
    fresh = [np.split(rng.permutation(len(y)), [SPLIT[0]]) for _ in range(FRESH)]
    right = [_answers(configs, X, y, *split, seeds=SEEDS).mean(axis=(1, 2)) for split in fresh]
    return judged(lambda number: runs[number].pop(), np.mean(right, axis=0), rows=SPLIT[1])


def _answers(  # noqa: PLR0913 - a table and its split
    configs: Sequence[MLPConfig],
    X: NDArray[np.float64],
    y: NDArray[np.int64],
    trained: NDArray[np.int64],
    held: NDArray[np.int64],
    *,
    seeds: int,
) -> NDArray[np.bool_]:
    """Return whether the networks of each configuration are right on rows, ``(configs, seeds, rows)``."""
    lanes = [config for config in configs for _ in range(seeds)]
    arrays = (X[trained].astype(np.float32), y[trained], X[held].astype(np.float32), y[held])
    found = fit_stack(lanes, *arrays, epochs=EPOCHS, seed=range(len(lanes)))
    right = [one.network.predict(arrays[2]) == arrays[3] for one in found]
    return np.array(right).reshape(len(configs), seeds, -1)
