"""Dropout: shares, expectations, and each kind."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.nn import ACTIVATIONS, MLPConfig, StackTrainer, TrainingData
from hpsearch.nn.functions.dropout import (
    DITHER,
    DRAW_LIMIT,
    LEVELS,
    Dropout,
    alpha_dropout,
    keep_threshold,
)
from hpsearch.nn.functions.selu import SELU_ALPHA, SELU_SCALE
from tests.nn.streams import dropout_streams


@given(st.floats(0, 1, exclude_max=True))
def test_thresholds_are_the_nearest_level(rate):
    """The kept levels are within half a level of the wish, at least 1 in 256, and all for no dropout."""
    threshold = keep_threshold(rate)
    assert DITHER <= threshold <= LEVELS
    assert abs(threshold - max((1 - rate) * LEVELS, DITHER)) <= 1
    assert keep_threshold(0.0) == LEVELS


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_expectation(rate):
    """Over 400,000 units the share kept is the rate's, and the mean factor is one."""
    shape = (2, 1000, 200)
    mask = Dropout(dropout_streams([rate, 0.0], [5, 6], np.float32), shape).draw()
    error = math.sqrt(rate * (1 - rate) / (shape[1] * shape[2]))
    assert abs(mask.keep[0].mean() - (1 - rate)) < 5 * error
    factor = mask.factor()
    assert abs(factor[0].mean(dtype=np.float64) - 1) < 5 * error / (1 - rate)
    assert (factor[1] == 1).all()
    assert set(np.unique(factor[0])) == {0, np.float32(LEVELS / keep_threshold(rate))}


@pytest.mark.parametrize("rate", [0.4985, 0.996, 0.001])
def test_rates_between_two_bytes_are_met_on_average(rate):
    """Over four million units of 400 draws the share kept is finer than the 256 steps of a byte."""
    dropout = Dropout(dropout_streams([rate], [7], np.float32), (1, 100, 100))
    kept = np.mean([dropout.draw().keep.mean() for _ in range(400)])
    error = math.sqrt(rate * (1 - rate) / 4e6) + 1 / 512 / math.sqrt(400)
    assert abs(kept - (1 - rate)) < 4 * error


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_mask_multiplies_the_activation(name):
    """Under a mask every activation is its plain value times the mask's factor."""
    shape = (2, 6, 5)
    Z = np.random.default_rng(0).standard_normal(shape)
    plain, masked = Z.copy(), Z.copy()
    mask = Dropout(dropout_streams([0.5, 0.2], [1, 2], np.float64), shape).draw()
    ACTIVATIONS[name](shape, np.float64).forward(plain, None)
    ACTIVATIONS[name](shape, np.float64).forward(masked, mask)
    assert masked == pytest.approx(plain * mask.factor())
    assert (mask.factor() == 0).any()


def test_a_lane_without_dropout_draws_nothing():
    """Where no lane drops anything the streams are inactive, and a lane at rate 0 leaves its bits alone."""
    assert not dropout_streams([0.0, 0.0], [0, 1], np.float32).active
    mixed = dropout_streams([0.0, 0.5], [0, 1], np.float32)
    words = np.zeros((2, 8), np.uint64)
    mixed.fill(words)
    assert mixed.active
    assert (words != 0).any(axis=1).tolist() == [False, True]


def test_every_draw_is_fresh():
    """Two draws of one layer differ, and so do neighbouring rows of one draw."""
    dropout = Dropout(dropout_streams([0.5], [0], np.float32), (1, 8, 64))
    first = dropout.draw().keep.copy()
    second = dropout.draw().keep
    assert (first != second).any()
    assert len({row.tobytes() for row in first[0]}) == 8


def test_large_draws_are_cut_into_pieces_without_repeating():
    """A draw beyond the limit continues the stream."""
    streams = dropout_streams([0.5], [3], np.float32)
    words = np.zeros((1, 2 * DRAW_LIMIT + 5), np.uint64)
    streams.fill(words)
    whole = dropout_streams([0.5], [3], np.float32)._bits[0].random_raw(words.size)
    assert (words[0] == whole).all()


