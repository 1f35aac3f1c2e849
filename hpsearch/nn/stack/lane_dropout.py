"""The dropout of a stack's lanes: of inputs, of hidden units, or of single weights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations.base import Shape3
from hpsearch.nn.config import MLPConfig
from hpsearch.nn.functions.dropout import Dropout, DropoutStreams, LockedDropout, WeightDropout
from hpsearch.nn.functions.step_words import StepWords
from hpsearch.nn.layout import Layout
from hpsearch.types import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaneDropout:
    """The dropout of a stack's lanes; each lane draws all its masks from one stream of bits.

    Attributes:
        hidden: Bits and rates of hidden units (under ``"variational"``, of the weights that leave them).
        inputs: Bits and rates of the inputs (or of the weights that leave them).
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

    def select(self, keep: Sequence[int]) -> "LaneDropout":
        """Return the dropout of some lanes, with their streams; this object must not be used any more."""
        return LaneDropout(hidden=self.hidden.select(keep), inputs=self.inputs.select(keep), kind=self.kind)


class StackDropout:
    """The dropout of a stack in training, with the masks that its batches share.

    Args:
        lanes: The dropout of its lanes.
        parameters: ``(lanes, n_parameters)``.
        layout: The places of each layer's parameters.

    Attributes:
        weights: The dropout of single weights, or ``None`` if none are dropped.
    """

    def __init__(self, lanes: LaneDropout, parameters: FloatArray, *, layout: Layout) -> None:
        self._lanes = lanes
        self._streams = [lanes.inputs] + [lanes.hidden] * (len(layout.sizes) - 2)  # the outputs have none
        self._sizes = layout.sizes
        self._words: dict[int, StepWords] = {}
        self.weights: WeightDropout | None = None
        self._locked: list[LockedDropout | None] = []
        if lanes.kind == "variational" and (lanes.hidden.active or lanes.inputs.active):
            self.weights = WeightDropout(
                parameters,
                inputs=lanes.inputs,
                others=lanes.hidden,
                n_inputs=layout.n_inputs,
                n_weights=layout.n_weights,
            )
        if lanes.kind == "locked":
            self._locked = [
                LockedDropout(bits, lanes=len(parameters), features=features) if bits.active else None
                for bits, features in zip(self._streams, layout.sizes, strict=False)
            ]

    @property
    def masked(self) -> FloatArray | None:
        """The weights that training reads, ``(lanes, n_weights)``; ``None`` for the parameters' own."""
        return self.weights.weights if self.weights else None

    def draw(self) -> None:
        """Draw the masks of a pass, one epoch."""
        for masks in (self.weights, *self._locked):
            if masks:
                masks.draw()

    def refresh(self) -> None:
        """Write the present weights under their masks; to be called before each step."""
        if self.weights:
            self.weights.refresh()

    def mask(self, gradients: FloatArray) -> None:
        """Turn gradients ``(lanes, n_parameters)`` of what training reads into the parameters' own."""
        if self.weights:
            self.weights.mask(gradients)

    def of_layer(self, layer: int, shape: Shape3) -> Dropout | None:
        """Return the dropout of a layer's units ``(lanes, rows, features)``, or ``None`` if none are dropped.

        Args:
            layer: 0 for the inputs, 1 for the first hidden layer.
            shape: The shape of its batches.
        """
        streams = self._streams[layer]
        if not streams.active or self.weights:
            return None
        if self._locked:
            return self._locked[layer]
        words = self._words_of(shape[1])
        alpha = layer > 0 and self._lanes.kind == "alpha"
        return Dropout(streams, shape, alpha=alpha, words=words.of(layer))

    def words(self, rows: int) -> StepWords | None:
        """Return the words of a step's masks, to be drawn before it; ``None`` where no step has any.

        Args:
            rows: Rows in a batch.
        """
        return self._words.get(rows)

    def _words_of(self, rows: int) -> StepWords:
        if rows not in self._words:
            units = [rows * features for features in self._sizes]
            self._words[rows] = StepWords(list(zip(self._streams, units, strict=False)))
        return self._words[rows]
