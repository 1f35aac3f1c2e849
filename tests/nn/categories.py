"""Rows with categories, and networks that embed them."""

import numpy as np

from hpsearch.nn import (
    MLPConfig,
    StackTrainer,
    TrainingData,
)

BLOCKS = ((0, 4), (5, 6), (6, 9))
N_FEATURES = 10


def one_hot_rows(n, *, blocks=BLOCKS, d=N_FEATURES, seed=0, unknown=0.1):
    """Return random rows ``(n, d)`` that are one-hot in the blocks, but for a share of zeros."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d))
    for start, stop in blocks:
        X[:, start:stop] = np.eye(stop - start)[rng.integers(0, stop - start, n)]
        X[:, start:stop] *= rng.random((n, 1)) >= unknown
    return X.astype(np.float32)


def make_data(n=60, *, n_val=7, blocks=BLOCKS, d=N_FEATURES, classes=3):
    """Return rows with categories and classes at random."""
    rng = np.random.default_rng(1)
    return TrainingData(
        X=one_hot_rows(n, blocks=blocks, d=d),
        y=rng.integers(0, classes, n),
        X_val=one_hot_rows(n_val, blocks=blocks, d=d, seed=2),
        y_val=rng.integers(0, classes, n_val),
        n_classes=classes,
        blocks=blocks,
    )


def fitted(**changes):
    """Return a small trained network with an embedding, in float64."""
    data = make_data()
    config = MLPConfig(**{"hidden": (5,), "embedding": 2, **changes})
    trainer = StackTrainer([config], data=data, seeds=[3], dtype=np.float64)
    trainer.run_epoch()
    return trainer.network(0)
