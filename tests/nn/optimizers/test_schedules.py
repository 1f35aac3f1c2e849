"""Schedules: values by hand at named epochs, and that training obeys them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.nn import SCHEDULES, MLPConfig, StackTrainer, TrainingData

TERMS = {"lr": 0.8, "epochs": 8, "schedule_every": 3, "warmup_epochs": 0}
BY_HAND = {
    "constant": ({}, {0: 0.8, 7: 0.8, 100: 0.8}),
    "time": ({"schedule_decay": 0.5}, {0: 0.8, 1: 0.8 / 1.5, 2: 0.4, 6: 0.2}),
    "exponential": ({}, {0: 0.8, 1: 0.76, 2: 0.722}),
    "sqrt": ({}, {0: 0.8, 3: 0.4, 15: 0.2}),
    "staircase": ({}, {0: 0.8, 2: 0.8, 3: 0.4, 5: 0.4, 6: 0.2}),
    "cosine": ({}, {0: 0.8, 2: 0.4 * (1 + math.sqrt(0.5)), 4: 0.4, 8: 0.0, 50: 0.0}),
    "warmup": ({"warmup_epochs": 3}, {0: 0.2, 1: 0.4, 2: 0.6, 3: 0.8, 9: 0.8}),
    "manual": ({"schedule_rates": ((2, 0.5), (4, 0.1))}, {0: 0.8, 1: 0.8, 2: 0.5, 3: 0.5, 4: 0.1, 9: 0.1}),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_rates_by_hand(name):
    """Each schedule has its formula's rate at named epochs, the first of which is 0."""
    settings, expected = BY_HAND[name]
    config = MLPConfig(schedule=name, **{**TERMS, **settings})
    assert {epoch: config.lr_at(epoch) for epoch in expected} == pytest.approx(expected, abs=1e-15)


def test_defaults_of_decay():
    """Without a decay of their own, time takes 1, exponential 0.95 and staircase a half."""
    rates = {
        name: MLPConfig(schedule=name, lr=1.0).lr_at(10) for name in ("time", "exponential", "staircase")
    }
    assert rates == pytest.approx({"time": 1 / 11, "exponential": 0.95**10, "staircase": 0.5})


@given(name=st.sampled_from(sorted(SCHEDULES)), epoch=st.integers(0, 1000), warm=st.integers(1, 50))
def test_a_warm_up_multiplies_every_schedule(name, epoch, warm):
    """With a warm-up of n epochs a rate is (epoch + 1) / (n + 1) of what it is without, at most all of it."""
    base = "constant" if name == "warmup" else name
    plain = MLPConfig(schedule=base, schedule_rates=((5, 0.5),), lr=0.8)
    warmed = MLPConfig(schedule=name, schedule_rates=((5, 0.5),), lr=0.8, warmup_epochs=warm)
    share = min(1.0, (epoch + 1) / (warm + 1))
    assert warmed.lr_at(epoch) == pytest.approx(plain.lr_at(epoch) * share)


@given(
    name=st.sampled_from(sorted(SCHEDULES)),
    lr=st.floats(1e-6, 10),
    decay=st.one_of(st.none(), st.floats(0, 1)),
    epochs=st.integers(1, 100),
)
def test_rates_fall_once_warm(name, lr, decay, epochs):
    """After the warm-up no schedule but a manual list rises, and none leaves 0..lr."""
    config = MLPConfig(
        schedule=name,
        lr=lr,
        schedule_decay=decay,
        epochs=epochs,
        warmup_epochs=1,
        schedule_rates=((1, lr / 2),),
    )
    rates = [config.lr_at(epoch) for epoch in range(1, 30)]
    assert all(0 <= rate <= lr for rate in rates)
    assert rates == sorted(rates, reverse=True)


def test_training_obeys_each_lanes_schedule():
    """Lanes of one stack follow schedules of their own, epoch by epoch, also after others have left."""
    data = TrainingData(
        X=np.ones((7, 2), np.float32),
        y=np.array([0, 1, 1, 0, 1, 0, 0]),
        X_val=np.empty((0, 2), np.float32),
        y_val=np.empty(0, np.int64),
        n_classes=2,
    )
    configs = [
        MLPConfig(
            hidden=(), lr=1e-3, batch_size=3, schedule=name, warmup_epochs=1, schedule_rates=((2, 0.5),)
        )
        for name in SCHEDULES
    ]
    trainer = StackTrainer(configs, data=data, seeds=range(len(configs)))
    for epoch in range(5):
        trainer.run_epoch()
        expected = [[configs[lane].lr_at(epoch)] for lane in trainer.lanes]
        assert trainer._updater.lr == pytest.approx(np.array(expected), rel=1e-6)
        trainer.drop({epoch} & set(trainer.lanes))
