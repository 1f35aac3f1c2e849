"""One step of the optimizer over the flat parameters, cut into blocks that stay in cache."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.config import MLPConfig
from hpsearch.nn.optimizers.base import Block, Optimizer
from hpsearch.nn.optimizers.penalties import L1, L2, LInfinity
from hpsearch.nn.stack.stack import StackArrays
from hpsearch.types import FloatArray

BLOCK = 65536
"""Parameters updated at once. The arrays of a block (256 KiB each) are read a dozen times in a step; smaller
blocks spend more on calls than they save (measured: 9,000-parameter lanes, one at a time, cost 1.6 times)."""

SWEEP_STEPS = 64
"""Steps between two sweeps of the moments."""

NEGLIGIBLE = 1e-30
"""A moment smaller than this becomes 0 in a sweep.

Where a gradient has stopped, a moment would shrink into the numbers below 1e-38, with which processors
calculate many times slower, and stay there; one that is multiplied by 0.8 or more a step is caught before.
Beside any usual ``eps`` a moment of this size moves nothing.
"""


class PenaltyRates(NamedTuple):
    """The rates of the penalties, which may differ from lane to lane, each ``(lanes, 1)``.

    Attributes:
        decay: Rates of the L2 penalty, or of decoupled decay.
        l1: Rates of the L1 penalty.
        linf: Rates of the L-infinity penalty.
    """

    decay: FloatArray
    l1: FloatArray
    linf: FloatArray

    @classmethod
    def of(cls, configs: Sequence[MLPConfig], dtype: DTypeLike) -> "PenaltyRates":
        """Return the rates of lanes of these settings."""
        columns = zip(*((c.weight_decay, c.l1, c.linf) for c in configs), strict=True)
        with np.errstate(over="ignore", under="ignore"):
            return cls(*(np.array(column, np.float64)[:, None].astype(dtype) for column in columns))


class PenalizedBlock(NamedTuple):
    """One block of the update with the arrays that weight decay needs.

    Attributes:
        update: The arrays that the optimizer moves, ``(l, k)``.
        factors: Rows of the table of ``Factors``, each ``(l, 1)``.
        decay: Rates of the L2 penalty, or of decoupled decay, ``(l, 1)``.
        weights: The penalized columns of the parameters, ``(l, 0)`` where none is.
        weight_gradients: The same columns of the gradients.
        weight_scratch: Memory of their shape.
    """

    update: Block
    factors: tuple[FloatArray, ...]
    decay: FloatArray
    weights: FloatArray
    weight_gradients: FloatArray
    weight_scratch: FloatArray


class Factors:
    """The optimizer's numbers for a step.

    If all lanes have the same constants, which is most often so, the numbers are plain floats, and a product
    with them is one pass over the whole block.

    Args:
        optimizers: One a lane, of one kind.
        dtype: Element type of the network.

    Attributes:
        table: ``(n_factors, lanes, 1)``, each lane's own numbers; not updated where all lanes have the same.
        numbers: The numbers of all lanes, each ``()``: with an array a product costs half a float's overhead.
    """

    def __init__(self, optimizers: Sequence[Optimizer], dtype: DTypeLike) -> None:
        self._optimizers = tuple(optimizers)
        self._shared = self._optimizers[0] if len(set(self._optimizers)) == 1 else None
        n_factors = len(self._optimizers[0].factors(1))
        self.table: FloatArray = np.empty((n_factors, len(self._optimizers), 1), dtype)
        numbers: FloatArray = np.empty(n_factors, dtype)
        self._numbers, self._views = (
            numbers,
            tuple(numbers[at : at + 1].reshape(()) for at in range(n_factors)),
        )

    def shared(self, t: int) -> tuple[FloatArray, ...] | None:
        """Return the numbers of step ``t`` for all lanes, each ``()``, or put each lane's into the table."""
        if self._shared is not None:
            self._numbers[:] = self._shared.factors(t)
            return self._views
        for lane, optimizer in enumerate(self._optimizers):
            self.table[:, lane, 0] = optimizer.factors(t)
        return None


