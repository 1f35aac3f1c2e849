"""Inverted dropout: thresholds, bits and masks."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsearch.nn.streams import Purpose, lane_bits
from hpsearch.types import BoolArray, FloatArray

LEVELS = 65536
"""A unit is kept where a random 16-bit word is below the lane's threshold of so many levels."""

DRAW_LIMIT = 4096
"""64-bit numbers drawn at once (32 KiB); more are drawn piece by piece, so memory stays bounded."""


class Mask(NamedTuple):
    """One drawn mask; its factor is ``scale`` where ``keep``, else 0.

    Attributes:
        keep: ``(lanes, rows, features)``, which units stay.
        scale: ``(lanes, 1, 1)``, one over the probability to stay.
        buffer: ``(lanes, rows, features)``, where ``factor`` is written.
    """

    keep: BoolArray
    scale: FloatArray
    buffer: FloatArray

    def factor(self) -> FloatArray:
        """Return ``scale`` where kept, else 0; ``(lanes, rows, features)``, valid until the next draw."""
        np.copyto(self.buffer, self.keep)
        np.multiply(self.buffer, self.scale, out=self.buffer)
        return self.buffer


def keep_threshold(rate: float) -> int:
    """Return how many of the 65536 levels keep a unit, 1..65536, for a dropout rate in [0, 1)."""
    return max(1, round((1 - rate) * LEVELS))


class DropoutStreams:
    """The dropout of every lane: its threshold, its scale and its bits.

    A unit is kept with probability ``q = threshold / 65536`` and then multiplied by ``1 / q``, so the
    expectation is exact for the ``q`` that is used. A lane without dropout draws nothing.

    Args:
        rates: One dropout rate a lane, in [0, 1).
        bits: One stream a lane.
        dtype: Element type of the network.

    Source: N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, "Dropout: a simple
    way to prevent neural networks from overfitting", 2014, section 10 (scaling in training).
    """

    def __init__(self, rates: Sequence[float], bits: Sequence[np.random.SFC64], dtype: DTypeLike) -> None:
        self._rates, self._bits, self._dtype = tuple(rates), tuple(bits), dtype
        thresholds = np.array([keep_threshold(rate) for rate in rates])
        self.highest_kept = (thresholds - 1).astype(np.uint16)[:, None, None]
        self.scale: FloatArray = (LEVELS / thresholds).astype(dtype)[:, None, None]
        self._active = [
            (lane, stream)
            for lane, (threshold, stream) in enumerate(zip(thresholds, bits, strict=True))
            if threshold < LEVELS
        ]

    @classmethod
    def of_seeds(cls, rates: Sequence[float], seeds: Sequence[int], dtype: DTypeLike) -> "DropoutStreams":
        """Return streams at their start, one rate and one seed a lane."""
        return cls(rates, [lane_bits(seed, Purpose.DROPOUT) for seed in seeds], dtype)

    @property
    def bits(self) -> tuple[np.random.SFC64, ...]:
        """The stream of each lane, where it stands now."""
        return self._bits

    @property
    def active(self) -> bool:
        """Whether any lane drops anything."""
        return bool(self._active)

    def select(self, keep: Sequence[int]) -> "DropoutStreams":
        """Return the streams of some lanes, where they stand now; the old object is then dead."""
        return DropoutStreams([self._rates[i] for i in keep], [self._bits[i] for i in keep], self._dtype)

    def fill(self, words: NDArray[np.uint64]) -> None:
        """Overwrite the rows ``(lanes, k)`` of the lanes that drop by fresh bits."""
        for lane, stream in self._active:
            row = words[lane]
            for start in range(0, row.size, DRAW_LIMIT):
                piece = row[start : start + DRAW_LIMIT]
                piece[:] = stream.random_raw(piece.size)


class Dropout:
    """The dropout of one layer: buffers for its words and its mask.

    Args:
        streams: The bits of every lane, shared by all layers.
        shape: ``(lanes, rows, features)``.
    """

    def __init__(self, streams: DropoutStreams, shape: tuple[int, int, int]) -> None:
        lanes, rows, features = shape
        self._streams = streams
        self._raw = np.zeros((lanes, -(-rows * features // 4)), np.uint64)
        self._words = self._raw.view(np.uint16)[:, : rows * features].reshape(shape)
        self._mask = Mask(
            keep=np.empty(shape, np.bool_),
            scale=streams.scale,
            buffer=np.empty(shape, streams.scale.dtype),
        )

    def draw(self) -> Mask:
        """Return a fresh mask; it is overwritten by the next draw."""
        self._streams.fill(self._raw)
        np.less_equal(self._words, self._streams.highest_kept, out=self._mask.keep)
        return self._mask
