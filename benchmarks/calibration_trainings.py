"""Real races: small networks on the digits, six candidates of one configuration, so that all are equals."""

from pathlib import Path

import numpy as np
from calibration_studies import Design, Judged, judge, raced
from numpy.typing import NDArray

from hpsearch.data import load_dataset
from hpsearch.nn import MLPConfig, fit_stack
from hpsearch.search.confirmation.race import Standing
from hpsearch.study_file import DataSpec

CANDIDATES, SEEDS, ROWS = 6, 5, 200
EPOCHS, LANES = 20, 30
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
