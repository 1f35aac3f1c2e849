"""The parts of a network against numbers worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.nn import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, MLPConfig
from hpsearch.nn.dropout import DRAW_LIMIT, LEVELS, Dropout, DropoutStreams, keep_threshold
from hpsearch.nn.layout import Layout
from hpsearch.nn.losses import softmax
from hpsearch.nn.optimizers import Adam, Sgd
from hpsearch.nn.streams import Purpose, lane_rng

DEVIATIONS = {
    "he": math.sqrt(2 / 300),
    "xavier": math.sqrt(1 / 300),
    "glorot": math.sqrt(2 / 500),
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initial_weights_have_the_named_deviation(name):
    """Over 60,000 draws the mean is zero and the deviation the formula's, within five standard errors."""
    W = INITIALIZERS[name](np.random.default_rng(0), (300, 200))
    error = DEVIATIONS[name] / math.sqrt(W.size)
    assert abs(W.mean()) < 5 * error
    assert abs(W.std() - DEVIATIONS[name]) < 5 * error


def test_biases_start_at_zero_and_weights_do_not():
    """The initial parameters are drawn weights, then zero biases, all views of one array."""
    layout = Layout(sizes=(4, 3, 2))
    flat = layout.initial([MLPConfig(hidden=(3,))] * 2, [0, 1], np.float32)
    layers = layout.affine(flat)
    assert all(np.shares_memory(flat, part) for layer in layers for part in layer)
    assert all((layer.b == 0).all() and (layer.W != 0).all() for layer in layers)
    assert [layer.W.shape for layer in layers] == [(2, 4, 3), (2, 3, 2)]
    assert [layer.b.shape for layer in layers] == [(2, 1, 3), (2, 1, 2)]
    assert (flat[:, : layout.n_weights] != 0).all()
    assert layout.n_parameters == flat.shape[1] == 4 * 3 + 3 * 2 + 3 + 2


def test_weights_come_from_the_lanes_own_stream_for_them():
    """The first layer of any lane is the initializer's draw from its seed's stream for weights."""
    configs = [MLPConfig(hidden=(3,), init="he"), MLPConfig(hidden=(3,), init="glorot")]
    layout = Layout(sizes=(4, 3, 2))
    first = layout.affine(layout.initial(configs, [8, 9], np.float64))[0].W
    for lane, (config, seed) in enumerate(zip(configs, (8, 9), strict=True)):
        expected = INITIALIZERS[config.init](lane_rng(seed, Purpose.INIT), (4, 3))
        assert (first[lane] == expected).all()


def test_streams_differ_by_purpose_and_seed():
    """The first draws of all purposes of two seeds are all different, and repeatable."""
    draws = [lane_rng(seed, purpose).random() for seed in (0, 1) for purpose in Purpose]
    assert len(set(draws)) == len(draws)
    assert draws[0] == lane_rng(0, Purpose.INIT).random()


def test_relu_values():
    """A rectifier passes what is positive and stops the rest."""
    Z = np.array([[[-2.0, 0.0, 3.0]]])
    ACTIVATIONS["relu"](Z.shape, Z.dtype).forward(Z, None)
    assert Z.tolist() == [[[0.0, 0.0, 3.0]]]


def test_sgd_two_steps_by_hand():
    """Two steps at rates 0.1 and 0.5, from (1, 2), along gradients (1, -2) and (0.5, 4)."""
    W = np.array([[1.0, 2.0], [1.0, 2.0]])
    lr = np.array([[0.1], [0.5]])
    for t, gradient in enumerate([[1.0, -2.0], [0.5, 4.0]], start=1):
        Sgd().update(W, np.array([gradient, gradient]), (), lr=lr, t=t)
    assert pytest.approx(np.array([[0.85, 1.8], [0.25, 1.0]])) == W


def test_adam_two_steps_by_hand():
    """Two steps at rate 0.1 from 1, along gradients 2 and 1.

    m = 0.2, v = 0.004; m^ = 2, v^ = 4; W = 1 - 0.1 * 2 / 2 = 0.9. Then m = 0.28, v = 0.004996;
    m^ = 0.28 / 0.19, v^ = 0.004996 / 0.001999; W = 0.9 - 0.1 * 1.473684 / 1.580904.
    """
    W, moments = np.array([[1.0]]), (np.zeros((1, 1)), np.zeros((1, 1)))
    lr = np.array([[0.1]])
    Adam().update(W, np.array([[2.0]]), moments, lr=lr, t=1)
    first = 1 - 0.1 * 2 / (2 + 1e-8)
    assert W[0, 0] == pytest.approx(first, abs=1e-14)
    Adam().update(W, np.array([[1.0]]), moments, lr=lr, t=2)
    second = 0.1 * (0.28 / 0.19) / (math.sqrt(0.004996 / 0.001999) + 1e-8)
    assert W[0, 0] == pytest.approx(first - second, abs=1e-14)