class Updater:
    """Penalties and optimizer over all lanes of a stack.

    This is the one place that decides what ``weight_decay`` is: for an optimizer that is ``decoupled`` the
    weights shrink by ``eta lambda W``, for any other the L2 penalty's gradient joins the loss's.

    Everything in a block is element-wise, so the cut into blocks changes no bit.

    Args:
        optimizers: The rule of each lane, of one kind.
        arrays: Parameters and gradients.
        moments: The rule's moments, each ``(lanes, n_parameters)``.
        rates: Rates of the penalties, ``(lanes, 1)``.

    Attributes:
        lr: Learning rates of the epoch, ``(lanes, 1)``; to be written before its first step.
    """

    def __init__(
        self,
        optimizers: Sequence[Optimizer],
        arrays: StackArrays,
        *,
        moments: Sequence[FloatArray],
        rates: PenaltyRates,
    ) -> None:
        self._kind = type(optimizers[0])
        self._factors = Factors(optimizers, arrays.dtype)
        self.lr: FloatArray = np.zeros((arrays.lanes, 1), arrays.dtype)
        self._blocks = list(self._cut(arrays, moments, rates))
        self._penalties = list(_penalties(arrays, rates))

    def step(self, t: int) -> None:
        """Move the parameters by step ``t`` (from 1); the gradients are used up."""
        # Penalties over all weights of a lane come before the cut into blocks: a block sees a part of them.
        for add_gradient in self._penalties:
            add_gradient()
        shared = self._factors.shared(t)
        for block in self._blocks:
            self._decay(block)
            self._kind.apply(block.update, shared or block.factors)
            if t % SWEEP_STEPS == 0:
                _sweep(block.update)

    def _cut(
        self, arrays: StackArrays, moments: Sequence[FloatArray], rates: PenaltyRates
    ) -> Iterator[PenalizedBlock]:
        """Yield the blocks of the flat arrays, as views."""
        n_columns, n_weights = arrays.layout.n_learned, arrays.layout.n_weights
        # A block holds several whole lanes where a lane is small, or a part of one lane where it is large.
        lanes = max(1, BLOCK // n_columns)
        columns = min(n_columns, BLOCK)
        flat: FloatArray = np.empty(lanes * columns, arrays.dtype)
        for lane in range(0, arrays.lanes, lanes):
            rows = slice(lane, lane + lanes)
            for at in range(0, n_columns, columns):
                here = np.s_[rows, at : min(at + columns, n_columns)]
                # The weights come first in the layout: of the last block of weights only a part is penalized.
                penalized = np.s_[rows, at : max(at, min(at + columns, n_weights))]
                parameters, weights = arrays.parameters[here], arrays.parameters[penalized]
                yield PenalizedBlock(
                    update=Block(
                        W=parameters,
                        g=arrays.gradients[here],
                        moments=[moment[here] for moment in moments],
                        lr=self.lr[rows],
                        scratch=flat[: parameters.size].reshape(parameters.shape),
                    ),
                    factors=tuple(factor[rows] for factor in self._factors.table),
                    decay=rates.decay[rows],
                    weights=weights,
                    weight_gradients=arrays.gradients[penalized],
                    weight_scratch=flat[: weights.size].reshape(weights.shape),
                )

    def _decay(self, block: PenalizedBlock) -> None:
        # Decay comes before the optimizer moves the weights, so both start from the weights before this step.
        if self._kind.decoupled:
            np.multiply(block.weights, block.update.lr * block.decay, out=block.weight_scratch)
            np.subtract(block.weights, block.weight_scratch, out=block.weights)
        else:
            L2.add_gradient(
                block.weights, block.weight_gradients, rate=block.decay, scratch=block.weight_scratch
            )


def _penalties(arrays: StackArrays, rates: PenaltyRates) -> Iterator[Callable[[], None]]:
    """Yield a call that adds a rarer penalty's gradient, for each lane that has one."""
    n_weights = arrays.layout.n_weights
    scratch: FloatArray = np.empty((1, n_weights), arrays.dtype)
    for penalty, rate in ((L1, rates.l1), (LInfinity, rates.linf)):
        for lane in np.flatnonzero(rate).tolist():
            here = np.s_[lane : lane + 1, :n_weights]
            yield partial(
                penalty.add_gradient,
                arrays.parameters[here],
                arrays.gradients[here],
                rate=rate[lane : lane + 1],
                scratch=scratch,
            )


def _sweep(block: Block) -> None:
    """Set negligible moments to 0."""
    for moment in block.moments:
        np.abs(moment, out=block.scratch)
        np.greater(block.scratch, NEGLIGIBLE, out=block.scratch)
        np.multiply(moment, block.scratch, out=moment)
