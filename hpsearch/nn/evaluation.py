"""Predictions of whole data sets, in pieces, so that buffers stay small."""

from collections.abc import Iterator

import numpy as np

from hpsearch.nn.stack import Memory, Stack
from hpsearch.types import Float64Array, FloatArray, IntArray

CHUNK = 256
"""Rows predicted at once; fixed, because the last bits of a product may depend on its shape."""


class Evaluation:
    """Predicts one data set whenever it is asked to, in buffers made once.

    Args:
        memory: The parameters.
        X: ``(n, d)``, of the parameters' type; every lane sees the same rows.
    """

    def __init__(self, memory: Memory, X: FloatArray) -> None:
        self._X, self._lanes = X, memory.lanes
        sizes = {min(CHUNK, len(X)), len(X) % CHUNK} - {0}
        self._stacks = {rows: Stack(memory, rows=rows) for rows in sizes}

    def logits(self) -> Iterator[tuple[slice, FloatArray]]:
        """Yield rows and their logits ``(lanes, rows, classes)``, each valid until the next is asked for."""
        for start in range(0, len(self._X), CHUNK):
            piece = self._X[start : start + CHUNK]
            rows = len(piece)
            yield slice(start, start + rows), self._stacks[rows].forward(piece[None], training=False)

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
