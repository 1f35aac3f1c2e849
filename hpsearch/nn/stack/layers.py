"""The layers of a stack: dense, hidden (an activation with its dropout), and the dropout of inputs."""

from typing import Protocol

import numpy as np

from hpsearch.nn.activations.base import Activation
from hpsearch.nn.functions.dropout import Dropout
from hpsearch.nn.layout import Affine
from hpsearch.types import FloatArray


class Layer(Protocol):
    """One layer of a stack; arrays are ``(lanes, rows, features)``."""

    def forward(self, X: FloatArray, *, training: bool) -> FloatArray:
        """Return the layer's output, in a buffer that the next call overwrites."""

    def backward(self, dY: FloatArray) -> FloatArray:
        """Return ``dL/dX`` and write the gradients of the layer's parameters; ``dY`` may be overwritten."""


class Dense:
    """``Y = X W + b``; ``dL/dW = X^T dY``, ``dL/db = 1^T dY``, ``dL/dX = dY W^T``.

    Products are one BLAS call a lane, and so are sums over the batch (products with ones: four times as fast
    as a sum, and their order cannot depend on the number of lanes).

    Args:
        parameters: ``W`` and ``b``, views into the flat parameters.
        gradients: The arrays of their gradients.
        out: ``(lanes, rows, n_out)``, the array of the output.
        bias: Whether it adds ``b``; a normalization behind it brings its own.
        back: The number of leading inputs whose gradient is needed; all by default.

    Attributes:
        n_in: Features of the input.
    """

    def __init__(
        self,
        parameters: Affine,
        gradients: Affine,
        *,
        out: FloatArray,
        bias: bool = True,
        back: int | None = None,
    ) -> None:
        lanes, self.n_in, _ = parameters.W.shape
        self._W_back = parameters.W[:, :back]
        rows = out.shape[1]
        self._p, self._g, self._out, self._bias = parameters, gradients, out, bias
        self._ones: FloatArray = np.ones((1, rows), out.dtype)
        # The gradient of a whole input takes the input's own memory, which is in the cache at that time.
        part = self._W_back.shape[1] < self.n_in
        self._dX: FloatArray | None = (
            np.empty((lanes, rows, self._W_back.shape[1]), out.dtype) if part else None
        )
        self._X = out  # until the first forward

    def forward(self, X: FloatArray, *, training: bool) -> FloatArray:  # noqa: ARG002 - the same in both
        """Return ``X W + b``, ``(lanes, rows, n_out)``; ``X`` ``(lanes or 1, rows, n_in)`` is kept."""
        self._X = X
        np.matmul(X, self._p.W, out=self._out)
        if self._bias:
            np.add(self._out, self._p.b, out=self._out)
        return self._out

    def parameter_gradients(self, dY: FloatArray) -> None:
        """Write ``dL/dW`` and ``dL/db`` for ``dY`` ``(lanes, rows, n_out)``."""
        np.matmul(self._X.mT, dY, out=self._g.W)
        if self._bias:
            np.matmul(self._ones, dY, out=self._g.b)

    def backward(self, dY: FloatArray) -> FloatArray:
        """Write the parameters' gradients and return ``dY W^T``, ``(lanes, rows, back)``; ``X`` is lost."""
        self.parameter_gradients(dY)
        return np.matmul(dY, self._W_back.mT, out=self._X if self._dX is None else self._dX)


class InputDropout:
    """``Y = X * mask``, in place, in training only.

    Args:
        dropout: The masks.
    """

    def __init__(self, dropout: Dropout) -> None:
        self._dropout = dropout

    def forward(self, X: FloatArray, *, training: bool) -> FloatArray:
        """Overwrite ``X`` ``(lanes, rows, features)`` by ``X * mask``, and return it."""
        if training:
            self._dropout.mask().apply(X)
        return X


class Hidden:
    """``Y = f(Z) * mask``, in place; the mask is dropout's, in training only.

    Args:
        activation: The function, with buffers of the layer's shape.
        dropout: The masks, or ``None`` when no lane drops anything.
    """

    def __init__(self, activation: Activation, dropout: Dropout | None) -> None:
        self._activation, self._dropout = activation, dropout

    def forward(self, X: FloatArray, *, training: bool) -> FloatArray:
        """Overwrite ``X`` ``(lanes, rows, features)`` by its activation, and return it."""
        if training:
            self._activation.forward(X, self._dropout.mask() if self._dropout else None)
        else:
            self._activation.value(X)
        return X

    def backward(self, dY: FloatArray) -> FloatArray:
        """Overwrite ``dY`` ``(lanes, rows, features)`` by the gradient of the input, and return it."""
        self._activation.backward(dY)
        return dY
