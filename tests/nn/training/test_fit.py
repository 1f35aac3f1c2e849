"""Fitting many configs at once: order, labels, results, and real digits."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_digits

from hpsearch.errors import DataError
from hpsearch.nn import LaneState, MLPConfig, SettingError, fit_stack, stack_width


@pytest.fixture(scope="module")
def digits():
    """Return scaled digits: 1,100 rows to train, 360 to validate."""
    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(X))
    X = (X / 16).astype(np.float32)[order]
    y = y[order]
    return X[:1100], y[:1100], X[1100:1460], y[1100:1460]


def small(labels=(0, 1), n=60):
    """Return rows of two classes that a line separates, labelled as asked."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, 3)).astype(np.float32)
    y = np.array(labels)[(X[:, 0] > 0).astype(int)]
    return X[:40], y[:40], X[40:], y[40:]


def test_digits_are_learned(digits):
    """The default network passes 95 % in ten epochs, in each activation's usual setting."""
    relu = MLPConfig(hidden=(64, 64), lr=3e-3)
    regular = MLPConfig(hidden=(64, 64), lr=3e-3, dropout=0.1, weight_decay=1e-5)
    tanh = MLPConfig(hidden=(64, 64), lr=3e-3, activation="tanh", init="glorot")
    results = fit_stack([relu, regular, tanh], *digits, epochs=10, seed=0)
    assert all(result.state == "complete" for result in results)
    assert all(result.curve.shape == (10,) and result.curve[-1] > 0.95 for result in results)


