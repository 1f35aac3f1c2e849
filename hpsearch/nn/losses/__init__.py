"""Losses: a value and its gradient for each lane."""

from hpsearch.nn.losses.base import Loss
from hpsearch.nn.losses.cross_entropy import SoftmaxCrossEntropy, log_softmax, softmax
from hpsearch.nn.losses.errors import AbsoluteError, Huber, SquaredError

LOSSES: dict[str, type[Loss]] = {
    "cross_entropy": SoftmaxCrossEntropy,
    "squared_error": SquaredError,
    "absolute_error": AbsoluteError,
    "huber": Huber,
}
"""Name -> loss; the first is of classes, the others are of numbers."""

__all__ = ["LOSSES", "Loss", "log_softmax", "softmax"]
