"""Every derivative against the central difference, in float64."""

import itertools

import numpy as np
import pytest

from hpsearch.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    LOSSES,
    NORMALIZATIONS,
    PENALTIES,
    MLPConfig,
    numerical_gradient,
)
from hpsearch.nn.functions.dropout import Dropout, Mask
from hpsearch.nn.functions.normalization import BatchWeights
from hpsearch.nn.layout import Affine, Layout
from hpsearch.nn.stack.lane_dropout import LaneDropout, StackDropout
from hpsearch.nn.stack.layers import Dense, Hidden
from hpsearch.nn.stack.stack import Stack, StackArrays
from hpsearch.nn.streams import StreamPurpose, lane_bits
from tests.nn.streams import dropout_streams

TOLERANCE = 1e-7
"""Largest error, relative to the largest element of the gradient."""


@pytest.fixture(autouse=True)
def strict_arithmetic():
    """Overflow, division by zero and NaN are errors here."""
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        yield


def assert_same_gradient(found, expected):
    """The largest difference is below the tolerance times the largest element."""
    assert np.abs(found - expected).max() < TOLERANCE * np.abs(expected).max()


def away_from(kinks, Z):
    """Move points within 1e-3 of a kink away from it."""
    for kink in kinks:
        near = np.abs(Z - kink) < 1e-3
        Z[near] = kink + 2e-3
    return Z


class FixedMask:
    """A dropout that draws the same mask every time."""

    def __init__(self, shape, keep=0.6):
        rng = np.random.default_rng(9)
        scale = np.full((shape[0], 1, 1), 1 / keep)
        self._mask = Mask(keep=rng.random(shape) < keep, scale=scale, buffer=np.empty(shape))

    def mask(self):
        """Return the mask."""
        return self._mask


def test_numerical_gradient_of_known_functions():
    """A cubic and a product have their textbook derivatives, and the point is put back."""
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    before = x.copy()
    assert numerical_gradient(lambda z: float((z**3).sum()), x) == pytest.approx(3 * x**2, rel=1e-8)
    assert numerical_gradient(lambda z: float(z[0, 0] * z[1, 1]), x)[0, 0] == pytest.approx(3.0)
    assert (x == before).all()


def test_numerical_gradient_uses_the_given_step():
    """For a cubic, the central difference with step h is off by exactly h squared."""
    x = np.array([0.0])
    assert numerical_gradient(lambda z: float(z[0] ** 3), x, 0.1)[0] == pytest.approx(0.01)


@pytest.mark.parametrize("at", [1e-9, 1.0, -1e3, 1e9, -1e15])
def test_numerical_gradient_follows_the_size_of_its_argument(at):
    """The slope of a square is right from 1e-9 to 1e15: a fixed step is lost beside a large number."""
    found = numerical_gradient(lambda z: float(z[0] ** 2), np.array([at]))
    assert found[0] == pytest.approx(2 * at, rel=1e-6)


def test_numerical_gradient_refuses_single_precision():
    """The oracle refuses an array that cannot resolve its step."""
    with pytest.raises(TypeError, match="x: expected float64, found float32"):
        numerical_gradient(lambda z: float(z.sum()), np.ones(2, np.float32))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name, masked):
    """An activation's backward pass, with and without a dropout mask, is its derivative."""
    shape = (2, 5, 4)
    rng = np.random.default_rng(0)
    activation = ACTIVATIONS[name](shape, np.float64)
    layer = Hidden(activation, FixedMask(shape) if masked else None)
    Z, R = away_from(activation.kinks, rng.standard_normal(shape)), rng.standard_normal(shape)
    expected = numerical_gradient(lambda z: float((R * layer.forward(z.copy(), training=True)).sum()), Z)
    layer.forward(Z.copy(), training=True)
    assert_same_gradient(layer.backward(R.copy()), expected)


def test_dropout_is_off_outside_training():
    """Without training a hidden layer is its activation alone."""
    shape = (1, 3, 4)
    Z = np.random.default_rng(0).standard_normal(shape)
    layer = Hidden(ACTIVATIONS["tanh"](shape, np.float64), FixedMask(shape))
    assert (layer.forward(Z.copy(), training=False) == np.tanh(Z)).all()


