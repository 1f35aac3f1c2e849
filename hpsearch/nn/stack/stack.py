"""The layers of a network over all lanes at once, for batches of one size."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.activations.base import Shape3
from hpsearch.nn.functions.dropout import Dropout
from hpsearch.nn.functions.normalization import NORMALIZATIONS, BatchWeights
from hpsearch.nn.layout import HiddenParameters, Layout
from hpsearch.nn.stack.embedding import Embedding
from hpsearch.nn.stack.lane_dropout import StackDropout
from hpsearch.nn.stack.layers import Dense, Hidden, InputDropout, Layer
from hpsearch.types import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StackArrays:
    """The arrays of a stack: parameters and gradients, and their layout.

    Attributes:
        layout: The places of each layer's parameters.
        parameters: ``(lanes, n_parameters)``.
        gradients: ``(lanes, n_parameters)``; columns of parameters that are not learned mean nothing.
    """

    layout: Layout
    parameters: FloatArray
    gradients: FloatArray

    @classmethod
    def around(cls, parameters: FloatArray, *, layout: Layout) -> "StackArrays":
        """Return parameters with an array for their gradients beside them."""
        return cls(layout=layout, parameters=parameters, gradients=np.empty_like(parameters))

    @property
    def lanes(self) -> int:
        """Number of lanes."""
        return len(self.parameters)

    @property
    def dtype(self) -> DTypeLike:
        """Element type of everything."""
        return self.parameters.dtype


class Stack:
    """A feed-forward network of many lanes, with buffers for batches of ``rows`` rows.

    Args:
        arrays: The parameters; several stacks of different ``rows`` may share them.
        rows: Rows in a batch.
        logits: ``(lanes, rows, classes)``, the array of the output; made here when not given.
        drops: The dropout in training, or ``None`` for none.
        shares: The shares of rows in batch normalization, or ``None`` for equal ones.
    """

    def __init__(
        self,
        arrays: StackArrays,
        *,
        rows: int,
        logits: FloatArray | None = None,
        drops: StackDropout | None = None,
        shares: BatchWeights | None = None,
    ) -> None:
        weights = drops.masked if drops else None
        dense = _dense_layers(arrays, rows, logits=logits, weights=weights)
        self._first, *others = dense
        self._inputs = _input_dropout(arrays, rows, drops)
        self._embedding = _embedding(arrays, rows, weights) if arrays.layout.blocks else None
        self._rest: list[Layer] = []
        numbers = zip(
            arrays.layout.hidden(arrays.parameters), arrays.layout.hidden(arrays.gradients), strict=True
        )
        for at, (layer, pair) in enumerate(zip(others, numbers, strict=True), start=1):
            shape = (arrays.lanes, rows, layer.n_in)
            dropout = drops.of_layer(at, shape) if drops else None
            self._rest += _hidden_layers(arrays, shape, pair, dropout=dropout, shares=shares)
            self._rest.append(layer)
        self._words = drops.words(rows) if drops else None

    def forward(self, X: FloatArray, *, training: bool) -> FloatArray:
        """Return the logits ``(lanes, rows, classes)`` of ``X`` ``(lanes or 1, rows, features)``.

        In training dropped inputs are overwritten in ``X`` itself.
        """
        if training and self._words is not None:
            self._words.draw()
        if self._inputs is not None:
            X = self._inputs.forward(X, training=training)
        if self._embedding is not None:
            X = self._embedding.forward(X, training=training)
        Y = self._first.forward(X, training=training)
        for layer in self._rest:
            Y = layer.forward(Y, training=training)
        return Y

    def backward(self, dY: FloatArray) -> None:
        """Write all gradients for ``dL/dlogits`` ``(lanes, rows, classes)``; the input's is never formed."""
        for layer in reversed(self._rest):
            dY = layer.backward(dY)
        # The first dense layer's input has no use for a gradient, unless it is the embedding's output.
        if self._embedding is None:
            self._first.parameter_gradients(dY)
        else:
            self._embedding.parameter_gradients(self._first.backward(dY))


def _dense_layers(
    arrays: StackArrays, rows: int, *, logits: FloatArray | None, weights: FloatArray | None
) -> list[Dense]:
    layout = arrays.layout
    parameters, gradients = layout.affine(arrays.parameters), layout.affine(arrays.gradients)
    if weights is not None:
        parameters = [
            p._replace(W=masked) for p, masked in zip(parameters, layout.weights(weights), strict=True)
        ]
    # The loss may own the array of the logits, because it chooses how they lie in memory.
    outs: list[FloatArray] = [np.empty((arrays.lanes, rows, p.W.shape[2]), arrays.dtype) for p in parameters]
    if logits is not None:
        outs[-1] = logits
    # A normalization brings its own ``beta``; the output layer is never normalized.
    biased = [not layout.normalized] * (len(outs) - 1) + [True]
    # Of the first layer's inputs only the vectors of categories, which come first, need a gradient.
    back = [layout.n_vectors, *layout.sizes[1:-1]]
    return [
        Dense(p, g, out=out, bias=bias, back=n)
        for p, g, out, bias, n in zip(parameters, gradients, outs, biased, back, strict=True)
    ]


def _embedding(arrays: StackArrays, rows: int, weights: FloatArray | None) -> Embedding:
    layout = arrays.layout
    return Embedding(
        layout.tables(arrays.parameters if weights is None else weights),
        layout.tables(arrays.gradients),
        blocks=layout.blocks,
        n_features=layout.sizes[0],
        rows=rows,
    )


def _input_dropout(arrays: StackArrays, rows: int, drops: StackDropout | None) -> InputDropout | None:
    dropout = drops and drops.of_layer(0, (arrays.lanes, rows, arrays.layout.sizes[0]))
    return InputDropout(dropout) if dropout else None


def _hidden_layers(
    arrays: StackArrays,
    shape: Shape3,
    numbers: tuple[HiddenParameters, HiddenParameters],
    *,
    dropout: Dropout | None,
    shares: BatchWeights | None,
) -> list[Layer]:
    """Return the layers between two dense layers: the normalization, if any, and the activation.

    Args:
        arrays: The parameters.
        shape: ``(lanes, rows, features)``.
        numbers: The layers' parameters and the arrays of their gradients.
        dropout: The masks of the activation.
        shares: The shares of rows in batch normalization.
    """
    normalization = NORMALIZATIONS[arrays.layout.normalization]
    activation = ACTIVATIONS[arrays.layout.activation](shape, arrays.dtype)
    activation.learn(*(part.own for part in numbers))
    hidden = Hidden(activation, dropout)
    if normalization is None:
        return [hidden]
    own, gradients = (part.normalization for part in numbers)
    return [normalization(own, gradients, shape=shape, dtype=arrays.dtype, shares=shares), hidden]