def test_alpha_dropout_by_hand():
    """At rate 1/2 a kept unit is a h + b and a dropped one a alpha' + b, with the paper's a and b."""
    limit = -SELU_SCALE * SELU_ALPHA
    a = 1 / math.sqrt(0.5 + limit**2 * 0.25)
    scale, shift = alpha_dropout(dropout_streams([0.5], [0], np.float64))
    assert scale.item() == pytest.approx(a)
    assert shift.kept.item() == pytest.approx(-a * 0.5 * limit)
    assert shift.dropped.item() == pytest.approx(a * limit - a * 0.5 * limit)


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
def test_alpha_dropout_keeps_mean_and_variance(rate):
    """After SELU's fixed point, mean 0 and variance 1, alpha dropout changes neither; the plain kind does."""
    shape = (1, 1000, 300)
    streams = dropout_streams([rate], [1], np.float64)
    Z = np.random.default_rng(0).standard_normal(shape)
    alpha, plain = Z.copy(), Z.copy()
    ACTIVATIONS["selu"](shape, np.float64).forward(alpha, Dropout(streams, shape, alpha=True).draw())
    ACTIVATIONS["selu"](shape, np.float64).forward(plain, Dropout(streams, shape).draw())
    assert alpha.mean() == pytest.approx(0, abs=0.01)
    assert alpha.var() == pytest.approx(1, abs=0.02)
    assert plain.var() == pytest.approx(1 / (1 - rate), rel=0.02)


def test_alpha_dropout_leaves_lanes_without_it_alone():
    """A lane at rate 0 keeps every bit beside one that drops, zeros of both signs included."""
    shape = (2, 4, 6)
    Z = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    Z[1, 0, :2] = 0.0, -0.0
    before = Z[1].tobytes()
    Dropout(dropout_streams([0.5, 0.0], [0, 1], np.float32), shape, alpha=True).draw().apply(Z)
    assert Z[1].tobytes() == before


def make_data(n=60):
    """Return rows of ones of two classes, so that what is dropped shows."""
    return TrainingData(
        X=np.ones((n, 5), np.float32),
        y=np.arange(n, dtype=np.int64) % 2,
        X_val=np.empty((0, 5), np.float32),
        y_val=np.empty(0, np.int64),
        n_classes=2,
    )


def batch_of(trainer):
    """Return the trainer's batch."""
    (batch,) = trainer._batches.values()
    return batch


def test_inputs_have_a_rate_of_their_own():
    """A step drops the wished share of inputs, scales the others, and leaves the data itself alone."""
    data = make_data(6000)
    config = MLPConfig(hidden=(), input_dropout=0.25, batch_size=6000)
    trainer = StackTrainer([config, MLPConfig(hidden=(), batch_size=6000)], data=data, seeds=[0, 1])
    trainer.run_epoch()
    seen = batch_of(trainer)._x
    assert (seen[0] == 0).mean() == pytest.approx(0.25, abs=0.02)
    assert set(np.unique(seen[0])) == {0, np.float32(4 / 3)}
    assert (seen[1] == 1).all()
    assert (data.X == 1).all()


def test_variational_masks_hold_for_an_epoch():
    """Weights are dropped one by one; all steps of an epoch drop the same ones, the next epoch others."""
    config = MLPConfig(
        hidden=(30,), dropout=0.5, input_dropout=0.2, dropout_kind="variational", batch_size=20
    )
    trainer = StackTrainer([config], data=make_data(), seeds=[0])
    masks = []
    for _ in range(3):
        trainer._begin_epoch()
        for start in (0, 20, 40):
            batch_of(trainer).gradients(trainer._lanes.order[:, start : start + 20])
            masks.append(trainer._drops.masked[0] != 0)
    assert (masks[0] == masks[1]).all()
    assert (masks[1] == masks[2]).all()
    assert (masks[2] != masks[3]).any()
    assert (masks[5] != masks[6]).any()
    assert 0 < (~masks[0][:150]).mean() < 0.4
    assert 0.3 < (~masks[0][150:]).mean() < 0.7


def test_dropped_weights_do_not_move():
    """In the epoch of a mask a dropped weight has no gradient, and a kept one is scaled by 1 / q."""
    config = MLPConfig(
        hidden=(30,), dropout=0.5, dropout_kind="variational", optimizer="sgd", lr=0.1, batch_size=60
    )
    trainer = StackTrainer([config], data=make_data(), seeds=[0], dtype=np.float64)
    before = trainer.network(0).parameters
    trainer.run_epoch()
    after = trainer.network(0).parameters
    factor = trainer._drops.weights._factor[0]
    assert set(np.unique(factor[150:])) == {0, 2}
    assert (factor[:150] == 1).all()
    dropped = np.flatnonzero(factor == 0)
    assert (after[dropped] == before[dropped]).all()
    assert (after[:150] != before[:150]).any()
