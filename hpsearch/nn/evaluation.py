"""Predictions of whole data sets, in pieces, so that buffers stay small."""

from collections.abc import Iterator

import numpy as np

from hpsearch.nn.stack import Memory, Stack
from hpsearch.types import Float64Array, FloatArray, IntArray

CHUNK = 256
"""Rows predicted at once. It is fixed, whatever the number of lanes: a product's last bits may depend on it."""


def logits_by_chunk(memory: Memory, X: FloatArray) -> Iterator[tuple[slice, FloatArray]]:
    """Yield rows and their logits ``(lanes, rows, classes)``, each valid until the next is asked for.

    Args:
        memory: The parameters.
        X: ``(n, d)``, of the parameters' type; every lane sees the same rows.
    """
    stacks: dict[int, Stack] = {}
    for start in range(0, len(X), CHUNK):
        piece = X[start : start + CHUNK]
        rows = len(piece)
        if rows not in stacks:
            stacks[rows] = Stack(memory, rows=rows)
        yield slice(start, start + rows), stacks[rows].forward(piece[None], training=False)


def accuracy(memory: Memory, X: FloatArray, y: IntArray) -> Float64Array:
    """Return the share of rows whose class has the largest logit (the first of equals), ``(lanes,)``.

    Args:
        memory: The parameters.
        X: ``(n, d)``; with no rows the accuracy is NaN.
        y: ``(n,)``, class indices.
    """
    if not len(X):
        return np.full(memory.lanes, np.nan)
    right = np.zeros(memory.lanes, np.int64)
    for rows, logits in logits_by_chunk(memory, X):
        right += np.count_nonzero(logits.argmax(axis=2) == y[rows], axis=1)
    return right / len(X)
