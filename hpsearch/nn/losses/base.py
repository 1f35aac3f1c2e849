"""The base of all losses: a value and its gradient for each lane."""

from abc import ABC, abstractmethod
from typing import Any

from numpy.typing import DTypeLike, NDArray

from hpsearch.types import Float64Array, FloatArray


class Loss(ABC):
    """A mean over the rows of a batch, lane by lane, for one shape of output; it works in place.

    With weights the loss and the gradient of row ``i`` are multiplied by ``w_i``; the mean still divides by
    the number of rows. With weights whose mean over all rows is 1, the batches of an epoch so average to the
    weighted mean over all rows, however they are cut. Weights of 1 change no bit.

    Args:
        shape: ``(lanes, rows, outputs)``.
        dtype: Element type.
        smoothing: The label smoothing of each lane, ``(lanes,)``, in [0, 1); ``None`` for none.

    Attributes:
        logits: ``(lanes, rows, outputs)``, the network's linear output; write it here, then call ``forward``
            and ``backward``.
    """

    logits: FloatArray

    @abstractmethod
    def __init__(
        self, shape: tuple[int, int, int], dtype: DTypeLike, *, smoothing: Float64Array | None = None
    ) -> None: ...

    @abstractmethod
    def forward(self, y: NDArray[Any], weights: FloatArray | None = None) -> FloatArray:
        """Return the losses of each lane, weighted and summed over the batch, ``(lanes,)``.

        Args:
            y: The targets, ``(lanes, rows)`` or ``(lanes, rows, outputs)``.
            weights: ``(lanes, rows)``, each 0 or more, or ``None`` for ones; not changed before ``backward``.
        """

    @abstractmethod
    def backward(self) -> FloatArray:
        """Return the gradient of the weighted mean, ``(lanes, rows, outputs)``; it overwrites the logits."""
