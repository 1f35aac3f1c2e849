"""Penalties on the weights (never on biases), added to the loss."""

import numpy as np

from hpsearch.types import Float64Array, FloatArray


class L2:
    """``lambda/2 * sum(W^2)``; its gradient ``lambda W`` enters the gradient before the optimizer sees it.

    Under an adaptive optimizer this is not the same as decoupled weight decay, which moves ``W`` itself.

    Source: A. Krogh and J. A. Hertz, "A simple weight decay can improve generalization", NIPS 1991,
    equation 3; on the difference: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization",
    ICLR 2019.
    """

    @staticmethod
    def value(W: FloatArray, rate: FloatArray) -> Float64Array:
        """Return each lane's penalty, ``(lanes,)``, for ``W`` ``(lanes, k)`` and ``rate`` ``(lanes, 1)``."""
        return np.asarray([0.5 * float(r) * float(w @ w) for w, r in zip(W, rate[:, 0], strict=True)])

    @staticmethod
    def add_gradient(W: FloatArray, g: FloatArray, *, rate: FloatArray, scratch: FloatArray) -> None:
        """Add ``rate * W`` to ``g``, in place; all ``(lanes, k)``, ``rate`` ``(lanes, 1)``."""
        np.multiply(W, rate, out=scratch)
        g += scratch


PENALTIES: dict[str, type[L2]] = {"l2": L2}
