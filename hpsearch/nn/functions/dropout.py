"""Dropout: thresholds, bits and masks."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsearch.nn.functions.selu import SELU_ALPHA, SELU_SCALE
from hpsearch.types import BoolArray, Float64Array, FloatArray

LEVELS = 1 << 24
"""Levels of the probability that a unit is kept."""

DITHER = 1 << 16
"""Levels in one step of the byte that decides on a unit; the rest of a threshold decides on its rounding."""

HIGHEST_RATE = 1 - DITHER / LEVELS
"""The highest rate that is used, 255/256: one byte decides on a unit, so it is kept once in 256 at least."""

DRAW_LIMIT = 4096
"""64-bit numbers drawn at once (32 KiB); more are drawn piece by piece, so memory stays bounded."""


DROPOUT_KINDS: dict[str, str] = {
    "standard": "each step drops hidden units, to 0",
    "alpha": "each step drops hidden units, to SELU's lower limit, and keeps mean 0 and variance 1",
    "variational": "each epoch drops weights, the same ones in all its steps",
    "locked": "each epoch drops hidden units, to 0, the same ones in all its steps",
}
"""The kinds of dropout: what is dropped, and for how long."""


class Shift(NamedTuple):
    """The numbers that a mask adds; each ``(lanes, 1, 1)``.

    Attributes:
        kept: Added where a unit is kept.
        dropped: The value of a dropped unit.
    """

    kept: FloatArray
    dropped: FloatArray


class Mask(NamedTuple):
    """One drawn mask; its factor is ``scale`` where ``keep``, else 0.

    Attributes:
        keep: ``(lanes, rows, features)``, which units stay.
        scale: ``(lanes, 1, 1)``, the factor of kept units.
        buffer: ``(lanes, rows, features)``, where ``factor`` is written.
        shift: The numbers that are added, or ``None`` for none.
    """

    keep: BoolArray
    scale: FloatArray
    buffer: FloatArray
    shift: Shift | None = None

    def factor(self) -> FloatArray:
        """Return ``scale`` where kept, else 0; ``(lanes, rows, features)``, valid until the next use."""
        np.copyto(self.buffer, self.keep)
        np.multiply(self.buffer, self.scale, out=self.buffer)
        return self.buffer

    def apply(self, H: FloatArray) -> None:
        """Overwrite ``H`` ``(lanes, rows, features)`` by ``H * factor``, plus the shift."""
        H *= self.factor()
        if self.shift is not None:
            np.copyto(self.buffer, self.shift.dropped)
            np.copyto(self.buffer, self.shift.kept, where=self.keep)
            H += self.buffer


def keep_threshold(rate: float) -> int:
    """Return how many of the 2^24 levels keep a unit, 2^16..2^24, for a dropout rate in [0, 1).

    A unit is kept once in 256 at least: a rate above ``HIGHEST_RATE`` is used as that.
    """
    return max(DITHER, round((1 - rate) * LEVELS))


class DropoutStreams:
    """The dropout of every lane: its threshold, its scale and its bits.

    A unit is kept with probability ``q = threshold / 2^24`` and then multiplied by ``1 / q``, so the
    expectation is exact for the ``q`` that is used. A lane without dropout draws nothing.

    Bits are costly, so one byte decides on a unit: it is kept where its byte is below ``256 q``, which each
    draw rounds up or down for all of its units, by 16 bits more and so that the mean is ``256 q``. A unit's
    probability is exactly ``q``; that units of a draw share the rounding adds less than ``1 / 512`` to the
    deviation of the kept share.

    Args:
        rates: One dropout rate a lane, in [0, 1).
        bits: One stream a lane.
        dtype: Element type of the network.

    Source: N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, "Dropout: a simple
    way to prevent neural networks from overfitting", 2014, section 10 (scaling in training).
    """

    def __init__(self, rates: Sequence[float], bits: Sequence[np.random.SFC64], dtype: DTypeLike) -> None:
        self._rates, self._bits, self.dtype = tuple(rates), tuple(bits), dtype
        thresholds = np.array([keep_threshold(rate) for rate in rates])
        self.least_kept = (thresholds // DITHER - 1).astype(np.uint8)[:, None, None]
        self.dither = (thresholds % DITHER).astype(np.uint16)[:, None, None]
        self.kept_share: Float64Array = thresholds[:, None, None] / LEVELS
        self.scale: FloatArray = (1 / self.kept_share).astype(dtype)
        self._active = [
            (lane, stream)
            for lane, (threshold, stream) in enumerate(zip(thresholds, bits, strict=True))
            if threshold < LEVELS
        ]

    @property
    def bits(self) -> tuple[np.random.SFC64, ...]:
        """The stream of each lane, in its present state."""
        return self._bits

    @property
    def active(self) -> bool:
        """Whether any lane drops anything."""
        return bool(self._active)

    @property
    def dropping(self) -> Sequence[tuple[int, np.random.SFC64]]:
        """The lanes that drop anything, and the stream of each."""
        return self._active

    def select(self, keep: Sequence[int]) -> "DropoutStreams":
        """Return the streams of some lanes; this object must not be used any more."""
        return DropoutStreams([self._rates[i] for i in keep], [self._bits[i] for i in keep], self.dtype)

    def fill(self, words: NDArray[np.uint64]) -> None:
        """Overwrite the rows ``(lanes, k)`` of the lanes that drop by fresh bits."""
        for start in range(0, words.shape[1], DRAW_LIMIT):
            piece = words[:, start : start + DRAW_LIMIT]
            size = piece.shape[1]
            for lane, stream in self._active:
                piece[lane] = stream.random_raw(size)


class Dropout:
    """The dropout of one layer: buffers for its words and its mask.

    Args:
        streams: The bits of every lane, shared by all layers.
        shape: ``(lanes, rows, features)``.
        alpha: Whether dropped units go to SELU's lower limit, as in ``alpha_dropout``.
        words: ``(lanes, words)``, which another draws before each mask; ``None`` for words of its own.
    """

    def __init__(
        self,
        streams: DropoutStreams,
        shape: tuple[int, int, int],
        *,
        alpha: bool = False,
        words: NDArray[np.uint64] | None = None,
    ) -> None:
        lanes, rows, features = shape
        self._streams, self._draws = streams, words is None
        self._words = np.zeros((lanes, words_of(rows * features)), np.uint64) if words is None else words
        self._bytes = self._words.view(np.uint8)[:, 8 : 8 + rows * features].reshape(shape)
        self._dither = self._words.view(np.uint16)[:, :1, None]
        self._up = np.zeros((lanes, 1, 1), np.bool_)
        self._step_up = self._up.view(np.uint8)  # a sum of bytes needs no conversion
        self._highest = np.zeros((lanes, 1, 1), np.uint8)
        scale, shift = alpha_dropout(streams) if alpha else (streams.scale, None)
        self._mask = Mask(
            keep=np.empty(shape, np.bool_), scale=scale, buffer=np.empty(shape, scale.dtype), shift=shift
        )

    def mask(self) -> Mask:
        """Return the mask of one step: a fresh one."""
        return self.draw()

    def draw(self) -> Mask:
        """Return a fresh mask; it is overwritten by the next draw."""
        if self._draws:
            self._streams.fill(self._words)
        np.less(self._dither, self._streams.dither, out=self._up)
        np.add(self._streams.least_kept, self._step_up, out=self._highest)
        np.less_equal(self._bytes, self._highest, out=self._mask.keep)
        return self._mask


def words_of(units: int) -> int:
    """Return the 64-bit numbers of one mask: a byte for each unit, and the rounding of the draw."""
    return 1 + -(-units // 8)


def alpha_dropout(streams: DropoutStreams) -> tuple[FloatArray, Shift]:
    """Return scale and shift that keep mean 0 and variance 1 through dropout after a SELU.

    With ``alpha' = -lambda alpha``, SELU's lower limit, and ``q`` the probability to stay, a kept unit is
    ``a h + b`` and a dropped one ``a alpha' + b``, where ``a = (q + alpha'^2 q (1-q))^(-1/2)`` and
    ``b = -a (1-q) alpha'``. A lane without dropout has ``a = 1`` and ``b = -0.0``, the one number whose sum
    with any other, zeros of both signs included, is that other.

    Source: G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter, "Self-normalizing neural networks",
    NIPS 2017, section 2, "Alpha dropout".
    """
    limit = -SELU_SCALE * SELU_ALPHA
    q = streams.kept_share
    a = (q + limit**2 * q * (1 - q)) ** -0.5
    b = np.where(q < 1, -a * (1 - q) * limit, -0.0)
    return a.astype(streams.dtype), Shift(
        kept=b.astype(streams.dtype), dropped=(a * limit + b).astype(streams.dtype)
    )


class LockedDropout(Dropout):
    """Locked dropout: one mask of units, drawn once and kept for a whole pass, which is one epoch.

    A unit that is dropped is so for every row of every batch. Gal and Ghahramani call it variational dropout;
    that name is ``WeightDropout``'s here, and *locked* is the name of such a mask in the program of Merity,
    Keskar and Socher, and in libraries since. The pass of a recurrent network is a sequence; a feed-forward
    network's nearest thing to it is its pass over the training rows.

    Args:
        streams: The bits of every lane, shared by all layers.
        lanes: Number of lanes.
        features: Units of the layer.

    Source: Y. Gal and Z. Ghahramani, "A theoretically grounded application of dropout in recurrent neural
    networks", NIPS 2016, section 4; S. Merity, N. S. Keskar and R. Socher, "Regularizing and optimizing LSTM
    language models", ICLR 2018, section 4.2.
    """

    def __init__(self, streams: DropoutStreams, *, lanes: int, features: int) -> None:
        super().__init__(streams, (lanes, 1, features))

    def mask(self) -> Mask:
        """Return the mask of the pass, ``(lanes, 1, features)``."""
        return self._mask


class WeightDropout:
    """Variational dropout: masks on weights, drawn once and kept for a whole pass, which is one epoch.

    ``W~ = W * keep / q``, weight by weight; training reads ``W~``, and ``dL/dW = dL/dW~ * keep / q``;
    prediction reads ``W``. The weights that leave the inputs (vectors of categories, and what leaves those,
    included) have the rate of the inputs' dropout, all others that of the hidden units. The field has no one
    definition: masks on weights are DropConnect's, one mask kept through a pass is the variational dropout of
    recurrent networks, whose pass is a sequence; a feed-forward network's nearest thing to it is its pass
    over the training rows. With masks of units it is ``LockedDropout``.

    Args:
        parameters: ``(lanes, n_parameters)``.
        inputs: Bits and rates for the first ``n_inputs`` weights.
        others: Bits and rates for the next weights, up to ``n_weights``.
        n_inputs: Weights that leave the inputs or their vectors.
        n_weights: All weights.

    Attributes:
        weights: ``(lanes, n_weights)``, what training reads; refreshed by ``refresh``.

    Source: L. Wan, M. Zeiler, S. Zhang, Y. LeCun and R. Fergus, "Regularization of neural networks using
    DropConnect", ICML 2013, section 3; Y. Gal and Z. Ghahramani, "A theoretically grounded application of
    dropout in recurrent neural networks", NIPS 2016, section 4.
    """

    def __init__(
        self,
        parameters: FloatArray,
        *,
        inputs: DropoutStreams,
        others: DropoutStreams,
        n_inputs: int,
        n_weights: int,
    ) -> None:
        lanes, n_others = len(parameters), n_weights - n_inputs
        self._parameters = parameters[:, :n_weights]
        self._factor: FloatArray = np.ones((lanes, n_weights), parameters.dtype)
        self._parts = [
            (Dropout(inputs, (lanes, 1, n_inputs)), self._factor[:, None, :n_inputs]),
            (Dropout(others, (lanes, 1, n_others)), self._factor[:, None, n_inputs:]),
        ]
        self.weights: FloatArray = np.empty_like(self._factor)

    def draw(self) -> None:
        """Draw the masks of a pass."""
        for dropout, factor in self._parts:
            np.copyto(factor, dropout.draw().factor())

    def refresh(self) -> None:
        """Write the present weights under their masks into ``weights``."""
        np.multiply(self._parameters, self._factor, out=self.weights)

    def mask(self, gradients: FloatArray) -> None:
        """Turn gradients of masked weights, the first columns of ``(lanes, k)``, into the weights' own."""
        gradients[:, : self._factor.shape[1]] *= self._factor