@given(
    gradients=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12),
    beta1=st.floats(0, 0.99),
    beta2=st.floats(0, 0.9999),
    eps=st.floats(1e-8, 1),
)
def test_adam_is_the_papers_update(gradients, beta1, beta2, eps):
    """Plain sums with the factors in the step are the paper's averages, with eps outside the root."""
    W, moments = np.array([[0.5]]), (np.zeros((1, 1)), np.zeros((1, 1)))
    w, m, v = 0.5, 0.0, 0.0
    for t, g in enumerate(gradients, start=1):
        Adam(beta1=beta1, beta2=beta2, eps=eps).update(
            W, np.array([[g]]), moments, lr=np.array([[0.01]]), t=t
        )
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        w -= 0.01 * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)
    assert W[0, 0] == pytest.approx(w, rel=1e-9, abs=1e-9)


@given(
    st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=5), st.lists(st.booleans(), min_size=5, max_size=5)
)
def test_adams_first_step_is_the_rate_against_the_sign(sizes, signs):
    """Whatever the size of a gradient, the first step moves every parameter by the rate."""
    g = np.array([[size if sign else -size for size, sign in zip(sizes, signs, strict=False)]], np.float32)
    W, moments = np.zeros_like(g), (np.zeros_like(g), np.zeros_like(g))
    Adam().update(W, g.copy(), moments, lr=np.array([[0.25]], np.float32), t=1)
    assert pytest.approx(-0.25 * np.sign(g), rel=1e-4) == W


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_walk_down_a_parabola(name):
    """On x^2/20 + y^2 from (-7, 2), two hundred steps end below a hundredth of the start."""
    optimizer = OPTIMIZERS[name]()
    W = np.array([[-7.0, 2.0]])
    moments = [np.zeros_like(W) for _ in range(optimizer.n_moments)]
    for t in range(1, 201):
        optimizer.update(W, W * [[0.1, 2.0]], moments, lr=np.array([[0.3]]), t=t)
    assert W[0, 0] ** 2 / 20 + W[0, 1] ** 2 < (49 / 20 + 4) / 100


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


@given(st.floats(0, 1, exclude_max=True))
def test_thresholds_are_the_nearest_level(rate):
    """The kept levels are within half a level of the wish, at least one, and all for no dropout."""
    threshold = keep_threshold(rate)
    assert 1 <= threshold <= LEVELS
    assert abs(threshold - (1 - rate) * LEVELS) <= 1
    assert keep_threshold(0.0) == LEVELS


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_expectation(rate):
    """Over 400,000 units the share kept is the rate's, and the mean factor is one."""
    shape = (2, 1000, 200)
    mask = Dropout(DropoutStreams.of_seeds([rate, 0.0], [5, 6], np.float32), shape).draw()
    error = math.sqrt(rate * (1 - rate) / (shape[1] * shape[2]))
    assert abs(mask.keep[0].mean() - (1 - rate)) < 5 * error
    factor = mask.factor()
    assert abs(factor[0].mean(dtype=np.float64) - 1) < 5 * error / (1 - rate)
    assert (factor[1] == 1).all()
    assert set(np.unique(factor[0])) == {0, np.float32(LEVELS / keep_threshold(rate))}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_mask_multiplies_the_activation(name):
    """Under a mask every activation is its plain value times the mask's factor."""
    shape = (2, 6, 5)
    Z = np.random.default_rng(0).standard_normal(shape)
    plain, masked = Z.copy(), Z.copy()
    mask = Dropout(DropoutStreams.of_seeds([0.5, 0.2], [1, 2], np.float64), shape).draw()
    ACTIVATIONS[name](shape, np.float64).forward(plain, None)
    ACTIVATIONS[name](shape, np.float64).forward(masked, mask)
    assert masked == pytest.approx(plain * mask.factor())
    assert (mask.factor() == 0).any()


def test_a_lane_without_dropout_draws_nothing():
    """Where no lane drops anything the streams are inactive, and a lane at rate 0 leaves its bits alone."""
    assert not DropoutStreams.of_seeds([0.0, 0.0], [0, 1], np.float32).active
    mixed = DropoutStreams.of_seeds([0.0, 0.5], [0, 1], np.float32)
    words = np.zeros((2, 8), np.uint64)
    mixed.fill(words)
    assert mixed.active
    assert (words != 0).any(axis=1).tolist() == [False, True]


def test_every_draw_is_fresh():
    """Two draws of one layer differ, and so do neighbouring rows of one draw."""
    dropout = Dropout(DropoutStreams.of_seeds([0.5], [0], np.float32), (1, 8, 64))
    first = dropout.draw().keep.copy()
    second = dropout.draw().keep
    assert (first != second).any()
    assert len({row.tobytes() for row in first[0]}) == 8


def test_large_draws_are_cut_into_pieces_without_repeating():
    """A draw beyond the limit continues the stream."""
    streams = DropoutStreams.of_seeds([0.5], [3], np.float32)
    words = np.zeros((1, 2 * DRAW_LIMIT + 5), np.uint64)
    streams.fill(words)
    whole = DropoutStreams.of_seeds([0.5], [3], np.float32)._bits[0].random_raw(words.size)
    assert (words[0] == whole).all()
