"""The parts of a network against numbers worked out by hand."""

import math

import numpy as np
import pytest

from hpsearch.nn import LOSSES
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
