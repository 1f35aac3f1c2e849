"""The layers of a network, over all lanes at once, for batches of one size."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.dropout import Dropout, DropoutStreams
from hpsearch.nn.layers import Dense, Hidden, Layer
from hpsearch.nn.layout import Layout
from hpsearch.types import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Memory:
    """The parameters of a stack and what belongs to them.

    Attributes:
        layout: Where each layer's parameters lie.
        activation: A name in ``ACTIVATIONS``.
        parameters: ``(lanes, n_parameters)``.
        gradients: ``(lanes, n_parameters)``.
    """

    layout: Layout
    activation: str
    parameters: FloatArray
    gradients: FloatArray

    @classmethod
    def around(cls, parameters: FloatArray, *, layout: Layout, activation: str) -> "Memory":
        """Return parameters with an array for their gradients beside them."""
        return cls(
            layout=layout,
            activation=activation,
            parameters=parameters,
            gradients=np.empty_like(parameters),
        )

    @property
    def lanes(self) -> int:
        """How many networks."""
        return len(self.parameters)

    @property
    def dtype(self) -> DTypeLike:
        """Element type of everything."""
        return self.parameters.dtype


class Stack:
    """A feed-forward network of many lanes, with buffers for batches of ``rows`` rows.

    Args:
        memory: The parameters; several stacks of different ``rows`` may share them.
        rows: Rows in a batch.
        logits: ``(lanes, rows, classes)``, where the output goes; made here when not given.
        dropout: The lanes' bits, or ``None`` for no dropout.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        rows: int,
        logits: FloatArray | None = None,
        dropout: DropoutStreams | None = None,
    ) -> None:
        self._first, *others = _dense_layers(memory, rows, logits)
        self._rest: list[Layer] = []
        for dense in others:
            shape = (memory.lanes, rows, dense.n_in)
            mask = Dropout(dropout, shape) if dropout and dropout.active else None
            self._rest += [Hidden(ACTIVATIONS[memory.activation](shape, memory.dtype), mask), dense]

    def forward(self, X: FloatArray, *, training: bool) -> FloatArray:
        """Return the logits ``(lanes, rows, classes)`` of ``X`` ``(lanes or 1, rows, features)``."""
        Y = self._first.forward(X, training=training)
        for layer in self._rest:
            Y = layer.forward(Y, training=training)
        return Y

    def backward(self, dY: FloatArray) -> None:
        """Write all gradients for ``dL/dlogits`` ``(lanes, rows, classes)``; the input's is never formed."""
        for layer in reversed(self._rest):
            dY = layer.backward(dY)
        self._first.parameter_gradients(dY)


def _dense_layers(memory: Memory, rows: int, logits: FloatArray | None) -> list[Dense]:
    parameters = memory.layout.affine(memory.parameters)
    gradients = memory.layout.affine(memory.gradients)
    outs: list[FloatArray] = [np.empty((memory.lanes, rows, p.W.shape[2]), memory.dtype) for p in parameters]
    if logits is not None:
        outs[-1] = logits
    return [Dense(p, g, out=out) for p, g, out in zip(parameters, gradients, outs, strict=True)]
