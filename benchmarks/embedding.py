"""Categories as one feature each against learned vectors: validation accuracy and CPU seconds of a network.

    python benchmarks/embedding.py

Each width gets the best of four learning rates, by the mean over seeds (and, for the study file, splits).
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from time import process_time

import numpy as np

from hpsearch.data import load_dataset
from hpsearch.nn import MLPConfig, TrainingData, fit_stack
from hpsearch.objective.rows.data import blocks_of
from hpsearch.study_file import DataSpec

STUDIES = Path(__file__).parents[1] / "studies"
WIDTHS = (0, 2, 4, 8)
RATES = (1e-3, 3e-3, 1e-2, 3e-2)


def mushrooms(split: int) -> TrainingData:
    """Return the finds of the study file, split anew; two fifths to judge by."""
    finds = DataSpec(source="mushrooms.csv", target="kind", categorical=("month",))
    data = load_dataset(finds, seed=split, base=STUDIES)
    return TrainingData(
        X=data.X_train,
        y=data.y_train,
        X_val=np.concatenate([data.X_val, data.X_test]),
        y_val=np.concatenate([data.y_val, data.y_test]),
        n_classes=3,
        blocks=blocks_of(data),
    )


def pairs(categories: int, rows: int = 10_000, judging: int = 4_000) -> TrainingData:
    """Return rows whose class follows from the product of two columns' hidden vectors, and from numbers."""
    rng, n = np.random.default_rng(0), rows + judging
    first, second = rng.normal(size=(2, categories, 2))
    a, b = rng.integers(0, categories, (2, n))
    numbers = rng.normal(size=(n, 4))
    score = 1.5 * (first[a] * second[b]).sum(axis=1) + numbers[:, 0] * numbers[:, 1] + numbers[:, 2] / 2
    y = (score + rng.logistic(size=n) / 2 > 0).astype(np.int64)
    eye = np.eye(categories)
    X = np.hstack([eye[a], eye[b], numbers]).astype(np.float32)
    return TrainingData(
        X=X[:rows],
        y=y[:rows],
        X_val=X[rows:],
        y_val=y[rows:],
        n_classes=2,
        blocks=((0, categories), (categories, 2 * categories)),
    )


def measure(sets: Sequence[TrainingData], config: MLPConfig, *, seeds: int) -> tuple[float, float]:
    """Return the mean accuracy after the last epoch, and CPU seconds a network."""
    start, last = process_time(), list[float]()
    for data in sets:
        arrays = (data.X, data.y, data.X_val, data.y_val)
        results = fit_stack(
            [config] * seeds, *arrays, epochs=config.epochs, seed=range(seeds), blocks=data.blocks
        )
        last += [float(result.curve[-1]) if len(result.curve) else 0.0 for result in results]
    return fmean(last), (process_time() - start) / len(last)


def main() -> None:
    """Print a line for each data set and width."""
    small = MLPConfig(hidden=(32,), batch_size=32, epochs=20)
    large = MLPConfig(hidden=(64, 64), epochs=10)
    tasks = {
        "studies/mushrooms.csv": ([mushrooms(split) for split in range(6)], small, 8),
        "2 columns of 100": ([pairs(100)], large, 3),
        "2 columns of 300": ([pairs(300)], large, 3),
    }
    for name, (sets, config, seeds) in tasks.items():
        for width in WIDTHS:
            found = [measure(sets, replace(config, embedding=width, lr=lr), seeds=seeds) for lr in RATES]
            accuracy, seconds = max(found)
            print(f"{name}, embedding {width}: accuracy {accuracy:.3f}, {seconds:.3f} s")


if __name__ == "__main__":
    main()
