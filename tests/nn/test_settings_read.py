"""What a network's training reads, held against what changes its weights."""

from dataclasses import fields, replace

import numpy as np
import pytest

from hpsearch.nn import ACTIVATIONS, INITIALIZERS, NORMALIZATIONS, OPTIMIZERS, SCHEDULES, MLPConfig, fit_stack
from hpsearch.nn.config import CONSTANTS
from hpsearch.nn.settings_read import SCHEDULED, readers, unread

X = np.random.default_rng(0).normal(size=(24, 3)).astype(np.float32)
Y = np.arange(24) % 3
BASE = MLPConfig(
    hidden=(5,),
    lr=0.01,
    init_scale=0.5,
    batch_size=7,
    epochs=4,
    schedule_every=2,
    schedule_rates=((1, 0.02),),
    warmup_epochs=1,
    weight_decay=0.01,
    l1=0.001,
    linf=0.001,
    dropout=0.1,
    input_dropout=0.1,
    label_smoothing=0.1,
)
OTHER = {
    "activation": "tanh",
    "normalization": "layer",
    "init_scale": 0.7,
    "lr": 0.03,
    "momentum": 0.3,
    "beta1": 0.3,
    "beta2": 0.4,
    "eps": 1e-3,
    "schedule_decay": 0.3,
    "schedule_every": 1,
    "schedule_rates": ((1, 0.05),),
    "warmup_epochs": 2,
    "weight_decay": 0.1,
    "l1": 0.01,
    "linf": 0.02,
    "dropout": 0.4,
    "input_dropout": 0.4,
    "label_smoothing": 0.3,
    "dropout_kind": "variational",
    "batch_size": 9,
}
"""Another value of each setting that may be unread, or that all networks read."""
BASES = {
    **{f"optimizer {name}": replace(BASE, optimizer=name) for name in OPTIMIZERS},
    **{f"schedule {name}": replace(BASE, schedule=name) for name in SCHEDULES},
    **{f"init {name}": replace(BASE, init=name) for name in INITIALIZERS},
    **{f"normalization {name}": replace(BASE, normalization=name) for name in NORMALIZATIONS},
    **{f"activation {name}": replace(BASE, activation=name) for name in ACTIVATIONS},
    "manual from the first epoch": replace(BASE, schedule="manual", schedule_rates=((0, 0.1), (2, 0.02))),
    "no hidden layer": replace(BASE, hidden=()),
    "no dropout": replace(BASE, dropout=0.0, input_dropout=0.0),
    "dropout of inputs": replace(BASE, dropout=0.0),
    "dropout of units": replace(BASE, input_dropout=0.0),
    "dropout of no unit": replace(BASE, hidden=(), input_dropout=0.0),
}


def weights(config):
    """Return the bits of the weights that training ends with."""
    (result,) = fit_stack([config], X, Y, X, Y, epochs=config.epochs, seed=3)
    return result.network.parameters.tobytes()


def comparable(config, setting, value):
    """Return whether another value of a setting shows whether the setting is read."""
    if config.init in {"zeros", "constant"}:  # units that start equal hide most of what is read
        return setting in {"lr", "init_scale"}
    turned_on = setting in {"dropout", "input_dropout"} and not getattr(config, setting)
    return getattr(config, setting) != value and not turned_on


@pytest.mark.parametrize("name", BASES)
def test_fault_86_what_is_unread_changes_no_weight_and_what_is_read_does(name):
    """Each setting is given another value, under each optimizer, schedule, initializer and so on."""
    config = BASES[name]
    idle, before = unread(config), weights(config)
    for setting, value in OTHER.items():
        if comparable(config, setting, value):
            changed = weights(replace(config, **{setting: value})) != before
            assert changed is (setting not in idle), f"{name}: {setting}"


def test_fault_86_no_setting_of_an_optimizer_or_schedule_can_be_forgotten():
    """All of them are settings of a network, and each is read by one at least."""
    assert {field.name for field in fields(MLPConfig)} >= CONSTANTS | SCHEDULED
    assert all(readers(BASE, name, "optimizer") for name in CONSTANTS)
    assert all(readers(BASE, name, "schedule") for name in SCHEDULED)
    assert readers(BASE, "momentum", "optimizer") == ["momentum", "averaged_momentum", "nesterov"]
    assert readers(BASE, "schedule_decay", "schedule") == ["time", "exponential", "staircase"]
    assert readers(BASE, "dropout_kind", "dropout") == []
