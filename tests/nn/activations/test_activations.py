"""Activations: values by hand, large arguments, and a learned slope."""

import math

import numpy as np
import pytest

from hpsearch.nn import ACTIVATIONS, MLPConfig, StackTrainer, TrainingData
from hpsearch.nn.functions.dropout import Dropout
from tests.nn.streams import dropout_streams

POINTS = (-3.0, -0.5, 0.0, 0.5, 3.0)
VALUES = {
    "relu": (0, 0, 0, 0.5, 3),
    "tanh": (-0.995054753, -0.462117157, 0, 0.462117157, 0.995054753),
    "sigmoid": (0.047425873, 0.377540669, 0.5, 0.622459331, 0.952574127),
    "hard_sigmoid": (0, 0.4, 0.5, 0.6, 1),
    "softplus": (0.048587352, 0.474076984, math.log(2), 0.974076984, 3.048587352),
    "softmax": (0.002128510, 0.025930557, 0.042752261, 0.070486562, 0.858702111),
    "softsign": (-0.75, -1 / 3, 0, 1 / 3, 0.75),
    "leaky_relu": (-0.03, -0.005, 0, 0.5, 3),
    "prelu": (-0.75, -0.125, 0, 0.5, 3),
    "prelu_shared": (-0.75, -0.125, 0, 0.5, 3),
    "thresholded_relu": (0, 0, 0, 0, 3),
    "linear": POINTS,
    "elu": (-0.950212932, -0.393469340, 0, 0.5, 3),
    "gelu": (-0.004049694, -0.154268770, 0, 0.345731231, 2.995950306),
    "selu": (-1.670568729, -0.691758188, 0, 0.525350494, 3.152102966),
}
"""Values at -3, -1/2, 0, 1/2 and 3, from the formulas with a table of exp, tanh and the normal's Phi.

The softmax's are those of one row of five units."""

LARGE = {
    "relu": (0, 1000),
    "tanh": (-1, 1),
    "sigmoid": (0, 1),
    "hard_sigmoid": (0, 1),
    "softplus": (0, 1000),
    "softmax": (0, 1),
    "softsign": (-1000 / 1001, 1000 / 1001),
    "leaky_relu": (-10, 1000),
    "prelu": (-250, 1000),
    "prelu_shared": (-250, 1000),
    "thresholded_relu": (0, 1000),
    "linear": (-1000, 1000),
    "elu": (-1, 1000),
    "gelu": (0, 1000),
    "selu": (-1.758099341, 1050.700987),
}


LIMITS = {
    "relu": ((0, math.inf), (0, 1)),
    "tanh": ((-1, 1), (0, 0)),
    "sigmoid": ((0, 1), (0, 0)),
    "hard_sigmoid": ((0, 1), (0, 0)),
    "softplus": ((0, math.inf), (0, 1)),
    "softmax": ((0, 1), (0, 0)),
    "softsign": ((-1, 1), (0, 0)),
    "leaky_relu": ((-math.inf, math.inf), (0.01, 1)),
    "prelu": ((-math.inf, math.inf), (0.25, 1)),
    "prelu_shared": ((-math.inf, math.inf), (0.25, 1)),
    "thresholded_relu": ((0, math.inf), (0, 1)),
    "linear": ((-math.inf, math.inf), (1, 1)),
    "elu": ((-1, math.inf), (0, 1)),
    "gelu": ((0, math.inf), (0, 1)),
    "selu": ((-1.758099341, math.inf), (0, 1.050700987)),
}
"""Values and slopes at minus and plus infinity; the softmax's of one infinite unit beside a unit of 0."""


def evaluate(name, points, dtype=np.float64):
    """Return the values of an activation and its slopes at points."""
    Z = np.array([[points]], dtype)
    activation = ACTIVATIONS[name](Z.shape, Z.dtype)
    activation.forward(Z, None)
    slope = np.ones_like(Z)
    activation.backward(slope)
    return Z[0, 0], slope[0, 0]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_by_hand(name):
    """Each activation has its textbook values at five points."""
    assert evaluate(name, POINTS)[0] == pytest.approx(np.array(VALUES[name]), abs=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_large_arguments_neither_overflow_nor_turn_nan(name, dtype):
    """At -1000 and 1000 value and slope are their limits, without a floating-point error."""
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values, slopes = evaluate(name, (-1000.0, 1000.0), dtype)
    assert values == pytest.approx(LARGE[name], rel=1e-6, abs=1e-12)
    assert np.isfinite(slopes).all()
    assert (slopes >= 0).all()


@pytest.mark.parametrize("rows", [1, 40])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_infinite_arguments_give_the_limits(name, dtype, rows):
    """At minus and plus infinity value and slope are the limits, without a floating-point error."""
    for point, value, slope in zip((-math.inf, math.inf), *LIMITS[name], strict=True):
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            values, slopes = evaluate(name, [point] + [0.0] * (2 * rows - 1), dtype)
        assert values[0] == pytest.approx(value, rel=1e-6)
        assert slopes[0] == pytest.approx(slope, rel=1e-6)
        assert not np.isnan(values).any()
        assert not np.isnan(slopes).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"softmax"}))
