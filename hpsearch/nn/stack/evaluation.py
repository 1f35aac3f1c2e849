"""Predictions of a whole data set, in chunks, so that buffers stay small."""

from collections.abc import Iterator

import numpy as np

from hpsearch.metrics import Predicted, PredictionKind
from hpsearch.nn.losses import softmax
from hpsearch.nn.stack.stack import Stack, StackArrays
from hpsearch.nn.unit import Unit
from hpsearch.types import FloatArray, IntArray

CHUNK = 256
"""Rows predicted at once; fixed, because the last bits of a product may depend on its shape."""


class Evaluation:
    """Predicts one data set whenever it is asked to, in buffers made once.

    Args:
        arrays: The parameters.
        X: ``(n, d)``, of the parameters' type.
        unit: Center and scale of the numbers that the outputs stand for, where they are not those numbers.
        own: ``(lanes, n_own)``, the rows of ``X`` that each lane sees; ``None`` for all, the same for each.
    """

    def __init__(
        self, arrays: StackArrays, X: FloatArray, unit: Unit | None = None, own: IntArray | None = None
    ) -> None:
        self._X, self._lanes, self._unit, self._own = X, arrays.lanes, unit, own
        self._n_outputs = arrays.layout.sizes[-1]
        self._n = n = len(X) if own is None else own.shape[1]
        sizes = {min(CHUNK, n), n % CHUNK} - {0}
        self._stacks = {rows: Stack(arrays, rows=rows) for rows in sizes}

    def logits(self) -> Iterator[tuple[slice, FloatArray]]:
        """Yield rows and their logits ``(lanes, rows, classes)``, each valid until the next is asked for."""
        for start in range(0, self._n, CHUNK):
            rows = slice(start, min(start + CHUNK, self._n))
            piece = self._X[rows][None] if self._own is None else self._X[self._own[:, rows]]
            yield rows, self._stacks[rows.stop - start].forward(piece, training=False)

    def predictions(self, takes: PredictionKind) -> Predicted:
        """Return what each lane predicts: classes ``(lanes, n)``, else ``(lanes, n, outputs)`` in float64.

        Of equal logits the first class is predicted.
        """
        labels = takes is PredictionKind.LABELS
        tail = () if labels else (self._n_outputs,)
        predicted: Predicted = np.empty((self._lanes, self._n, *tail), np.int64 if labels else np.float64)
        for rows, logits in self.logits():
            if labels:
                logits.argmax(axis=2, out=predicted[:, rows])
            else:
                predicted[:, rows] = softmax(logits) if takes is PredictionKind.PROBABILITIES else logits
        if takes is PredictionKind.VALUES and self._unit is not None:
            predicted *= self._unit.scale
            predicted += self._unit.center
        return predicted
