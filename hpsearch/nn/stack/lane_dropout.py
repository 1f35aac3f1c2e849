"""What the lanes of a stack drop in training: inputs, hidden units, or the weights that leave them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations import Shape3
from hpsearch.nn.config import MLPConfig
from hpsearch.nn.functions.dropout import Dropout, DropoutStreams, WeightDropout
from hpsearch.nn.layout import Layout
from hpsearch.types import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaneDropout:
    """What training drops, all of it by one stream of bits a lane.

    Attributes:
        hidden: Bits and rates for hidden units (under ``"variational"``, for the weights that leave them).
        inputs: Bits and rates for the inputs (likewise).
        kind: A name in ``DROPOUT_KINDS``.
    """

    hidden: DropoutStreams
    inputs: DropoutStreams
    kind: str

    @classmethod
    def of(
        cls, configs: Sequence[MLPConfig], bits: Sequence[np.random.SFC64], dtype: DTypeLike
    ) -> "LaneDropout":
        """Return what lanes of these settings drop, from where their bits stand now; one stream a lane."""
        return cls(
            hidden=DropoutStreams([config.dropout for config in configs], bits, dtype),
            inputs=DropoutStreams([config.input_dropout for config in configs], bits, dtype),
            kind=configs[0].dropout_kind,
        )

    @property
    def bits(self) -> tuple[np.random.SFC64, ...]:
        """The stream of each lane, where it stands now."""
        return self.hidden.bits

    @property
    def weights(self) -> bool:
        """Whether single weights are dropped."""
        return self.kind == "variational" and (self.hidden.active or self.inputs.active)

    def select(self, keep: Sequence[int]) -> "LaneDropout":
        """Return what some lanes drop, from where their bits stand now; the old object is then dead."""
        return LaneDropout(hidden=self.hidden.select(keep), inputs=self.inputs.select(keep), kind=self.kind)

    def of_inputs(self, shape: Shape3) -> Dropout | None:
        """Return the dropout of inputs ``(lanes, rows, features)``, or ``None`` when nothing is dropped."""
        return Dropout(self.inputs, shape) if self.inputs.active and not self.weights else None

    def of_units(self, shape: Shape3) -> Dropout | None:
        """Return the dropout of hidden units ``(lanes, rows, features)``, or ``None`` likewise."""
        if not self.hidden.active or self.weights:
            return None
        return Dropout(self.hidden, shape, alpha=self.kind == "alpha")

    def of_weights(self, parameters: FloatArray, layout: Layout) -> WeightDropout | None:
        """Return the dropout of the weights in ``(lanes, n_parameters)``, or ``None`` likewise."""
        if not self.weights:
            return None
        return WeightDropout(
            parameters,
            inputs=self.inputs,
            others=self.hidden,
            n_inputs=layout.n_inputs,
            n_weights=layout.n_weights,
        )
