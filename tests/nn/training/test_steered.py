"""A steered training: without changes it is any training, and a change is what a schedule would have done."""

from dataclasses import replace

import numpy as np
import pytest

from hpsearch.nn import MLPConfig, SettingError
from hpsearch.nn.training.divergence import LOSS_ALONE
from hpsearch.nn.training.steered import CHANGEABLE, SteeredTraining, changed, digest_of
from tests.nn.training.rows import make_data

CONFIG = MLPConfig(hidden=(5,), optimizer="momentum", lr=0.05, dropout=0.2, batch_size=4)


def steered(config, **more):
    """Return a training of a few rows."""
    return SteeredTraining(config, seed=3, data=make_data(n=14, d=3, outputs=3), **more)


def ran(training, epochs):
    """Train epochs; return their results and the digest of the parameters after them."""
    return [training.run_epoch() for _ in range(epochs)], digest_of(training.state())


@pytest.mark.parametrize("optimizer", ["momentum", "adam", "sgd"])
def test_a_changed_rate_is_the_rate_that_a_manual_schedule_gives(optimizer):
    """The state of the optimizer and the streams go on: only the rate is another one."""
    config = replace(CONFIG, optimizer=optimizer)
    listed = steered(replace(config, schedule="manual", schedule_rates=((3, 0.005),)))
    expected = ran(listed, 6)
    training = steered(config)
    first, _ = ran(training, 3)
    training.change({"lr": 0.005})
    rest, digest = ran(training, 3)
    assert ([*first, *rest], digest) == expected


def test_a_rewound_training_has_the_bits_of_its_first_way():
    """Weights, moments, order and masks are back, and so are the settings of that time."""
    training = steered(CONFIG)
    ran(training, 2)
    state = training.state()
    expected = ran(training, 3)
    training.change({"lr": 0.5, "dropout": 0.6, "weight_decay": 0.1})
    ran(training, 2)
    training.restore(state)
    assert training.config == CONFIG
    assert ran(training, 3) == expected


@pytest.mark.parametrize(
    "setting",
    [
        {"dropout": 0.0},
        {"dropout": 0.9},
        {"input_dropout": 0.5},
        {"weight_decay": 0.1},
        {"momentum": 0.1},
        {"l1": 0.1},
        {"linf": 0.1},
        {"label_smoothing": 0.3},
        {"schedule": "sqrt"},
    ],
    ids=str,
)
def test_each_setting_that_can_change_changes_the_training(setting):
    """From the epoch of the change on, and not before."""
    training, other = steered(CONFIG), steered(CONFIG)
    assert ran(training, 2) == ran(other, 2)
    training.change(setting)
    assert ran(training, 2)[1] != ran(other, 2)[1]


def test_the_test_above_covers_every_setting_that_can_change():
    """A setting that joins the list gets a case."""
    assert set(CHANGEABLE) == {
        "lr", "dropout", "input_dropout", "weight_decay", "momentum", "l1", "linf", "label_smoothing",
        "schedule",
    }  # fmt: skip


def test_an_epoch_that_diverges_can_be_gone_back_behind():
    """Lanes that have left are back after a restore."""
    training = steered(replace(CONFIG, lr=1e30), divergence=LOSS_ALONE)
    state = training.state()
    results, _ = [training.run_epoch()], None
    assert results[0].diverged
    assert np.isnan(results[0].score)
    training.restore(state)
    training.change({"lr": 0.01})
    assert not training.run_epoch().diverged


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"hidden": (3,)},
            r"can change between two epochs \(lr, .*\), found hidden, which holds for a whole",
        ),
        ({"rate": 1.0}, "can change between two epochs .*, found 'rate'"),
        ({"lr": -1.0}, "lr: expected a number above 0, found -1.0"),
        ({"dropout": 1.0}, r"dropout: expected a number in \[0, 1\), found 1.0"),
    ],
)
def test_what_cannot_change_is_refused(settings, message):
    """The message names what can."""
    with pytest.raises(SettingError, match=message):
        steered(CONFIG).change(settings)


def test_a_setting_that_would_say_nothing_is_refused():
    """Adam reads no momentum, and a manual schedule no rate."""
    with pytest.raises(SettingError, match=r"expected an optimizer that reads it \(momentum, .*found adam"):
        changed(replace(CONFIG, optimizer="adam"), {"momentum": 0.5})
    listed = replace(CONFIG, schedule="manual", schedule_rates=((1, 0.1),))
    with pytest.raises(SettingError, match="lists its rates; change the schedule as well: schedule constant"):
        changed(listed, {"lr": 0.5})
    assert changed(listed, {"lr": 0.5, "schedule": "constant"}).lr_at(5) == 0.5
