"""The state of the lanes in training: all arrays of a lane are kept, shifted and dropped together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.config import MLPConfig, SettingError, whole_number
from hpsearch.nn.layout import Layout
from hpsearch.nn.optimizers import OPTIMIZERS
from hpsearch.nn.stack.lane_dropout import LaneDropout
from hpsearch.nn.stack.updater import PenaltyRates
from hpsearch.nn.streams import StreamPurpose, lane_bits, lane_rng
from hpsearch.types import BoolArray, Float64Array, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lanes:
    """The state of the lanes in training; row ``i`` of every array is the lane at ``places[i]``.

    Attributes:
        places: The place of each lane among the configs when training began.
        parameters: ``(lanes, n_parameters)``.
        moments: The optimizer's moments, each ``(lanes, n_parameters)``; zero where nothing is learned.
        rates: Rates of the penalties, ``(lanes, 1)``.
        order: ``(lanes, n)``, the row numbers, shuffled anew each epoch.
        shufflers: The generator that shuffles each lane's order.
        dropout: The dropout of each lane.
        first_loss: ``(lanes,)``, mean loss of the first batch, NaN before it.
    """

    places: tuple[int, ...]
    parameters: FloatArray
    moments: tuple[FloatArray, ...]
    rates: PenaltyRates
    order: IntArray
    shufflers: tuple[np.random.Generator, ...]
    dropout: LaneDropout
    first_loss: Float64Array

    @classmethod
    def start(
        cls, configs: Sequence[MLPConfig], seeds: Sequence[int], *, layout: Layout, n: int, dtype: DTypeLike
    ) -> "Lanes":
        """Return lanes before their first step on ``n`` training rows, each initialized from its own seed."""
        parameters = layout.initial(configs, seeds, dtype)
        n_moments = OPTIMIZERS[configs[0].optimizer].n_moments
        bits = [lane_bits(seed, StreamPurpose.DROPOUT) for seed in seeds]
        return cls(
            places=tuple(range(len(configs))),
            parameters=parameters,
            moments=tuple(np.zeros_like(parameters) for _ in range(n_moments)),
            rates=PenaltyRates.of(configs, dtype),
            order=np.tile(np.arange(n, dtype=np.int64), (len(configs), 1)),
            shufflers=tuple(lane_rng(seed, StreamPurpose.ORDER) for seed in seeds),
            dropout=LaneDropout.of(configs, bits, dtype),
            first_loss=np.full(len(configs), np.nan),
        )

    @property
    def finite(self) -> BoolArray:
        """Whether all parameters of a lane are finite, ``(lanes,)``; NaN passes through both extremes."""
        finite: BoolArray = np.isfinite(self.parameters.min(axis=1)) & np.isfinite(
            self.parameters.max(axis=1)
        )
        return finite

    def select(self, keep: Sequence[int]) -> "Lanes":
        """Return the lanes at rows ``keep``, as they are now, in new arrays."""
        rows = list(keep)
        return Lanes(
            places=tuple(self.places[i] for i in rows),
            parameters=self.parameters[rows],
            moments=tuple(moment[rows] for moment in self.moments),
            rates=PenaltyRates(*(rate[rows] for rate in self.rates)),
            order=self.order[rows],
            shufflers=tuple(self.shufflers[i] for i in rows),
            dropout=self.dropout.select(rows),
            first_loss=self.first_loss[rows],
        )

    def shuffle(self) -> None:
        """Shuffle the order of every lane's rows, each by the lane's own stream."""
        for order, rng in zip(self.order, self.shufflers, strict=True):
            rng.shuffle(order)


def check_lanes(configs: Sequence[MLPConfig], seeds: Sequence[int]) -> None:
    """Refuse lanes that cannot train in one stack.

    Raises:
        SettingError: There is none, they differ in structure, or seeds do not fit.
    """
    if not configs:
        raise SettingError("configs", "expected at least one lane, found none")
    for place, config in enumerate(configs):
        if config.structure != configs[0].structure:
            raise SettingError(
                "configs",
                f"expected the structure {configs[0].structure} of lane 0 in every lane, "
                f"found {config.structure} in lane {place}; give each structure a stack of its own",
            )
    if len(seeds) != len(configs):
        raise SettingError("seeds", f"expected one a lane, {len(configs)}, found {len(seeds)}")
    for seed in seeds:
        whole_number("seeds", seed, least=0)
