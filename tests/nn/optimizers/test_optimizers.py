"""Optimizers: steps by hand, functions they must get down, and what tells them apart."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.errors import DataError
from hpsearch.nn import OPTIMIZERS, MLPConfig, SettingError, StackTrainer, TrainingData, descend
from hpsearch.nn.optimizers.adagrad import AdaGrad, RmsProp
from hpsearch.nn.optimizers.adam import Adam, AdamW
from hpsearch.nn.optimizers.momentum import Momentum, Nesterov
from hpsearch.nn.optimizers.sgd import Sgd

TWO_STEPS = {
    "sgd": (0.8, 0.7),
    "momentum": (0.8, 0.8 - 0.28),
    "averaged_momentum": (1 - 0.02, 0.98 - 0.028),
    "nesterov": (1 - 0.18 - 0.2, 0.62 - 0.252 - 0.1),
    "adagrad": (1 - 0.2 / 2, 0.9 - 0.1 / math.sqrt(5)),
    "rmsprop": (1 - 0.2 / math.sqrt(0.4), 1 - 0.2 / math.sqrt(0.4) - 0.1 / math.sqrt(0.46)),
    "adam": (0.9, 0.9 - 0.1 * (0.28 / 0.19) / math.sqrt(0.004996 / 0.001999)),
    "adamw": (0.9, 0.9 - 0.1 * (0.28 / 0.19) / math.sqrt(0.004996 / 0.001999)),
}
"""From 1 at rate 0.1 along gradients 2 and 1, constants as they are by default. Velocities: -0.2 and -0.28
(momentum, Nesterov), 0.2 and 0.28 (averaged); squares: 4 and 5 (AdaGrad), 0.4 and 0.46 (RMSProp)."""

RATES = {
    "sgd": (0.9, 2e-3),
    "momentum": (0.1, 1e-3),
    "averaged_momentum": (0.9, 0.01),
    "nesterov": (0.1, 1e-3),
    "adagrad": (1.5, 0.5),
    "rmsprop": (0.1, 1e-3),
    "adam": (0.3, 0.05),
    "adamw": (0.3, 0.05),
}
"""Rates that suit the parabola and Rosenbrock's function."""

FUNCTIONS = {
    "parabola": (
        lambda p: p[0] ** 2 / 20 + p[1] ** 2,
        lambda p: [p[0] / 10, 2 * p[1]],
        (-7.0, 2.0),
        200,
    ),
    "rosenbrock": (
        lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2,
        lambda p: [-2 * (1 - p[0]) - 400 * p[0] * (p[1] - p[0] ** 2), 200 * (p[1] - p[0] ** 2)],
        (-1.2, 1.0),
        4000,
    ),
}
"""Function, gradient, usual start, steps."""


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_two_steps_by_hand(name):
    """Every optimizer takes the two steps that its formula gives on paper."""
    gradients = iter([2.0, 1.0])
    path = descend(
        OPTIMIZERS[name](), lambda _: 0.0, start=[1.0], steps=2, lr=0.1, gradient=lambda _: [next(gradients)]
    )
    assert path[1:, 0] == pytest.approx(TWO_STEPS[name], abs=1e-6)


