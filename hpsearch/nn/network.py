"""One trained network, apart from any stack."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpsearch.errors import DataError
from hpsearch.nn.config import MLPConfig
from hpsearch.nn.layout import Layout
from hpsearch.nn.losses import softmax
from hpsearch.nn.one_hot import Blocks
from hpsearch.nn.stack.evaluation import Evaluation
from hpsearch.nn.stack.stack import StackArrays
from hpsearch.types import Float64Array, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """A trained multi-layer perceptron; it owns its weights.

    Attributes:
        config: Its settings.
        sizes: ``(n_features, *config.hidden, n_outputs)``.
        parameters: ``(n_parameters,)``, as ``Layout`` orders them: weights, biases, what else is learned, and
            the moving statistics.
        classes: ``(n_outputs,)``, the label of each output; ``(0,)`` where the outputs are values.
        blocks: ``(start, stop)`` of each block of one-hot features that it embeds.
    """

    config: MLPConfig
    sizes: tuple[int, ...]
    parameters: FloatArray
    classes: NDArray[Any]
    blocks: Blocks = ()

    @property
    def layout(self) -> Layout:
        """The places of each layer in ``parameters``."""
        return Layout.of(self.config, n_features=self.sizes[0], n_outputs=self.sizes[-1], blocks=self.blocks)

    @property
    def embeddings(self) -> tuple[FloatArray, ...]:
        """The vectors of each block's categories, ``(categories, config.embedding)``; views."""
        return tuple(table[0] for table in self.layout.tables(self.parameters[None]))

    @property
    def weights(self) -> tuple[FloatArray, ...]:
        """The weights of each layer, ``(n_in, n_out)``; views."""
        return tuple(layer.W[0] for layer in self.layout.affine(self.parameters[None]))

    @property
    def biases(self) -> tuple[FloatArray, ...]:
        """The biases of each layer (of a normalized one, its ``beta``), ``(n_out,)``; views."""
        return tuple(layer.b[0, 0] for layer in self.layout.affine(self.parameters[None]))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of numbers that it takes."""
        return self.parameters.dtype

    @property
    def predicts_values(self) -> bool:
        """Whether the outputs are values, not logits of classes."""
        return not len(self.classes)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable label of each row, ``(n,)``, or its values, ``(n, n_outputs)``.

        Args:
            X: ``(n, n_features)``, finite.

        Raises:
            DataError: ``X`` is of another shape, or not finite.
        """
        if self.predicts_values:
            return self.outputs(X)
        labels: NDArray[Any] = self.classes[self.outputs(X).argmax(axis=1)]
        return labels

    def predict_proba(self, X: ArrayLike) -> Float64Array:
        """Return the probability of each class, ``(n, n_classes)``, for ``X`` ``(n, n_features)``.

        Raises:
            DataError: ``X`` is of another shape or not finite, or the network predicts values.
        """
        if self.predicts_values:
            raise DataError("expected a network that predicts classes, found one of values; use predict")
        with np.errstate(all="ignore"):
            return softmax(self.outputs(X))

    def outputs(self, X: ArrayLike) -> FloatArray:
        """Return the linear outputs, ``(n, n_outputs)``, for ``X`` ``(n, n_features)``.

        Raises:
            DataError: ``X`` is of another shape, or not finite.
        """
        evaluation = self._evaluation(X)
        Y: FloatArray = np.empty((len(np.asarray(X)), self.sizes[-1]), self.parameters.dtype)
        with np.errstate(all="ignore"):
            for rows, logits in evaluation.logits():
                Y[rows] = logits[0]
        return Y

    def _evaluation(self, X: ArrayLike) -> Evaluation:
        with np.errstate(over="ignore"):
            rows: FloatArray = np.ascontiguousarray(X, self.parameters.dtype)
        if rows.ndim != 2 or rows.shape[1] != self.sizes[0]:
            raise DataError(f"X: expected shape (n, {self.sizes[0]}), found {rows.shape}")
        if not np.isfinite(rows).all():
            row, feature = np.argwhere(~np.isfinite(rows))[0]
            expected = f"a finite number that {rows.dtype.name} can hold"
            raise DataError(f"X[{row}, {feature}]: expected {expected}, found {np.asarray(X)[row, feature]}")
        return Evaluation(StackArrays.around(self.parameters[None], layout=self.layout), rows)
