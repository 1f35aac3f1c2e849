"""Random rows to train on, and a loop over epochs."""

import numpy as np

from hpsearch.nn import (
    RegressionData,
    TrainingData,
)


def make_data(*, n, d, outputs, values=False, weighted=False):
    """Return random rows of classes or values, with or without weights, some of them zero."""
    rng = np.random.default_rng(0)
    X, X_val = rng.standard_normal((n, d)).astype(np.float32), rng.standard_normal((5, d)).astype(np.float32)
    weights = np.maximum(0, rng.random(n) - 0.2) + 1e-3 * (np.arange(n) == 0) if weighted else None
    if values:
        y, y_val = rng.standard_normal((n, outputs)), rng.standard_normal((5, outputs))
        return RegressionData(X=X, y=y, X_val=X_val, y_val=y_val, weights=weights)
    y, y_val = rng.integers(0, outputs, n), rng.integers(0, outputs, 5)
    return TrainingData(X=X, y=y, X_val=X_val, y_val=y_val, n_classes=outputs, weights=weights)


def run(trainer, epochs):
    """Train; return each lane's bytes of every epoch."""
    trace = dict.fromkeys(trainer.lanes, b"")
    for _ in range(epochs):
        result = trainer.run_epoch()
        for row, lane in enumerate(result.lanes):
            trace[lane] += result.score[row].tobytes() + result.loss[row].tobytes()
            trace[lane] += result.diverged[row].tobytes()
    return trace
