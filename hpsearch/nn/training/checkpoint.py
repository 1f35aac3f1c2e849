"""The checkpoint of one lane between epochs: it goes on alone or in any stack, with the same bits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.layout import Layout
from hpsearch.nn.one_hot import Blocks
from hpsearch.nn.optimizers import OPTIMIZERS
from hpsearch.nn.stack.lane_dropout import LaneDropout
from hpsearch.nn.stack.updater import PenaltyRates
from hpsearch.nn.training.lanes import Lanes
from hpsearch.types import FloatArray, IntArray

BitState = NDArray[np.uint64]
"""``(6,)``: the four words of an SFC64 generator, whether half a word is left over, and that half."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checkpoint:
    """One lane between two epochs; it owns its arrays.

    Attributes:
        config: The lane's settings; those outside its ``structure`` may be replaced before going on.
        step: Steps done, 0 or more; the lanes of one stack stand at the same step and epoch.
        epoch: Epochs done, 0 or more.
        sizes: ``(n_features, *config.hidden, n_outputs)``.
        parameters: ``(n_parameters,)``.
        moments: The optimizer's moments, ``(n_moments, n_parameters)``.
        order: ``(n,)``, int64, the numbers of the rows of weight above 0 in the order of the last epoch.
        order_bits: ``(6,)``, uint64, the state of the generator that shuffles the order.
        dropout_bits: ``(6,)``, uint64, the state of the generator of dropout.
        first_loss: Mean loss of the first batch; NaN before it.
        blocks: ``(start, stop)`` of each block of one-hot features that are embedded.

    Raises:
        SettingError: Shapes or types do not fit each other.
    """

    config: MLPConfig
    step: int
    epoch: int
    sizes: tuple[int, ...]
    parameters: FloatArray
    moments: FloatArray
    order: IntArray
    order_bits: BitState
    dropout_bits: BitState
    first_loss: float
    blocks: Blocks = ()

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or self.sizes[1:-1] != self.config.hidden:
            raise SettingError(
                "sizes", f"expected (n_features, *{self.config.hidden}, n_outputs), found {self.sizes}"
            )
        layout = self.layout
        n, dtype = len(self.order), self.parameters.dtype
        _check("parameters", self.parameters, shape=(layout.n_parameters,), dtype=dtype)
        shape = (OPTIMIZERS[self.config.optimizer].n_moments, layout.n_parameters)
        _check("moments", self.moments, shape=shape, dtype=dtype)
        _check("order", self.order, shape=(n,), dtype=np.dtype(np.int64))
        for name in ("order_bits", "dropout_bits"):
            _check(name, getattr(self, name), shape=(6,), dtype=np.dtype(np.uint64))
        if not np.array_equal(np.sort(self.order), np.arange(n)):
            raise SettingError("order", f"expected each of 0..{n - 1} once, found something else")

    @property
    def layout(self) -> Layout:
        """The places of each layer in ``parameters``."""
        return Layout.of(self.config, n_features=self.sizes[0], n_outputs=self.sizes[-1], blocks=self.blocks)

    def for_rows(self, n: int) -> "Checkpoint":
        """Return the checkpoint for ``n`` training rows: itself, or with other rows in their own order."""
        return self if n == len(self.order) else replace(self, order=np.arange(n, dtype=np.int64))


def lane_arrays(lanes: Lanes, row: int) -> dict[str, Any]:
    """Return copies of one lane's arrays, by the names of the fields of ``Checkpoint``."""
    parameters = lanes.parameters[row].copy()
    moments = np.empty((len(lanes.moments), len(parameters)), parameters.dtype)
    for copy, moment in zip(moments, lanes.moments, strict=True):
        copy[:] = moment[row]
    shuffler = lanes.shufflers[row].bit_generator
    assert isinstance(shuffler, np.random.SFC64)
    return {
        "parameters": parameters,
        "moments": moments,
        "order": lanes.order[row].copy(),
        "order_bits": _words(shuffler),
        "dropout_bits": _words(lanes.dropout.bits[row]),
        "first_loss": float(lanes.first_loss[row]),
    }


def restored_lanes(checkpoints: Sequence[Checkpoint]) -> Lanes:
    """Return lanes in the state of their checkpoints, which share structure and step."""
    configs = [checkpoint.config for checkpoint in checkpoints]
    parameters = np.stack([checkpoint.parameters for checkpoint in checkpoints])
    dtype = parameters.dtype
    return Lanes(
        places=tuple(range(len(checkpoints))),
        parameters=parameters,
        moments=tuple(np.stack(moments) for moments in zip(*(c.moments for c in checkpoints), strict=True)),
        rates=PenaltyRates.of(configs, dtype),
        order=np.stack([checkpoint.order for checkpoint in checkpoints]),
        shufflers=tuple(np.random.Generator(_stream(c.order_bits)) for c in checkpoints),
        dropout=LaneDropout.of(configs, [_stream(c.dropout_bits) for c in checkpoints], dtype),
        first_loss=np.array([checkpoint.first_loss for checkpoint in checkpoints]),
    )


def check_compatible(checkpoints: Sequence[Checkpoint]) -> None:
    """Refuse checkpoints that cannot go on in one stack.

    Raises:
        SettingError: There is none, or they differ in structure, step, sizes, rows or type.
    """
    if not checkpoints:
        raise SettingError("checkpoints", "expected at least one lane, found none")
    wanted = _shared(checkpoints[0])
    for place, checkpoint in enumerate(checkpoints):
        for what, found in _shared(checkpoint).items():
            if found != wanted[what]:
                raise SettingError(
                    "checkpoints",
                    f"expected {what} {wanted[what]} of lane 0 in every lane, found {found} in lane {place}; "
                    "go on with each kind in a stack of its own",
                )


def _shared(checkpoint: Checkpoint) -> dict[str, object]:
    return {
        "structure": checkpoint.config.structure,
        "step": checkpoint.step,
        "epoch": checkpoint.epoch,
        "sizes": checkpoint.sizes,
        "blocks": checkpoint.blocks,
        "rows": len(checkpoint.order),
        "type": str(checkpoint.parameters.dtype),
    }


def _check(
    name: str, array: NDArray[np.generic], *, shape: tuple[int, ...], dtype: np.dtype[np.generic]
) -> None:
    if array.shape != shape or array.dtype != dtype:
        raise SettingError(name, f"expected {dtype} {shape}, found {array.dtype} {array.shape}")


def _words(bits: np.random.SFC64) -> BitState:
    state = bits.state
    return np.array([*state["state"]["state"], state["has_uint32"], state["uinteger"]], np.uint64)


def _stream(words: BitState) -> np.random.SFC64:
    bits = np.random.SFC64(0)
    bits.state = {
        "bit_generator": "SFC64",
        "state": {"state": words[:4]},
        "has_uint32": int(words[4]),
        "uinteger": int(words[5]),
    }
    return bits