def test_dense():
    """A dense layer's gradients of weights, biases and input are its derivatives."""
    rng = np.random.default_rng(1)
    p = Affine(W=rng.standard_normal((2, 4, 3)), b=rng.standard_normal((2, 1, 3)))
    g = Affine(W=np.empty_like(p.W), b=np.empty_like(p.b))
    layer = Dense(p, g, out=np.empty((2, 5, 3)))
    X, R = rng.standard_normal((2, 5, 4)), rng.standard_normal((2, 5, 3))

    def loss(_):
        return float((R * layer.forward(X, training=True)).sum())

    expected = [numerical_gradient(loss, array) for array in (p.W, p.b, X)]
    layer.forward(X, training=True)
    dX = layer.backward(R.copy())
    for found, oracle in zip((g.W, g.b, dX), expected, strict=True):
        assert_same_gradient(found, oracle)


def targets(name, shape, rng):
    """Return random targets of the kind that a loss compares with."""
    lanes, rows, outputs = shape
    return rng.integers(0, outputs, (lanes, rows)) if name == "cross_entropy" else rng.standard_normal(shape)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("shape", [(2, 5, 4), (1, 1, 3), (3, 4, 1)])
@pytest.mark.parametrize("name", LOSSES)
def test_losses(name, shape, weighted):
    """A loss's backward pass is the derivative of its (weighted) mean over the batch, lane by lane."""
    rng = np.random.default_rng(2)
    loss = LOSSES[name](shape, np.float64)
    Z, y = rng.standard_normal(shape), targets(name, shape, rng)
    weights = rng.random(shape[:2]) * 3 if weighted else None

    def mean_loss(z):
        loss.logits[...] = z
        return float(loss.forward(y, weights).sum() / shape[1])

    expected = numerical_gradient(mean_loss, Z)
    mean_loss(Z)
    found = loss.backward()
    if name == "cross_entropy" and shape[2] == 1:
        assert (found == 0).all()
    else:
        assert_same_gradient(found, expected)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("shape", [(2, 5, 4), (2, 1, 3), (2, 3, 2), (2, 3, 1)])
def test_smoothed_labels(shape, weighted):
    """A lane that smooths has the derivatives of its loss, and the lane beside it those of its own."""
    rng = np.random.default_rng(8)
    loss = LOSSES["cross_entropy"](shape, np.float64, smoothing=np.array([0.1, 0.0]))
    plain = LOSSES["cross_entropy"]((1, *shape[1:]), np.float64)
    Z, y = rng.standard_normal(shape), targets("cross_entropy", shape, rng)
    weights = rng.random(shape[:2]) * 3 if weighted else None

    def mean_loss(z):
        loss.logits[...] = z
        return float(loss.forward(y, weights).sum() / shape[1])

    expected = numerical_gradient(mean_loss, Z)
    mean_loss(Z)
    found = loss.backward().copy()
    if shape[2] == 1:
        assert (found == 0).all()
    else:
        assert_same_gradient(found, expected)
    plain.logits[...] = Z[1:]
    plain.forward(y[1:], None if weights is None else weights[1:])
    assert plain.backward().tobytes() == found[1:].tobytes()


@pytest.mark.parametrize("name", LOSSES)
def test_weights_of_one_change_no_bit(name):
    """A loss with weights of one gives the bytes of a loss without weights; weights of zero give nothing."""
    shape, rng = (3, 6, 4), np.random.default_rng(5)
    Z, y = rng.standard_normal(shape).astype(np.float32), targets(name, shape, rng)
    found = []
    for weights in (None, np.ones(shape[:2], np.float32), np.zeros(shape[:2], np.float32)):
        loss = LOSSES[name](shape, np.float32)
        loss.logits[...] = Z
        found.append((loss.forward(y, weights).tobytes(), loss.backward().copy()))
    (plain, gradient), (ones, same), (zeros, nothing) = found
    assert plain == ones != zeros
    assert gradient.tobytes() == same.tobytes()
    assert (nothing == 0).all()


def test_squared_error_by_hand():
    """Two rows, two outputs: halves of the squares are averaged over outputs, and weights multiply rows."""
    loss = LOSSES["squared_error"]((1, 2, 2), np.float64)
    loss.logits[...] = [[[1.0, 2.0], [0.0, -1.0]]]
    y = np.array([[[0.0, 0.0], [0.0, 3.0]]])
    assert loss.forward(y, np.array([[1.0, 0.5]])).tolist() == [1.25 + 0.5 * 4.0]
    assert loss.backward().tolist() == [[[0.25, 0.5], [0.0, -0.5]]]


