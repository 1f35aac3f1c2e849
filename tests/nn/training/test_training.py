"""Training: batches, divergence, leaving, memory, and that it learns."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.errors import DataError
from hpsearch.nn import MLPConfig, SettingError, StackTrainer, TrainingData
from hpsearch.nn.layout import Layout
from hpsearch.nn.training.lanes import Lanes
from tests.nn.memory import memory_of_epochs


def make_data(*, n=50, n_val=20, d=6, classes=3, seed=0):
    """Return random rows of random classes."""
    rng = np.random.default_rng(seed)
    return TrainingData(
        X=rng.standard_normal((n, d)).astype(np.float32),
        y=rng.integers(0, classes, n),
        X_val=rng.standard_normal((n_val, d)).astype(np.float32),
        y_val=rng.integers(0, classes, n_val),
        n_classes=classes,
    )


def reference_epoch(config, data, order, parameters):
    """Return a one-lane epoch of SGD with ReLU in plain float64 NumPy, and its mean loss."""
    (W1, b1), (W2, b2) = parameters
    losses = 0.0
    for start in range(0, len(order), config.batch_size):
        rows = order[start : start + config.batch_size]
        X, y = data.X[rows].astype(np.float64), data.y[rows]
        Z = X @ W1 + b1
        H = np.maximum(Z, 0)
        logits = H @ W2 + b2
        P = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        losses -= np.log(P[np.arange(len(y)), y]).sum()
        P[np.arange(len(y)), y] -= 1
        dZ2 = P / len(y)
        dZ1 = dZ2 @ W2.T * (Z > 0)
        gradients = X.T @ dZ1 + config.weight_decay * W1, dZ1.sum(0), H.T @ dZ2 + config.weight_decay * W2
        W1, b1, W2 = (w - config.lr * g for w, g in zip((W1, b1, W2), gradients, strict=True))
        b2 = b2 - config.lr * dZ2.sum(0)
    return W1, b1, W2, b2, losses / len(order)


@pytest.mark.parametrize("batch_size", [1, 7, 50, 64])
def test_an_epoch_is_the_textbooks(batch_size):
    """Single rows, a short last batch, the full batch and more than that do what plain NumPy does."""
    data = make_data()
    config = MLPConfig(hidden=(5,), optimizer="sgd", lr=0.1, weight_decay=0.01, batch_size=batch_size)
    trainer = StackTrainer([config], data=data, seeds=[7], dtype=np.float64)
    start = trainer.network(0)
    lanes = Lanes.start([config], [7], layout=Layout(sizes=(6, 5, 3)), n=50, dtype=np.float64)
    lanes.shuffle()
    parameters = list(zip(start.weights, start.biases, strict=True))
    W1, b1, W2, b2, loss = reference_epoch(config, data, lanes.order[0], parameters)
    result = trainer.run_epoch()
    end = trainer.network(0)
    assert result.loss == pytest.approx([loss])
    for found, expected in zip((*end.weights, *end.biases), (W1, W2, b1, b2), strict=True):
        assert found == pytest.approx(expected, abs=1e-12)


def test_each_epoch_sees_every_row_in_a_new_order():
    """Orders are permutations; they differ between epochs and between seeds."""
    config = MLPConfig(hidden=())
    lanes = Lanes.start([config] * 2, [0, 1], layout=Layout(sizes=(2, 2)), n=31, dtype=np.float32)
    orders = []
    for _ in range(3):
        lanes.shuffle()
        orders += [tuple(order) for order in lanes.order]
    assert len(set(orders)) == 6
    assert all(sorted(order) == list(range(31)) for order in orders)


def test_fault_35_a_lane_with_a_huge_rate_diverges_alone():
    """One lane of three diverges and leaves; its place is reported and the others go on."""
    data = make_data(n=200)
    base = MLPConfig(hidden=(8,), optimizer="sgd", lr=0.01)
    trainer = StackTrainer([base, replace(base, lr=1e12), base], data=data, seeds=[0, 1, 2])
    result = trainer.run_epoch()
    assert result.lanes == (0, 1, 2)
    assert result.diverged.tolist() == [False, True, False]
    assert np.isnan(result.score).tolist() == [False, True, False]
    assert result.score.dtype == np.float64
    assert trainer.lanes == (0, 2)
    assert trainer.run_epoch().lanes == (0, 2)


def test_fault_35_a_finite_loss_above_twice_its_start_diverges():
    """A lane whose loss grows without overflowing is stopped as well."""
    data = make_data(n=200)
    config = MLPConfig(hidden=(8,), optimizer="adam", lr=3.0)
    result = StackTrainer([config], data=data, seeds=[0]).run_epoch()
    assert np.isfinite(result.loss[0])
    assert result.diverged.tolist() == [True]


def test_fault_35_weights_that_overflow_in_the_last_step_diverge():
    """A lane whose only step ends in infinite weights diverges, though its loss was taken before."""
    config = MLPConfig(hidden=(8,), optimizer="sgd", lr=1e38, batch_size=50, weight_decay=1e10)
    result = StackTrainer([config], data=make_data(), seeds=[0]).run_epoch()
    assert np.isfinite(result.loss[0])
    assert result.diverged.tolist() == [True]


def test_an_empty_stack_does_nothing():
    """When every lane has left, an epoch is empty."""
    trainer = StackTrainer([MLPConfig(hidden=())], data=make_data(), seeds=[0])
    trainer.drop([0])
    result = trainer.run_epoch()
    assert (result.lanes, result.score.shape, result.loss.shape, result.diverged.shape) == (
        (),
        (0,),
        (0,),
        (0,),
    )


def test_a_network_is_kept_as_of_its_leaving():
    """The weights of a lane that left stay what they were, and are a copy."""
    trainer = StackTrainer([MLPConfig(hidden=(4,))] * 2, data=make_data(), seeds=[0, 1])
    trainer.run_epoch()
    before = trainer.network(1).parameters
    trainer.drop([1])
    trainer.run_epoch()
    assert (trainer.network(1).parameters == before).all()
    trainer.network(1).parameters[:] = 0
    assert (trainer.network(1).parameters == before).all()
    trainer.network(0).parameters[:] = 0
    assert (trainer.network(0).parameters != 0).any()


def test_lanes_that_are_not_there_are_refused():
    """Dropping a lane twice, or asking for one that never was, names what there is."""
    trainer = StackTrainer([MLPConfig(hidden=())] * 2, data=make_data(), seeds=[0, 1])
    trainer.drop([1])
    with pytest.raises(SettingError, match=r"lanes: expected some of \[0\], found \[1\]"):
        trainer.drop([0, 1])
    assert trainer.lanes == (0,)
    with pytest.raises(SettingError, match=r"lane: expected a place from 0 to 1, found 2"):
        trainer.network(2)


def test_stacks_that_do_not_fit_are_refused():
    """No lanes, mixed structures, missing seeds and negative seeds are refused by name."""
    data, config = make_data(), MLPConfig(hidden=(4,))
    with pytest.raises(SettingError, match=r"configs: expected at least one lane, found none"):
        StackTrainer([], data=data, seeds=[])
    with pytest.raises(
        SettingError, match=r"configs: expected the structure .* in lane 1; give each structure"
    ):
        StackTrainer([config, MLPConfig(hidden=(5,))], data=data, seeds=[0, 1])
    with pytest.raises(SettingError, match=r"seeds: expected one a lane, 1, found 2"):
        StackTrainer([config], data=data, seeds=[0, 1])
    with pytest.raises(SettingError, match=r"seeds: expected a whole number, 0 or more, found -1"):
        StackTrainer([config], data=data, seeds=[-1])
    with pytest.raises(SettingError, match=r"seeds: expected a whole number, 0 or more, found 1\.5"):
        StackTrainer([config], data=data, seeds=[1.5])


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("X", np.zeros((0, 6), np.float32), r"X: expected at least one row, found none"),
        ("X", np.zeros((50, 0), np.float32), r"X: expected at least one feature, found 0"),
        (
            "X",
            np.zeros((50, 6), np.int64),
            r"X: expected real numbers \(rows, features\), found int64 \(50, 6\)",
        ),
        ("X", np.full((50, 6), np.nan), r"X: expected finite numbers, found NaN or infinity"),
        ("X_val", np.zeros((20, 5), np.float32), r"X_val: expected 6 features as in X, found 5"),
        ("y", np.zeros(49, np.int64), r"y: expected int64 \(50,\), found int64 \(49,\)"),
        ("y", np.zeros(50, np.float64), r"y: expected int64 \(50,\), found float64 \(50,\)"),
        ("y", np.full(50, 3), r"y: expected classes 0\.\.2, found 3\.\.3"),
        ("y_val", np.full(20, -1), r"y_val: expected classes 0\.\.2, found -1\.\.-1"),
    ],
)
def test_data_that_do_not_fit_are_refused(field, value, message):
    """Each array that does not fit is named, with what was expected and found."""
    with pytest.raises(DataError, match=message):
        replace(make_data(), **{field: value})


def test_read_only_memory_maps_are_trained_on_without_a_copy(tmp_path):
    """Float32 rows in a read-only file are used where they are."""
    data = make_data()
    np.save(tmp_path / "X.npy", data.X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    config = MLPConfig(hidden=(4,), dropout=0.2)
    trainer = StackTrainer([config], data=replace(data, X=mapped), seeds=[0])
    plain = StackTrainer([config], data=data, seeds=[0])
    assert np.shares_memory(trainer._rows.pool.X, mapped)
    assert trainer.run_epoch().loss == plain.run_epoch().loss
    assert (trainer.network(0).parameters == plain.network(0).parameters).all()


@settings(max_examples=25, deadline=None)
@given(n_val=st.integers(1, 600), seed=st.integers(0, 9))
def test_accuracy_is_that_of_the_networks_predictions(n_val, seed):
    """However many validation rows, the share of right predictions is the accuracy, exactly."""
    data = make_data(n=20, n_val=n_val, seed=seed)
    trainer = StackTrainer([MLPConfig(hidden=(4,))] * 2, data=data, seeds=[0, 1])
    result = trainer.run_epoch()
    shares = [(trainer.network(i).predict(data.X_val) == data.y_val).mean() for i in range(2)]
    assert result.score.tolist() == shares


def test_without_validation_rows_accuracy_is_nan():
    """Training goes on without validation rows, and accuracies are not numbers."""
    data = replace(make_data(), X_val=np.empty((0, 6), np.float32), y_val=np.empty(0, np.int64))
    result = StackTrainer([MLPConfig(hidden=())], data=data, seeds=[0]).run_epoch()
    assert np.isnan(result.score).all()
    assert not result.diverged.any()


def test_a_dead_network_is_not_always_right():
    """When all logits are equal the first class is predicted, no other."""
    data = replace(make_data(), X_val=np.zeros((20, 6), np.float32))
    trainer = StackTrainer([MLPConfig(hidden=(), lr=1e-30)], data=data, seeds=[0])
    assert trainer.run_epoch().score[0] == (data.y_val == 0).mean()


KINDS = {
    "default": {"dropout": 0.1, "weight_decay": 1e-4},
    "batch, nesterov, sigmoid": {"normalization": "batch", "optimizer": "nesterov", "activation": "sigmoid"},
    "layer, rmsprop, gelu": {"normalization": "layer", "optimizer": "rmsprop", "activation": "gelu"},
    "alpha, adamw, selu": {
        "dropout": 0.1,
        "dropout_kind": "alpha",
        "optimizer": "adamw",
        "activation": "selu",
        "weight_decay": 0.1,
    },
    "variational, adagrad, prelu": {
        "dropout": 0.1,
        "input_dropout": 0.1,
        "dropout_kind": "variational",
        "optimizer": "adagrad",
        "activation": "prelu",
    },
    "inputs, l1, linf, softplus": {
        "input_dropout": 0.1,
        "l1": 1e-4,
        "linf": 1e-4,
        "optimizer": "averaged_momentum",
        "activation": "softplus",
    },
    "own constants, elu": {"activation": "elu", "schedule": "cosine", "epochs": 200},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sampled
def test_steps_allocate_nothing(kind):
    """Once warm, 300 steps leave nothing behind, and no moment needs as much as one buffer more."""
    data = make_data(n=640, n_val=0, d=64, classes=10)
    base = MLPConfig(hidden=(64, 64), **KINDS[kind])
    configs = [replace(base, beta1=0.1 * i if kind.startswith("own") else None) for i in range(8)]
    trainer = StackTrainer(configs, data=data, seeds=range(8))
    kept, needed = memory_of_epochs(trainer, 30)
    assert len(trainer.lanes) == 8
    assert kept < 300 * 32  # not even the smallest object a step
    assert needed < 4 * 8 * 64 * 64  # one layer's activations, 128 KiB


def test_training_is_single_precision_throughout():
    """Parameters, gradients, moments and buffers are float32 unless asked otherwise."""
    trainer = StackTrainer([MLPConfig(hidden=(4,), dropout=0.5)], data=make_data(), seeds=[0])
    trainer.run_epoch()
    lanes = trainer._lanes
    assert {a.dtype for a in (lanes.parameters, *lanes.moments, *lanes.rates)} == {np.dtype(np.float32)}
    assert trainer.network(0).parameters.dtype == np.float32


def test_an_epoch_leaves_the_buffers_of_numpy_as_they_were():
    """The size of NumPy's buffers, which an epoch changes, is the caller's again after it."""
    before = np.getbufsize()
    StackTrainer([MLPConfig(hidden=(4,))], data=make_data(), seeds=[0]).run_epoch()
    assert np.getbufsize() == before
