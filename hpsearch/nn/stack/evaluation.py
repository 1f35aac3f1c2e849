"""Predictions and scores of a whole data set, in chunks, so that buffers stay small."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.nn.stack.stack import Stack, StackArrays
from hpsearch.types import Float64Array, FloatArray, IntArray

CHUNK = 256
"""Rows predicted at once; fixed, because the last bits of a product may depend on its shape."""


class Evaluation:
    """Predicts one data set whenever it is asked to, in buffers made once.

    Args:
        arrays: The parameters.
        X: ``(n, d)``, of the parameters' type; every lane sees the same rows.
    """

    def __init__(self, arrays: StackArrays, X: FloatArray) -> None:
        self._X, self._lanes = X, arrays.lanes
        sizes = {min(CHUNK, len(X)), len(X) % CHUNK} - {0}
        self._stacks = {rows: Stack(arrays, rows=rows) for rows in sizes}

    def logits(self) -> Iterator[tuple[slice, FloatArray]]:
        """Yield rows and their logits ``(lanes, rows, classes)``, each valid until the next is asked for."""
        for start in range(0, len(self._X), CHUNK):
            piece = self._X[start : start + CHUNK]
            rows = len(piece)
            yield slice(start, start + rows), self._stacks[rows].forward(piece[None], training=False)

    def score(self, y: NDArray[Any]) -> Float64Array:
        """Return the accuracy for classes ``(n,)``, or R^2 for values ``(n, outputs)``; ``(lanes,)``."""
        return self.accuracy(y) if y.ndim == 1 else self.r_squared(y)

    def accuracy(self, y: IntArray) -> Float64Array:
        """Return the share of rows whose class has the largest logit (the first of equals), ``(lanes,)``.

        Args:
            y: ``(n,)``, class indices; with no rows the accuracy is NaN.
        """
        if not len(y):
            return np.full(self._lanes, np.nan)
        right = np.zeros(self._lanes, np.int64)
        for rows, logits in self.logits():
            right += np.count_nonzero(logits.argmax(axis=2) == y[rows], axis=1)
        return right / len(y)

    def r_squared(self, y: FloatArray) -> Float64Array:
        """Return ``1 - sum (y - p)^2 / sum (y - mean y)^2``, the mean over outputs, ``(lanes,)``.

        Where an output is constant its part is 1 if all predictions are exact, else 0.

        Args:
            y: ``(n, outputs)``, what the rows should give; with no rows the score is NaN.

        Source: N. R. Draper and H. Smith, "Applied regression analysis", 3rd edition, 1998, section 1.3.
        """
        if not len(y):
            return np.full(self._lanes, np.nan)
        truth = y.astype(np.float64)
        rest: Float64Array = np.zeros((self._lanes, truth.shape[1]))
        for rows, logits in self.logits():
            for lane, P in enumerate(logits):  # one lane at a time, so that sums do not depend on how many
                rest[lane] += ((P - truth[rows]) ** 2).sum(axis=0)
        spread = ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)
        constant = spread == 0
        parts = np.where(constant, rest == 0, 1 - rest / np.where(constant, 1, spread))
        return np.array([part.mean() for part in parts])
