"""What happens inside networks before their first step, and the data they see."""

from pathlib import Path

import numpy as np

from hpsearch.data import Dataset, load_dataset
from hpsearch.nn import ACTIVATIONS, LOSSES, MLPConfig
from hpsearch.nn.layout import Layout
from hpsearch.nn.stack.layers import Dense, Hidden
from hpsearch.nn.stack.stack import Stack, StackArrays
from hpsearch.study_file import DataSpec
from hpsearch.types import Float64Array, FloatArray, IntArray

DTYPE = np.float64


def images(source: str, *, train: int | None = None, scaling: str = "auto") -> Dataset:
    """Return ``"digits"`` or ``"mnist5k"``, split by seed 0; a fifth is for validation.

    Args:
        source: A name in the library's ``SOURCES``.
        train: How many training rows, in equal parts of every class; ``None`` for three fifths of all.
        scaling: A name in the library's ``SCALINGS``.
    """
    data = DataSpec(source=source, train=train, scaling=scaling)
    return load_dataset(data, seed=0, base=Path())


def hidden_outputs(config: MLPConfig, X: FloatArray, *, seed: int) -> list[FloatArray]:
    """Return the output of each hidden layer of a new network, ``(n, units)``, for rows ``(n, d)``."""
    layout = Layout.of(config, n_features=X.shape[1], n_outputs=1)
    arrays = StackArrays.around(layout.initial([config], [seed], DTYPE), layout=layout)
    H: FloatArray = np.asarray(X, DTYPE)[None]
    outputs: list[FloatArray] = []
    layers = zip(layout.affine(arrays.parameters), layout.affine(arrays.gradients), strict=True)
    for parameters, gradients in list(layers)[:-1]:
        shape = (1, len(X), parameters.W.shape[2])
        dense = Dense(parameters, gradients, out=np.empty(shape, DTYPE))
        hidden = Hidden(ACTIVATIONS[config.activation](shape, DTYPE), None)
        H = hidden.forward(dense.forward(H, training=False), training=False)
        outputs.append(H[0])
    return outputs


def gradient_norms(config: MLPConfig, X: FloatArray, y: IntArray, *, seeds: range) -> Float64Array:
    """Return the norm of ``dL/dW`` of every layer of new networks, one a seed, ``(seeds, layers)``.

    Args:
        config: Of all the networks.
        X: One batch of rows, ``(n, d)``.
        y: Their classes, ``(n,)``, 0 to 9.
        seeds: One a network.
    """
    layout = Layout.of(config, n_features=X.shape[1], n_outputs=10)
    arrays = StackArrays.around(layout.initial([config] * len(seeds), seeds, DTYPE), layout=layout)
    loss = LOSSES["cross_entropy"]((len(seeds), len(X), 10), DTYPE)
    stack = Stack(arrays, rows=len(X), logits=loss.logits)
    stack.forward(np.asarray(X, DTYPE)[None], training=True)
    loss.forward(np.tile(y, (len(seeds), 1)))
    stack.backward(loss.backward())
    return np.stack([np.linalg.norm(dW, axis=(1, 2)) for dW in layout.weights(arrays.gradients)], axis=1)
