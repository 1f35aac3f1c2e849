"""One training step of all lanes, for batches of one size."""

import numpy as np

from hpsearch.nn.dropout import WeightDropout
from hpsearch.nn.drops import Drops
from hpsearch.nn.losses import SoftmaxCrossEntropy
from hpsearch.nn.stack import Memory, Stack
from hpsearch.types import FloatArray, IntArray


class Batch:
    """Gathers a batch for every lane and computes losses and gradients, in buffers made once.

    Args:
        memory: Parameters and gradients.
        X: ``(n, d)``, all training rows.
        y: ``(n,)``, their classes.
        rows: Rows in a batch.
        drops: What the lanes drop.
        weights: Masks on the weights, if that is what they drop.
    """

    def __init__(  # noqa: PLR0913 - where everything meets
        self,
        memory: Memory,
        X: FloatArray,
        y: IntArray,
        *,
        rows: int,
        drops: Drops,
        weights: WeightDropout | None = None,
    ) -> None:
        lanes, dtype = memory.lanes, memory.dtype
        n_features, n_classes = memory.layout.sizes[0], memory.layout.sizes[-1]
        self._X, self._y = X, y
        self._x: FloatArray = np.empty((lanes, rows, n_features), dtype)
        self._t: IntArray = np.empty((lanes, rows), np.int64)
        self._loss = SoftmaxCrossEntropy((lanes, rows, n_classes), dtype)
        self._weights, self._gradients = weights, memory.gradients
        self._stack = Stack(
            memory,
            rows=rows,
            logits=self._loss.logits,
            drops=drops,
            weights=weights.weights if weights else None,
        )

    def gradients(self, chosen: IntArray) -> FloatArray:
        """Write the gradients at rows ``chosen`` ``(lanes, rows)``; return the summed losses ``(lanes,)``."""
        np.take(self._X, chosen, axis=0, out=self._x, mode="clip")
        np.take(self._y, chosen, out=self._t, mode="clip")
        if self._weights:
            self._weights.refresh()
        self._stack.forward(self._x, training=True)
        losses = self._loss.forward(self._t)
        self._stack.backward(self._loss.backward())
        if self._weights:
            self._weights.mask(self._gradients)
        return losses