def test_a_unit_without_a_number_stays_without_one(name, dtype):
    """NaN stays NaN beside numbers and infinities, and they stay what they are beside NaN."""
    nan = math.nan
    others = evaluate(name, (-math.inf, -1.0, 2.0, math.inf), dtype)[0]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values, _ = evaluate(name, (-nan, -math.inf, -1.0, nan, 2.0, math.inf, -nan), dtype)
    assert np.isnan(values).tolist() == [True, False, False, True, False, False, True]
    assert values[[1, 2, 4, 5]].tolist() == others.tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_softmax_row_without_a_number_is_without_any(dtype):
    """One NaN makes its row of the softmax NaN, and no other row."""
    Z = np.array([[[1.0, math.nan], [1.0, 1.0]]], dtype)
    ACTIVATIONS["softmax"](Z.shape, dtype).forward(Z, None)
    assert np.isnan(Z[0, 0]).all()
    assert Z[0, 1].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["relu", "thresholded_relu"])
def test_a_unit_at_minus_infinity_is_closed_under_a_mask(name, dtype):
    """Dropped or kept, a rectifier at minus infinity is 0 and passes no gradient."""
    shape = (1, 4, 8)
    mask = Dropout(dropout_streams([0.5], [1], dtype), shape).draw()
    Z, slope = np.full(shape, -math.inf, dtype), np.ones(shape, dtype)
    activation = ACTIVATIONS[name](shape, dtype)
    with np.errstate(invalid="raise"):
        activation.forward(Z, mask)
        activation.backward(slope)
    assert set(mask.keep.ravel().tolist()) == {True, False}
    assert (Z == 0).all()
    assert (slope == 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("masked", [False, True])
def test_a_rectifier_is_its_argument_times_its_gate(masked, dtype):
    """For numbers up to the largest the rectifier has the bits of the product, whose zeros are negative."""
    shape, rng = (3, 7, 11), np.random.default_rng(0)
    Z = (rng.standard_normal(shape) * np.exp(rng.uniform(-80, 80, shape))).astype(dtype)
    Z[0, 0, :2] = np.finfo(dtype).max, np.finfo(dtype).min
    mask = Dropout(dropout_streams([0.3, 0.0, 0.9], [1, 2, 3], dtype), shape).draw() if masked else None
    with np.errstate(over="ignore"):
        expected = Z * ((Z > 0) * (mask.factor() if mask else dtype(1)))
        ACTIVATIONS["relu"](shape, dtype).forward(Z, mask)
    assert Z.tobytes() == expected.tobytes()


def test_small_tails_keep_their_precision():
    """Far to the left sigmoid and softplus are exp(z), not zero or rounding."""
    for name in ("sigmoid", "softplus"):
        values, slopes = evaluate(name, (-80.0, -40.0), np.float32)
        assert values == pytest.approx(np.exp([-80.0, -40.0]), rel=1e-5)
        assert slopes == pytest.approx(np.exp([-80.0, -40.0]), rel=1e-5)


def test_gelu_is_exact_in_single_precision():
    """Over -6..6 float32 values and slopes are within 1e-6 of the float64 ones."""
    points = np.linspace(-6, 6, 2001)
    for single, double in zip(evaluate("gelu", points, np.float32), evaluate("gelu", points), strict=True):
        assert np.abs(single - double).max() < 1e-6


@pytest.mark.parametrize(("name", "widths"), [("prelu", [6, 5]), ("prelu_shared", [1, 1])])
def test_prelu_learns_slopes_in_each_lane_and_layer(name, widths):
    """Slopes start at 0.25, one a unit or a layer; lanes learn their own; no penalty pulls them."""
    rng = np.random.default_rng(0)
    data = TrainingData(
        X=rng.standard_normal((50, 4)).astype(np.float32),
        y=rng.integers(0, 2, 50),
        X_val=np.empty((0, 4), np.float32),
        y_val=np.empty(0, np.int64),
        n_classes=2,
    )
    configs = [
        MLPConfig(hidden=(6, 5), activation=name, optimizer="sgd", lr=lr, l1=l1)
        for lr, l1 in ((0.1, 0.0), (0.2, 0.0), (1e-30, 1e25))
    ]
    trainer = StackTrainer(configs, data=data, seeds=[0, 0, 0])

    def slopes():
        return [
            [n.own[0, 0].tolist() for n in network.layout.hidden(network.parameters[None])]
            for network in map(trainer.network, range(3))
        ]

    initial = [[0.25] * width for width in widths]
    assert slopes() == [initial] * 3
    trainer.run_epoch()
    first, second, penalized = slopes()
    learned = [slope for layers in (first, second) for layer in layers for slope in layer]
    assert all(slope != 0.25 for slope in learned)
    assert len(set(learned)) == 2 * sum(widths)
    assert penalized == initial


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_value_alone_has_the_bits_of_a_forward_pass(name, dtype):
    """Where no gradient follows, the value is that of a pass in training without dropout, bit by bit."""
    Z = np.random.default_rng(1).standard_normal((3, 7, 5)).astype(dtype)
    Z[0, 0] = -np.inf, np.inf, np.nan, 0.0, -1e30
    alone, trained = Z.copy(), Z.copy()
    with np.errstate(all="ignore"):
        ACTIVATIONS[name](Z.shape, dtype).value(alone)
        ACTIVATIONS[name](Z.shape, dtype).forward(trained, None)
    assert (alone + 0).tobytes() == (trained + 0).tobytes()  # -0.0 + 0 is 0.0
