"""Predictions and scores of a whole data set, in chunks, so that buffers stay small."""

from collections.abc import Iterator

import numpy as np

from hpsearch.metrics import Metric, Predicted, PredictionKind, Truth
from hpsearch.nn.losses import softmax
from hpsearch.nn.stack.stack import Stack, StackArrays
from hpsearch.nn.unit import Unit
from hpsearch.types import Float64Array, FloatArray

CHUNK = 256
"""Rows predicted at once; fixed, because the last bits of a product may depend on its shape."""


class Evaluation:
    """Predicts one data set whenever it is asked to, in buffers made once.

    Args:
        arrays: The parameters.
        X: ``(n, d)``, of the parameters' type; every lane sees the same rows.
        unit: Center and scale of the numbers that the outputs stand for, where they are not those numbers.
    """

    def __init__(self, arrays: StackArrays, X: FloatArray, unit: Unit | None = None) -> None:
        self._X, self._lanes, self._unit = X, arrays.lanes, unit
        self._n_outputs = arrays.layout.sizes[-1]
        sizes = {min(CHUNK, len(X)), len(X) % CHUNK} - {0}
        self._stacks = {rows: Stack(arrays, rows=rows) for rows in sizes}

    def logits(self) -> Iterator[tuple[slice, FloatArray]]:
        """Yield rows and their logits ``(lanes, rows, classes)``, each valid until the next is asked for."""
        for start in range(0, len(self._X), CHUNK):
            piece = self._X[start : start + CHUNK]
            rows = len(piece)
            yield slice(start, start + rows), self._stacks[rows].forward(piece[None], training=False)

    def score(self, y: Truth, metric: Metric) -> Float64Array:
        """Return each lane's score, ``(lanes,)``: the metric, turned round where less is better.

        Without rows it is NaN.

        Args:
            y: What the rows are: classes ``(n,)``, or numbers ``(n, outputs)``.
            metric: What is measured.
        """
        return metric.sign * metric.over_lanes(y, self.predictions(metric.takes))

    def predictions(self, takes: PredictionKind) -> Predicted:
        """Return what each lane predicts: classes ``(lanes, n)``, else ``(lanes, n, outputs)`` in float64.

        Of equal logits the first class is predicted.
        """
        labels = takes is PredictionKind.LABELS
        tail = () if labels else (self._n_outputs,)
        predicted: Predicted = np.empty(
            (self._lanes, len(self._X), *tail), np.int64 if labels else np.float64
        )
        for rows, logits in self.logits():
            if labels:
                logits.argmax(axis=2, out=predicted[:, rows])
            else:
                predicted[:, rows] = softmax(logits) if takes is PredictionKind.PROBABILITIES else logits
        if takes is PredictionKind.VALUES and self._unit is not None:
            predicted *= self._unit.scale
            predicted += self._unit.center
        return predicted
