"""Locked dropout: one mask of units for an epoch."""

import math

import numpy as np
import pytest

from hpsearch.nn import MLPConfig, StackTrainer, TrainingData
from hpsearch.nn.stack.layers import Hidden

LOCKED = {"dropout_kind": "locked", "dropout": 0.5, "input_dropout": 0.25}


def make_data(n=60, features=5):
    """Return rows of ones of two classes, so that what is dropped shows."""
    return TrainingData(
        X=np.ones((n, features), np.float32),
        y=np.arange(n, dtype=np.int64) % 2,
        X_val=np.empty((0, features), np.float32),
        y_val=np.empty(0, np.int64),
        n_classes=2,
    )


def masks_of_epochs(config, *, epochs, n=60, features=5):
    """Return which inputs and units of each step are dropped, ``(epoch, step, layer)``, row by row.

    Biases are above every sum, so that all units are open.
    """
    trainer = StackTrainer([config], data=make_data(n, features), seeds=[0])
    for layer in trainer._layout.affine(trainer._lanes.parameters):
        layer.b.fill(1e3)
    found = []
    for _ in range(epochs):
        trainer._begin_epoch()
        found.append([])
        for start in range(0, n, config.batch_size):
            chosen = trainer._lanes.order[:, start : start + config.batch_size]
            batch = trainer._batches[chosen.shape[1]]
            batch.gradients(chosen)
            hidden = [layer for layer in batch._stack._rest if isinstance(layer, Hidden)]
            found[-1].append([batch._x[0] == 0, *(layer._activation._slope[0] == 0 for layer in hidden)])
    return found


@pytest.mark.parametrize("batch_size", [1, 25, 60, 100])
def test_locked_masks_hold_for_an_epoch(batch_size):
    """Every row of every batch of an epoch, a short last one included, loses the same inputs and units."""
    found = masks_of_epochs(
        MLPConfig(hidden=(30, 20), batch_size=batch_size, **LOCKED), epochs=3, features=40
    )
    masks = []
    for epoch in found:
        rows = [np.concatenate(parts) for parts in zip(*epoch, strict=True)]
        assert [layer.shape for layer in rows] == [(60, 40), (60, 30), (60, 20)]
        assert all((layer == layer[0]).all() for layer in rows)
        masks.append(np.concatenate([layer[0] for layer in rows]))
        assert 0 < masks[-1][:40].mean() < 0.6
        assert 0.2 < masks[-1][40:].mean() < 0.8
    assert len({mask.tobytes() for mask in masks}) == 3


def test_locked_dropout_keeps_the_expectation():
    """Over 400 epochs the shares of inputs and of units that are dropped are the rates, scaled by 1 / q."""
    config = MLPConfig(hidden=(50,), batch_size=2, **LOCKED)
    found = masks_of_epochs(config, epochs=400, n=2, features=50)
    for layer, rate in ((0, 0.25), (1, 0.5)):
        share = np.mean([epoch[0][layer][0] for epoch in found])
        assert abs(share - rate) < 4 * math.sqrt(rate * (1 - rate) / 20_000)
    data = make_data()
    trainer = StackTrainer([config], data=data, seeds=[0])
    trainer.run_epoch()
    (batch,) = trainer._batches.values()
    assert set(np.unique(batch._x)) == {0, np.float32(4 / 3)}
    assert (data.X == 1).all()


def test_locked_dropout_draws_once_an_epoch():
    """Steps draw no bits: as many are drawn whatever the batches are; a lane at rate 0 draws none."""
    states = []
    for batch_size in (1, 7, 60):
        configs = [
            MLPConfig(hidden=(8, 4), batch_size=batch_size, **LOCKED),
            MLPConfig(hidden=(8, 4), batch_size=batch_size, dropout_kind="locked"),
        ]
        trainer = StackTrainer(configs, data=make_data(), seeds=[0, 1])
        before = [trainer.checkpoint(lane).dropout_bits.tobytes() for lane in (0, 1)]
        trainer.run_epoch()
        after = [trainer.checkpoint(lane).dropout_bits.tobytes() for lane in (0, 1)]
        assert (after[0] != before[0], after[1] == before[1]) == (True, True)
        states.append(after[0])
    assert len(set(states)) == 1


def test_locked_dropout_is_off_in_prediction():
    """A locked unit takes part in predictions: a lane whose rate is 0 predicts them from the same weights."""
    config = MLPConfig(hidden=(6,), batch_size=60, lr=1e-30, **LOCKED)
    plain = MLPConfig(hidden=(6,), batch_size=60, lr=1e-30, dropout_kind="locked")
    trainer = StackTrainer([config, plain], data=make_data(), seeds=[3, 3])
    trainer.run_epoch()
    X = np.random.default_rng(0).standard_normal((9, 5))
    dropped, kept = (trainer.network(lane).outputs(X) for lane in (0, 1))
    assert (dropped == kept).all()


def test_locked_units_do_not_learn():
    """In the epoch of a mask a dropped unit's weights and bias stay, and a kept one's move."""
    config = MLPConfig(
        hidden=(30,), batch_size=20, optimizer="sgd", lr=0.1, dropout_kind="locked", dropout=0.5
    )
    trainer = StackTrainer([config], data=make_data(), seeds=[0], dtype=np.float64)
    before = trainer.network(0)
    trainer.run_epoch()
    after = trainer.network(0)
    dropped = ~trainer._drops.of_layer(1, (1, 60, 30)).mask().keep[0, 0]
    moved = [
        (before.weights[0] != after.weights[0]).any(axis=0),
        before.biases[0] != after.biases[0],
        (before.weights[1] != after.weights[1]).any(axis=1),
    ]
    assert 0 < dropped.sum() < 30
    for parts in moved:
        assert not parts[dropped].any()
        assert parts[~dropped].any()


def test_a_lane_that_leaves_takes_only_its_own_mask():
    """Beside a neighbour that leaves after an epoch, a lane drops what it drops alone."""
    config = MLPConfig(hidden=(20,), batch_size=20, **LOCKED)
    alone, stacked = (StackTrainer([config] * n, data=make_data(), seeds=range(n)) for n in (1, 2))
    for epoch in range(3):
        kept = []
        for trainer in (alone, stacked):
            trainer.run_epoch()
            kept.append([trainer._drops.of_layer(at, (1, 20, 5)).mask().keep[0].tolist() for at in (0, 1)])
        assert kept[0] == kept[1]
        if epoch == 0:
            stacked.drop([1])


def test_locked_dropout_goes_on_from_a_checkpoint():
    """After two of four epochs a lane goes on, alone, with the masks and the bytes of an unbroken run."""
    config, data = MLPConfig(hidden=(8, 4), batch_size=25, **LOCKED), make_data()
    whole = StackTrainer([config] * 3, data=data, seeds=[0, 1, 2])
    for _ in range(2):
        whole.run_epoch()
    again = StackTrainer.resume([whole.checkpoint(1)], data=data)
    for _ in range(2):
        whole.run_epoch()
        again.run_epoch()
        for layer in (0, 1, 2):
            kept = [trainer._drops.of_layer(layer, (1, 25, 8)).mask().keep for trainer in (whole, again)]
            assert (kept[0][1] == kept[1][0]).all()
    assert again.network(0).parameters.tobytes() == whole.network(1).parameters.tobytes()
