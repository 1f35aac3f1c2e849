"""The parts of a network against numbers worked out by hand."""

import math

import numpy as np
import pytest

from hpsearch.nn import LOSSES, SettingError
from hpsearch.nn.losses import softmax
from hpsearch.nn.streams import StreamPurpose, lane_rng


def test_streams_differ_by_purpose_and_seed():
    """The first draws of all purposes of two seeds are all different, and repeatable."""
    draws = [lane_rng(seed, purpose).random() for seed in (0, 1) for purpose in StreamPurpose]
    assert len(set(draws)) == len(draws)
    assert draws[0] == lane_rng(0, StreamPurpose.INIT).random()


def test_cross_entropy_by_hand():
    """Two rows of three classes: softmax (1/4, 1/4, 1/2) and (1/6, 1/3, 1/2), classes 2 and 0."""
    loss = LOSSES["cross_entropy"]((1, 2, 3), np.float64)
    loss.logits[...] = np.log([[[1.0, 1.0, 2.0], [1.0, 2.0, 3.0]]]) + 100
    total = loss.forward(np.array([[2, 0]]))
    assert total == pytest.approx([math.log(2) + math.log(6)])
    expected = np.array([[[1 / 4, 1 / 4, -1 / 2], [-5 / 6, 1 / 3, 1 / 2]]]) / 2
    assert loss.backward() == pytest.approx(expected)


def test_smoothed_labels_by_hand():
    """Softmax (1/4, 1/4, 1/2), class 2, smoothing 0.3: the targets are (0.1, 0.1, 0.8)."""
    loss = LOSSES["cross_entropy"]((1, 1, 3), np.float64, smoothing=np.array([0.3]))
    loss.logits[...] = np.log([[[1.0, 1.0, 2.0]]]) - 50
    assert loss.forward(np.array([[2]])) == pytest.approx([0.2 * math.log(4) + 0.8 * math.log(2)])
    assert loss.backward() == pytest.approx(np.array([[[0.15, 0.15, -0.3]]]))


def test_a_lane_without_smoothing_keeps_its_bits_beside_an_infinite_logit():
    """An infinite logit times a smoothing of 0 reaches no loss."""
    mixed = LOSSES["cross_entropy"]((2, 1, 2), np.float32, smoothing=np.array([0.0, 0.5]))
    alone = LOSSES["cross_entropy"]((1, 1, 2), np.float32)
    with np.errstate(all="ignore"):
        for loss in (mixed, alone):
            loss.logits[...] = [[[3e38, -3e38]]]
        found, expected = (loss.forward(np.zeros((len(loss.logits), 1), int)) for loss in (mixed, alone))
        assert found[0] == expected[0] == 0
        assert mixed.backward()[0].tobytes() == alone.backward()[0].tobytes()


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "cross_entropy"])
def test_numbers_have_no_labels_to_smooth(name):
    """A loss of numbers refuses label smoothing."""
    with pytest.raises(SettingError, match=r"label_smoothing: expected 0 where numbers .* found 0\.1"):
        LOSSES[name]((1, 2, 3), np.float64, smoothing=np.array([0.1]))


def test_cross_entropy_does_not_overflow():
    """Logits of a thousand give a loss of a thousand, in float32, without infinities."""
    loss = LOSSES["cross_entropy"]((1, 1, 2), np.float32)
    loss.logits[...] = [[[1000.0, 0.0]]]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert loss.forward(np.array([[1]])).tolist() == [1000.0]
    assert loss.backward().tolist() == [[[1.0, -1.0]]]


def test_softmax_rows_sum_to_one():
    """Probabilities are positive, sum to one, and equal logits share equally."""
    P = softmax(np.array([[0.0, 0.0, 0.0, 0.0], [-500.0, 500.0, 1.0, 2.0]], np.float32))
    assert P.dtype == np.float64
    assert P[0].tolist() == [0.25] * 4
    assert P.sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-15)