def test_softmax_regression_learns_digits(digits):
    """With no hidden layer the network is softmax regression, and passes 90 %."""
    (result,) = fit_stack([MLPConfig(hidden=(), lr=0.02)], *digits, epochs=10, seed=0)
    assert len(result.network.weights) == 1
    assert result.curve[-1] > 0.9


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_schedules_run_over_the_epochs_that_are_asked_for(schedule):
    """A config of 10 epochs that is fitted for 30 does what a config of 30 epochs does."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((40, 3)), rng.integers(0, 2, 40)
    own = MLPConfig(hidden=(4,), schedule=schedule, epochs=10)
    short, long = fit_stack([own, replace(own, epochs=30)], X, y, X, y, epochs=30, seed=1)
    assert short.network.config.epochs == 30
    assert short.network.parameters.tobytes() == long.network.parameters.tobytes()


def test_results_come_in_the_order_of_configs():
    """Mixed structures are grouped inside, and each result is that of its config alone."""
    configs = [
        MLPConfig(hidden=(4,)),
        MLPConfig(hidden=()),
        MLPConfig(hidden=(4,), lr=0.1),
        MLPConfig(hidden=(4,), optimizer="sgd"),
        MLPConfig(hidden=(), batch_size=8),
    ]
    results = fit_stack(configs, *small(), epochs=3, seed=5)
    for config, result in zip(configs, results, strict=True):
        (alone,) = fit_stack([config], *small(), epochs=3, seed=5)
        assert result.network.config == replace(config, epochs=3)
        assert result.curve.tobytes() == alone.curve.tobytes()
        assert result.network.parameters.tobytes() == alone.network.parameters.tobytes()


def test_the_width_of_stacks_changes_nothing(monkeypatch):
    """Stacks one, two or many lanes wide give the same bytes."""
    configs = [MLPConfig(hidden=(4,), lr=0.01 * (i + 1), dropout=0.1 * i) for i in range(5)]
    many = fit_stack(configs, *small(), epochs=3, seed=5)
    for width in (1, 2):
        monkeypatch.setattr("hpsearch.nn.training.stacks.stack_width", lambda *_, width=width, **__: width)
        for one, other in zip(many, fit_stack(configs, *small(), epochs=3, seed=5), strict=True):
            assert one.network.parameters.tobytes() == other.network.parameters.tobytes()


def test_one_seed_is_every_lanes_and_a_sequence_is_one_each():
    """Under one seed equal configs give equal networks; seeds of their own make them differ."""
    config = MLPConfig(hidden=(4,))
    same = fit_stack([config] * 2, *small(), epochs=1, seed=3)
    own = fit_stack([config] * 2, *small(), epochs=1, seed=[3, 4])
    weights = [result.network.parameters.tobytes() for result in (*same, *own)]
    assert weights[0] == weights[1] == weights[2] != weights[3]


@pytest.mark.parametrize("labels", [("cat", "dog"), (-5, 7), (1.5, 2.5), (False, True)])
def test_labels_of_any_kind_come_back(labels):
    """Predictions are the original labels, of their own type, and mostly right."""
    X, y, X_val, y_val = small(labels)
    (result,) = fit_stack([MLPConfig(hidden=(8,), lr=0.05)], X, y, X_val, y_val, epochs=20, seed=0)
    predicted = result.network.predict(X_val)
    assert predicted.dtype == y.dtype
    assert (predicted == y_val).mean() == result.curve[-1] >= 0.9


def test_probabilities_belong_to_the_predictions():
    """Rows sum to one, and the most probable class is the predicted one."""
    X, y, X_val, y_val = small(("cat", "dog"))
    (result,) = fit_stack([MLPConfig(hidden=(8,))], X, y, X_val, y_val, epochs=2, seed=0)
    P = result.network.predict_proba(X_val)
    assert P.shape == (20, 2)
    assert P.sum(axis=1) == pytest.approx(np.ones(20))
    assert (result.network.classes[P.argmax(axis=1)] == result.network.predict(X_val)).all()
    assert result.network.predict(X_val[:0]).shape == (0,)


def test_a_diverged_lane_has_a_shorter_curve():
    """A lane that diverges is marked, its curve ends before that epoch, and it still predicts something."""
    configs = [
        MLPConfig(hidden=(4,), optimizer="sgd", lr=1e20, batch_size=8),
        MLPConfig(hidden=(4,), optimizer="sgd", lr=0.1, batch_size=8),
    ]
    broken, sound = fit_stack(configs, *small(), epochs=4, seed=0)
    assert (broken.state, broken.curve.size) == (LaneState.DIVERGED, 0)
    assert (sound.state, sound.curve.size) == (LaneState.COMPLETE, 4)
    assert broken.state == "diverged"
    assert broken.network.predict(small()[2]).shape == (20,)


def test_impossible_calls_are_refused():
    """Epochs, seeds and labels that cannot be are named."""
    X, y, X_val, y_val = small()
    config = MLPConfig(hidden=())
    with pytest.raises(SettingError, match=r"epochs: expected a whole number, 1 or more, found 0"):
        fit_stack([config], X, y, X_val, y_val, epochs=0, seed=0)
    with pytest.raises(SettingError, match=r"seed: expected one, or one a lane, 1, found 2"):
        fit_stack([config], X, y, X_val, y_val, epochs=1, seed=[0, 1])
    with pytest.raises(DataError, match=r"y_val: expected labels that occur in y, found 9"):
        fit_stack([config], X, y, X_val, y_val + 9, epochs=1, seed=0)
    (result,) = fit_stack([config], X, y, X_val, y_val, epochs=1, seed=0)
    with pytest.raises(DataError, match=r"X: expected shape \(n, 3\), found \(20, 2\)"):
        result.network.predict(X_val[:, :2])


def test_no_configs_give_no_results():
    """Fitting nothing returns nothing."""
    assert fit_stack([], *small(), epochs=1, seed=0) == []


def test_width_follows_size():
    """Small networks stack wide, large ones train alone, and the width is never below one."""
    widths = [
        stack_width(MLPConfig(hidden=hidden), 64, 10)
        for hidden in ((), (64, 64), (256, 256), (1024, 1024), (4096, 4096))
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[1] >= 16
    assert widths[-1] == 1
