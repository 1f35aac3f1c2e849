"""Penalties: values and gradients by hand, and what training does with them."""

from dataclasses import replace

import numpy as np
import pytest

from hpsearch.nn import PENALTIES, MLPConfig, StackTrainer, TrainingData

W = np.array([[1.0, -2.0, 0.0], [3.0, -3.0, 0.5]])
RATE = np.array([[0.5], [2.0]])
BY_HAND = {
    "l2": ([0.25 * 5, 18.25], [[0.5, -1.0, 0.0], [6.0, -6.0, 1.0]]),
    "l1": ([0.5 * 3, 2 * 6.5], [[0.5, -0.5, 0.0], [2.0, -2.0, 2.0]]),
    "linf": ([0.5 * 2, 2 * 3.0], [[0.0, -0.5, 0.0], [2.0, 0.0, 0.0]]),
}


@pytest.mark.parametrize("name", PENALTIES)
def test_values_and_gradients_by_hand(name):
    """Two lanes at rates 1/2 and 2; of two largest weights the first is pulled."""
    value, gradient = BY_HAND[name]
    assert PENALTIES[name].value(W, RATE) == pytest.approx(value)
    g = np.ones_like(W)
    PENALTIES[name].add_gradient(W, g, rate=RATE, scratch=np.empty_like(W))
    assert g == pytest.approx(1 + np.array(gradient))


FIELDS = {"l2": "weight_decay", "l1": "l1", "linf": "linf"}


@pytest.mark.parametrize("name", PENALTIES)
def test_a_penalty_acts_on_its_lane_alone(name):
    """One step of SGD moves a lane's weights by the penalty's gradient more, and nothing else."""
    rng = np.random.default_rng(0)
    data = TrainingData(
        X=rng.standard_normal((8, 4)),
        y=rng.integers(0, 2, 8),
        X_val=np.empty((0, 4)),
        y_val=np.empty(0, np.int64),
        n_classes=2,
    )
    plain = MLPConfig(hidden=(3,), optimizer="sgd", lr=0.1)
    configs = [plain, replace(plain, **{FIELDS[name]: 0.5}), plain]
    trainer = StackTrainer(configs, data=data, seeds=[0, 0, 0], dtype=np.float64)
    start = trainer.network(0).parameters
    trainer.run_epoch()
    bare, penalized, other = (trainer.network(lane).parameters for lane in range(3))
    assert (bare == other).all()
    pull = np.zeros((1, 18))
    PENALTIES[name].add_gradient(start[None, :18], pull, rate=np.array([[0.5]]), scratch=np.empty((1, 18)))
    assert penalized[:18] == pytest.approx(bare[:18] - 0.1 * pull[0])
    assert (penalized[18:] == bare[18:]).all()


def test_l1_rests_more_weights_at_zero_than_l2():
    """On noise features L1 leaves most weights tiny where L2 of like total pull does not."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((200, 20)).astype(np.float32)
    data = TrainingData(
        X=X, y=(X[:, 0] > 0).astype(np.int64), X_val=X[:0], y_val=np.empty(0, np.int64), n_classes=2
    )
    plain = MLPConfig(hidden=(), optimizer="sgd", lr=0.05, init="normal", init_scale=0.1)
    trainer = StackTrainer(
        [replace(plain, l1=0.05), replace(plain, weight_decay=0.05)], data=data, seeds=[0, 0]
    )
    for _ in range(150):
        trainer.run_epoch()
    lasso, ridge = (np.abs(trainer.network(lane).weights[0][1:]) for lane in range(2))
    assert (lasso < 0.01).mean() > 0.9
    assert (ridge < 0.01).mean() < 0.5
