"""The softmax over the units of a hidden layer."""

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations.base import Activation, Shape3
from hpsearch.nn.functions.dropout import Mask
from hpsearch.types import FloatArray


class Softmax(Activation):
    """``f(z)_k = exp(z_k) / sum_j exp(z_j)``, the sum over the units of a row.

    ``dL/dz_k = f_k (d_k - sum_j d_j f_j)`` with ``d = dL/df``. Units compete: they are positive and sum to 1.
    Sums over units are products with ones, one BLAS call a lane, so that their order cannot depend on the
    number of lanes.

    Args:
        shape: ``(lanes, rows, features)``.
        dtype: Element type.

    Source: J. S. Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990,
    section 2.
    """

    def __init__(self, shape: Shape3, dtype: DTypeLike) -> None:
        lanes, rows, features = shape
        self._P: FloatArray = np.empty(shape, dtype)
        self._products: FloatArray = np.empty(shape, dtype)
        self._per_row: FloatArray = np.empty((lanes, rows, 1), dtype)
        self._ones: FloatArray = np.ones((features, 1), dtype)
        self._mask: Mask | None = None

    def forward(self, Z: FloatArray, mask: Mask | None) -> None:
        """Overwrite ``Z`` ``(lanes, rows, features)`` by its softmax under the mask; keep both."""
        np.max(Z, axis=2, keepdims=True, out=self._per_row)
        if np.isinf(self._per_row).any():  # infinity minus itself would be NaN
            for part in (Z, self._per_row):
                np.minimum(part, np.finfo(Z.dtype).max, out=part)
        Z -= self._per_row
        np.exp(Z, out=Z)
        np.matmul(Z, self._ones, out=self._per_row)
        Z /= self._per_row
        np.copyto(self._P, Z)
        self._mask = mask
        if mask is not None:
            mask.apply(Z)

    def backward(self, dH: FloatArray) -> None:
        """Overwrite ``dL/dH`` by ``dL/dZ``; ``(lanes, rows, features)``."""
        if self._mask is not None:
            dH *= self._mask.factor()
        np.multiply(dH, self._P, out=self._products)
        np.matmul(self._products, self._ones, out=self._per_row)
        dH -= self._per_row
        dH *= self._P
