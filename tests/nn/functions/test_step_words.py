"""The words of a step's masks: drawn at once, the ones of a draw for each layer."""

import numpy as np
import pytest

from hpsearch.nn.functions.dropout import DRAW_LIMIT, Dropout, DropoutStreams
from hpsearch.nn.functions.step_words import StepWords
from hpsearch.nn.streams import StreamPurpose, lane_bits

INPUTS = (0.2, 0.0, 0.5, 0.0)
HIDDEN = (0.5, 0.3, 0.0, 0.0)


def both_streams():
    """Return the dropout of inputs and of hidden units of four lanes, on shared streams."""
    bits = [lane_bits(seed, StreamPurpose.DROPOUT) for seed in range(4)]
    return [DropoutStreams(rates, bits, np.float32) for rates in (INPUTS, HIDDEN)]


@pytest.mark.parametrize("rows", [3, 700])
def test_words_drawn_at_once_give_the_masks_of_a_draw_for_each_layer(rows):
    """Whatever layers a lane drops, masks and streams have the same bits; large steps come in pieces, too."""
    shapes = [(4, rows, features) for features in (7, 64, 10)]
    assert 8 * DRAW_LIMIT < 700 * 64
    (inputs, hidden), (inputs_at_once, hidden_at_once) = both_streams(), both_streams()
    alone = [Dropout(s, shape) for s, shape in zip((inputs, hidden, hidden), shapes, strict=True)]
    streams = (inputs_at_once, hidden_at_once, hidden_at_once)
    words = StepWords([(s, rows * shape[2]) for s, shape in zip(streams, shapes, strict=True)])
    at_once = [
        Dropout(s, shape, words=words.of(layer))
        for layer, (s, shape) in enumerate(zip(streams, shapes, strict=True))
    ]
    for _ in range(3):
        words.draw()
        for one, other in zip(alone, at_once, strict=True):
            assert one.draw().keep.tobytes() == other.draw().keep.tobytes()
    ends = [[stream.random_raw() for stream in s.bits] for s in (hidden, hidden_at_once)]
    assert ends[0] == ends[1]