@pytest.mark.parametrize("target", FUNCTIONS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_get_down(name, target):
    """From the usual start every optimizer gets within a thousandth of the start's height."""
    f, gradient, start, steps = FUNCTIONS[target]
    lr = RATES[name][target == "rosenbrock"]
    path = descend(OPTIMIZERS[name](), f, start=start, steps=steps, lr=lr, gradient=gradient)
    assert path.shape == (steps + 1, 2)
    assert tuple(path[0]) == start
    assert f(path[-1]) < f(path[0]) / 1000


def test_a_descent_differentiates_by_itself():
    """Without a gradient the numerical one takes the same path."""
    f, gradient, start, _ = FUNCTIONS["parabola"]
    by_hand = descend(Adam(), f, start=start, steps=20, lr=0.3, gradient=gradient)
    assert descend(Adam(), f, start=start, steps=20, lr=0.3) == pytest.approx(by_hand, abs=1e-6)


def test_a_descent_takes_a_schedule():
    """A rate may be a function of the step, whose first is 0."""
    path = descend(Sgd(), lambda p: p[0], start=[0.0], steps=3, lr=lambda step: 1.0 + step)
    assert path[:, 0] == pytest.approx([0, -1, -3, -6])


def test_impossible_descents_are_refused():
    """A start of another shape and steps below zero are named."""
    with pytest.raises(DataError, match=r"start: expected shape \(d,\), found \(1, 2\)"):
        descend(Sgd(), lambda _: 0.0, start=[[1.0, 2.0]], steps=1, lr=0.1)
    with pytest.raises(SettingError, match=r"steps: expected a whole number, 0 or more, found -1"):
        descend(Sgd(), lambda _: 0.0, start=[1.0], steps=-1, lr=0.1)


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


@given(
    steps=st.integers(1, 8),
    a=st.floats(0, 0.99),
    start=st.floats(-3, 3),
)
def test_nesterov_is_the_papers_path(steps, a, start):
    """The look-ahead points W + a v of the paper's two equations are the path, for f = x^2."""
    path = descend(
        Nesterov(momentum=a), lambda _: 0.0, start=[start], steps=steps, lr=0.1, gradient=lambda p: 2 * p
    )
    w, v = start, 0.0
    for t in range(1, steps + 1):
        v = a * v - 0.1 * 2 * (w + a * v)
        w += v
        assert path[t, 0] == pytest.approx(w + a * v, abs=1e-9)


def test_rmsprop_forgets_where_adagrad_does_not():
    """Long after one huge gradient RMSProp is back at its usual step; AdaGrad stays slowed for good."""

    def last_step(optimizer):
        gradients = iter([1000.0] + [1.0] * 300)
        path = descend(
            optimizer, lambda _: 0.0, start=[0.0], steps=301, lr=1.0, gradient=lambda _: [next(gradients)]
        )
        return path[-2, 0] - path[-1, 0]

    assert last_step(RmsProp()) == pytest.approx(1.0, rel=1e-3)
    assert last_step(AdaGrad()) < 2e-3


def test_momentum_ends_at_ten_times_the_step_and_its_average_at_one():
    """Under a steady gradient the sum's step is eta / (1 - a), the average's eta."""
    for name, step in (("momentum", 1.0), ("averaged_momentum", 0.1)):
        path = descend(
            OPTIMIZERS[name](), lambda _: 0.0, start=[0.0], steps=300, lr=0.1, gradient=lambda _: [1.0]
        )
        assert path[-2, 0] - path[-1, 0] == pytest.approx(step)


def train_once(config):
    """Return the network before and after one full-batch step."""
    rng = np.random.default_rng(0)
    data = TrainingData(
        X=rng.standard_normal((8, 4)),
        y=rng.integers(0, 2, 8),
        X_val=np.empty((0, 4)),
        y_val=np.empty(0, np.int64),
        n_classes=2,
    )
    trainer = StackTrainer([config], data=data, seeds=[0], dtype=np.float64)
    before = trainer.network(0)
    trainer.run_epoch()
    return before, trainer.network(0)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_decay_is_decoupled_for_adamw_alone(name):
    """AdamW adds exactly -eta lambda W to its step; of the others only those without scaling do."""
    plain = MLPConfig(hidden=(3,), optimizer=name, lr=0.01)
    before, bare = train_once(plain)
    _, decayed = train_once(replace(plain, weight_decay=0.5))
    for W, without, with_decay in zip(before.weights, bare.weights, decayed.weights, strict=True):
        exact = np.allclose(with_decay - without, -0.01 * 0.5 * W, atol=1e-12)
        assert exact == (name in {"adamw", "sgd", "momentum"})
    for without, with_decay in zip(bare.biases, decayed.biases, strict=True):
        assert (without == with_decay).all()


def test_constants_of_a_config_reach_the_optimizer():
    """Given constants are used, the rest is the optimizer's own default, and others' are not read."""
    config = MLPConfig(optimizer="adam", beta1=0.5, eps=1e-3, momentum=0.1)
    assert config.build_optimizer() == Adam(beta1=0.5, eps=1e-3)
    assert replace(config, optimizer="momentum").build_optimizer() == Momentum(momentum=0.1)
    assert replace(config, optimizer="adamw").build_optimizer() == AdamW(beta1=0.5, eps=1e-3)
    assert replace(config, optimizer="sgd").build_optimizer() == Sgd()


def test_negligible_moments_are_swept_away():
    """A moment whose gradient has stopped ends at zero, not in numbers too small for a quick processor."""
    data = TrainingData(
        X=np.zeros((1, 2), np.float32),
        y=np.zeros(1, np.int64),
        X_val=np.empty((0, 2), np.float32),
        y_val=np.empty(0, np.int64),
        n_classes=2,
    )
    trainer = StackTrainer([MLPConfig(hidden=(), optimizer="momentum")], data=data, seeds=[0])
    velocity = trainer._lanes.moments[0]
    velocity[0, 0] = 1e-20
    for _ in range(130):
        trainer.run_epoch()
    assert velocity[0, 0] > 0
    for _ in range(128):
        trainer.run_epoch()
    assert velocity[0, 0] == 0
