"""One step of the optimizer over the flat parameters, cut into blocks that stay in cache."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.config import MLPConfig
from hpsearch.nn.optimizers import Optimizer
from hpsearch.nn.penalties import L2
from hpsearch.nn.stack import Memory
from hpsearch.types import FloatArray

BLOCK = 65536
"""Parameters updated at once. The arrays of a block (256 KiB each) are read a dozen times in a step; smaller
blocks spend more on calls than they save (measured: 9,000-parameter lanes, one at a time, cost 1.6 times)."""


class Rates(NamedTuple):
    """What may differ from lane to lane in an update.

    Attributes:
        lr: Learning rates, ``(lanes, 1)``.
        decay: Rates of the L2 penalty, ``(lanes, 1)``.
    """

    lr: FloatArray
    decay: FloatArray

    @classmethod
    def of(cls, configs: Sequence[MLPConfig], dtype: DTypeLike) -> "Rates":
        """Return the rates of lanes of these settings."""
        with np.errstate(over="ignore", under="ignore"):
            return cls(
                lr=np.array([[config.lr] for config in configs]).astype(dtype),
                decay=np.array([[config.weight_decay] for config in configs]).astype(dtype),
            )


class Block(NamedTuple):
    """Views of some lanes and columns of the flat arrays, each ``(l, k)``; the rates are ``(l, 1)``.

    ``weights``, ``weight_gradients`` and ``scratch`` are the penalised columns, ``(l, 0)`` where none is.
    """

    parameters: FloatArray
    gradients: FloatArray
    moments: tuple[FloatArray, ...]
    rates: Rates
    weights: FloatArray
    weight_gradients: FloatArray
    scratch: FloatArray


class Updater:
    """Penalty and optimizer over all lanes of a stack.

    Everything is element-wise, so the cut into blocks changes no bit.

    Args:
        optimizer: The rule.
        memory: Parameters and gradients.
        moments: The rule's memory, each ``(lanes, n_parameters)``.
        rates: Learning rates and penalties, ``(lanes, 1)``.
    """

    def __init__(
        self, optimizer: Optimizer, memory: Memory, *, moments: Sequence[FloatArray], rates: Rates
    ) -> None:
        self._optimizer = optimizer
        self._blocks = list(_blocks(memory, moments, rates))

    def step(self, t: int) -> None:
        """Move the parameters by step ``t`` (from 1); the gradients are used up."""
        for block in self._blocks:
            L2.add_gradient(
                block.weights, block.weight_gradients, rate=block.rates.decay, scratch=block.scratch
            )
            self._optimizer.update(block.parameters, block.gradients, block.moments, lr=block.rates.lr, t=t)


def _blocks(memory: Memory, moments: Sequence[FloatArray], rates: Rates) -> Iterator[Block]:
    n_columns, n_weights = memory.layout.n_parameters, memory.layout.n_weights
    lanes = max(1, BLOCK // n_columns)
    columns = min(n_columns, BLOCK)
    scratch: FloatArray = np.empty(lanes * columns, memory.dtype)
    for lane in range(0, memory.lanes, lanes):
        for at in range(0, n_columns, columns):
            here = np.s_[lane : lane + lanes, at : min(at + columns, n_columns)]
            penalised = np.s_[lane : lane + lanes, at : max(at, min(at + columns, n_weights))]
            weights = memory.parameters[penalised]
            yield Block(
                parameters=memory.parameters[here],
                gradients=memory.gradients[here],
                moments=tuple(moment[here] for moment in moments),
                rates=Rates(lr=rates.lr[lane : lane + lanes], decay=rates.decay[lane : lane + lanes]),
                weights=weights,
                weight_gradients=memory.gradients[penalised],
                scratch=scratch[: weights.size].reshape(weights.shape),
            )
