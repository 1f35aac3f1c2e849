"""Initializers: their deviations, and what they do to the signal in a deep network."""

import math

import numpy as np
import pytest

from hpsearch.nn import INITIALIZERS, MLPConfig, StackTrainer, TrainingData
from hpsearch.nn.layout import Layout
from hpsearch.nn.stack.layers import Hidden
from hpsearch.nn.stack.stack import Stack, StackArrays
from hpsearch.nn.streams import StreamPurpose, lane_rng

DEVIATIONS = {
    "he": math.sqrt(2 / 300),
    "xavier": math.sqrt(1 / 300),
    "glorot": math.sqrt(2 / 500),
    "lecun": math.sqrt(1 / 300),
    "normal": 1.0,
    "constant": 0.0,
    "zeros": 0.0,
}
MEANS = {"constant": 1.0}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initial_weights_have_the_named_deviation(name):
    """Over 60,000 draws mean and deviation are the formula's, within five standard errors."""
    W = INITIALIZERS[name](np.random.default_rng(0), (300, 200))
    error = DEVIATIONS[name] / math.sqrt(W.size)
    assert W.shape == (300, 200)
    assert abs(W.mean() - MEANS.get(name, 0.0)) <= 5 * error
    assert abs(W.std() - DEVIATIONS[name]) <= 5 * error


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
        expected = INITIALIZERS[config.init](lane_rng(seed, StreamPurpose.INIT), (4, 3))
        assert (first[lane] == expected).all()


def test_the_scale_multiplies_each_lanes_draw():
    """The scale is the deviation of a normal start and the value of a constant one, lane by lane."""
    configs = [
        MLPConfig(hidden=(), init="normal", init_scale=0.01),
        MLPConfig(hidden=(), init="constant", init_scale=0.5),
        MLPConfig(hidden=(), init="normal"),
    ]
    weights = Layout(sizes=(90, 70)).initial(configs, [3, 3, 3], np.float64)[:, : 90 * 70]
    assert weights[0].std() == pytest.approx(0.01, rel=0.05)
    assert (weights[1] == 0.5).all()
    assert weights[0] == pytest.approx(0.01 * weights[2])


def deviations(activation, init, scale=1.0, *, depth=8, width=200):
    """Return the root mean square of the activations after each of some layers, standard normal rows in."""
    layout = Layout(sizes=(width, *[width] * depth, 2), activation=activation)
    config = MLPConfig(hidden=(width,) * depth, init=init, init_scale=scale)
    arrays = StackArrays.around(layout.initial([config], [0], np.float64), layout=layout)
    stack = Stack(arrays, rows=100)
    sizes = []
    Y = stack._first.forward(np.random.default_rng(1).standard_normal((1, 100, width)), training=False)
    for layer in stack._rest:
        Y = layer.forward(Y, training=False)
        if isinstance(layer, Hidden):
            sizes.append(float(np.sqrt((Y**2).mean())))
    return sizes


def test_he_keeps_relus_variance():
    """With He's weights the size of ReLU's activations stays; with Xavier's its square halves each layer."""
    assert deviations("relu", "he") == pytest.approx([1.0] * 8, rel=0.25)
    assert deviations("relu", "xavier")[-1] == pytest.approx(2**-4, rel=0.3)


def test_xavier_keeps_tanhs_variance():
    """With Xavier's weights tanh keeps its size; deviations 1 and 0.01 saturate it and put it out."""
    sizes = deviations("tanh", "xavier")
    assert sizes[-1] > 0.3 * sizes[0]
    assert deviations("tanh", "normal")[-1] > 0.9
    assert deviations("tanh", "normal", 0.01)[-1] < 1e-6


def test_selu_and_lecun_hold_at_one():
    """SELU with LeCun's weights holds mean 0 and variance 1 through eight layers."""
    assert deviations("selu", "lecun") == pytest.approx([1.0] * 8, rel=0.15)


@pytest.mark.parametrize(("init", "scale"), [("zeros", 1.0), ("constant", 0.0), ("constant", 0.3)])
def test_a_constant_start_never_breaks_the_symmetry(init, scale):
    """Units that start alike are alike after training; from zero the first layer does not even move."""
    rng = np.random.default_rng(0)
    data = TrainingData(
        X=rng.standard_normal((40, 5)),
        y=rng.integers(0, 3, 40),
        X_val=np.empty((0, 5)),
        y_val=np.empty(0, np.int64),
        n_classes=3,
    )
    config = MLPConfig(hidden=(6,), init=init, init_scale=scale, activation="tanh", batch_size=8, lr=0.05)
    trainer = StackTrainer([config], data=data, seeds=[0], dtype=np.float64)
    for _ in range(5):
        trainer.run_epoch()
    first, second = trainer.network(0).weights
    assert first == pytest.approx(np.repeat(first[:, :1], 6, axis=1))
    assert second == pytest.approx(np.repeat(second[:1], 6, axis=0))
    assert (first == 0).all() == (scale == 0 or init == "zeros")