@pytest.mark.parametrize("name", PENALTIES)
def test_penalties(name):
    """A penalty adds its derivative to what is there."""
    rng = np.random.default_rng(3)
    W, g, rate = rng.standard_normal((2, 7)), rng.standard_normal((2, 7)), np.array([[0.3], [0.0]])
    penalty = PENALTIES[name]
    expected = g + numerical_gradient(lambda w: float(penalty.value(w, rate).sum()), W)
    penalty.add_gradient(W, g, rate=rate, scratch=np.empty_like(W))
    assert_same_gradient(g, expected)
    assert (penalty.value(W, rate) > 0).tolist() == [True, False]


def moved_from_kinks(stack, X, name):
    """Whether no value before an activation is within 1e-3 of a kink; biases are random, so mostly yes."""
    Y = stack._first.forward(X, training=True)
    for layer in stack._rest:
        if isinstance(layer, Hidden) and any((np.abs(Y - k) < 1e-3).any() for k in ACTIVATIONS[name].kinks):
            return False
        Y = layer.forward(Y, training=True)
    return True


@pytest.mark.parametrize("hidden", [(), (3,), (4, 3)])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_whole_networks(name, normalization, weighted, hidden):
    """All gradients of a network with its (weighted) loss are its derivatives, for two lanes at once."""
    layout = Layout(sizes=(5, *hidden, 3), activation=name, normalization=normalization)
    for seed in itertools.count():
        rng = np.random.default_rng(seed)
        parameters, X = rng.standard_normal((2, layout.n_parameters)), rng.standard_normal((2, 6, 5))
        arrays = StackArrays.around(parameters, layout=layout)
        loss = LOSSES["cross_entropy"]((2, 6, 3), np.float64)
        weights = rng.random((2, 6)) * 2 if weighted else None
        shares = BatchWeights((2, 6), scale=1.0, dtype=np.float64) if weighted else None
        if shares:
            shares.refresh(weights)
        stack = Stack(arrays, rows=6, logits=loss.logits, shares=shares)
        if moved_from_kinks(stack, X, name):
            break
    y = rng.integers(0, 3, (2, 6))

    def total(_):
        stack.forward(X, training=True)
        return float(loss.forward(y, weights).sum() / 6)

    expected = numerical_gradient(total, parameters)[:, : layout.n_learned]
    total(parameters)
    stack.backward(loss.backward())
    assert_same_gradient(arrays.gradients[:, : layout.n_learned], expected)


@pytest.mark.parametrize("kind", DROPOUT_KINDS)
def test_whole_network_with_dropout_of_fixed_bits(kind):
    """With the same bits drawn again each time, a network with dropout has its derivatives too."""
    layout = Layout(sizes=(5, 4, 3, 3), activation="tanh")
    rng = np.random.default_rng(4)
    parameters, X = rng.standard_normal((2, layout.n_parameters)), rng.standard_normal((2, 6, 5))
    arrays = StackArrays.around(parameters, layout=layout)
    loss = LOSSES["cross_entropy"]((2, 6, 3), np.float64)
    y = rng.integers(0, 3, (2, 6))

    configs = [
        MLPConfig(hidden=(4, 3), dropout=0.5, input_dropout=0.3, dropout_kind=kind),
        MLPConfig(hidden=(4, 3), dropout_kind=kind),
    ]

    def run():
        bits = [lane_bits(seed, StreamPurpose.DROPOUT) for seed in (1, 2)]
        drops = StackDropout(LaneDropout.of(configs, bits, np.float64), parameters, layout=layout)
        drops.draw()
        drops.refresh()
        stack = Stack(arrays, rows=6, logits=loss.logits, drops=drops)
        stack.forward(X.copy(), training=True)
        return stack, drops, float(loss.forward(y).sum() / 6)

    expected = numerical_gradient(lambda _: run()[2], parameters)
    stack, drops, _ = run()
    stack.backward(loss.backward())
    drops.mask(arrays.gradients)
    assert_same_gradient(arrays.gradients, expected)
    assert (drops.masked is not None) == (kind == "variational")
    dropped = Dropout(dropout_streams([0.5, 0.0], [1, 2], np.float64), (2, 6, 4)).draw()
    assert not dropped.keep[0].all()
    assert dropped.keep[1].all()
