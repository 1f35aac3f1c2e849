"""The dropout of a stack's lanes: of inputs, of hidden units, or of single weights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations.base import Shape3
from hpsearch.nn.config import MLPConfig
from hpsearch.nn.functions.dropout import Dropout, DropoutStreams, WeightDropout
from hpsearch.nn.layout import Layout
from hpsearch.types import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaneDropout:
    """The dropout of a stack's lanes; each lane draws all its masks from one stream of bits.

    Attributes:
        hidden: Bits and rates for hidden units (under ``"variational"``, for the weights that leave them).
        inputs: Bits and rates for the inputs (or for the weights that leave them).
        kind: A name in ``DROPOUT_KINDS``.
    """

    hidden: DropoutStreams
    inputs: DropoutStreams
    kind: str

    @classmethod
    def of(
        cls, configs: Sequence[MLPConfig], bits: Sequence[np.random.SFC64], dtype: DTypeLike
    ) -> "LaneDropout":
        """Return the dropout of lanes of these settings, one stream of bits a lane, in its present state."""
        return cls(
            hidden=DropoutStreams([config.dropout for config in configs], bits, dtype),
            inputs=DropoutStreams([config.input_dropout for config in configs], bits, dtype),
            kind=configs[0].dropout_kind,
        )

    @property
    def bits(self) -> tuple[np.random.SFC64, ...]:
        """The stream of each lane, in its present state."""
        return self.hidden.bits

    @property
    def weights(self) -> bool:
        """Whether single weights are dropped."""
        return self.kind == "variational" and (self.hidden.active or self.inputs.active)

    def select(self, keep: Sequence[int]) -> "LaneDropout":
        """Return the dropout of some lanes, with their streams; this object must not be used any more."""
        return LaneDropout(hidden=self.hidden.select(keep), inputs=self.inputs.select(keep), kind=self.kind)

    def of_inputs(self, shape: Shape3) -> Dropout | None:
        """Return the dropout of inputs ``(lanes, rows, features)``, or ``None`` when nothing is dropped."""
        return Dropout(self.inputs, shape) if self.inputs.active and not self.weights else None

    def of_units(self, shape: Shape3) -> Dropout | None:
        """Return the dropout of hidden units ``(lanes, rows, features)``, or ``None`` if none are dropped."""
        if not self.hidden.active or self.weights:
            return None
        return Dropout(self.hidden, shape, alpha=self.kind == "alpha")

    def of_weights(self, parameters: FloatArray, layout: Layout) -> WeightDropout | None:
        """Return the dropout of the weights in ``(lanes, n_parameters)``, or ``None`` if none are dropped."""
        if not self.weights:
            return None
        return WeightDropout(
            parameters,
            inputs=self.inputs,
            others=self.hidden,
            n_inputs=layout.n_inputs,
            n_weights=layout.n_weights,
        )
