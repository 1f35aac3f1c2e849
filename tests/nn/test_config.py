"""Settings: what is accepted, what is refused, and in which words."""

import math
import pickle
from dataclasses import fields

import numpy as np
import pytest

from hpsearch.errors import HpsearchError
from hpsearch.nn import MLPConfig, SettingError


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("hidden", [64], r"^hidden: expected a tuple of whole numbers, found \[64\]$"),
        ("hidden", (64, 0), r"^hidden: expected a whole number, 1 or more, found 0$"),
        ("hidden", (True,), r"^hidden: expected a whole number, 1 or more, found True$"),
        ("hidden", (64.0,), r"^hidden: expected a whole number, 1 or more, found 64\.0$"),
        (
            "activation",
            "rellu",
            r'^activation: expected one of "relu", "tanh".*, found "rellu"; did you mean',
        ),
        ("activation", None, r"^activation: expected one of .*, found None$"),
        ("init", "xyz", r'^init: expected one of "he", "xavier", "glorot".*, found "xyz"$'),
        ("optimizer", "adm", r'^optimizer: expected one of .*, found "adm"; did you mean "adam"\?$'),
        ("lr", 0.0, r"^lr: expected a number above 0, found 0\.0$"),
        ("lr", -0.1, r"^lr: expected a number above 0, found -0\.1$"),
        ("lr", math.inf, r"^lr: expected a number above 0, found inf$"),
        ("lr", math.nan, r"^lr: expected a number above 0, found nan$"),
        ("lr", "0.1", r"^lr: expected a number above 0, found '0\.1'$"),
        ("lr", True, r"^lr: expected a number above 0, found True$"),
        ("weight_decay", -1e-9, r"^weight_decay: expected a number 0 or more, found -1e-09$"),
        ("weight_decay", math.inf, r"^weight_decay: expected a number 0 or more, found inf$"),
        ("dropout", 1.0, r"^dropout: expected a number in \[0, 1\), found 1\.0$"),
        ("dropout", -0.1, r"^dropout: expected a number in \[0, 1\), found -0\.1$"),
        ("input_dropout", 1.0, r"^input_dropout: expected a number in \[0, 1\), found 1\.0$"),
        ("label_smoothing", 1.0, r"^label_smoothing: expected a number in \[0, 1\), found 1\.0$"),
        ("dropout_kind", "alfa", r'^dropout_kind: expected one of "standard", .*; did you mean "alpha"\?$'),
        ("normalization", "btch", r'^normalization: expected one of "none", .*; did you mean "batch"\?$'),
        ("init_scale", -1.0, r"^init_scale: expected a number 0 or more, found -1\.0$"),
        ("init_scale", None, r"^init_scale: expected a number 0 or more, found None$"),
        ("momentum", 1.0, r"^momentum: expected a number in \[0, 1\), found 1\.0$"),
        ("momentum", "0.9", r"^momentum: expected a number in \[0, 1\), found '0\.9'$"),
        ("beta1", -0.1, r"^beta1: expected a number in \[0, 1\), found -0\.1$"),
        ("beta2", 1.5, r"^beta2: expected a number in \[0, 1\), found 1\.5$"),
        ("eps", 0.0, r"^eps: expected a number above 0, found 0\.0$"),
        ("l1", -1.0, r"^l1: expected a number 0 or more, found -1\.0$"),
        ("linf", math.nan, r"^linf: expected a number 0 or more, found nan$"),
        ("schedule", "cosin", r'^schedule: expected one of "constant", .*; did you mean "cosine"\?$'),
        ("schedule", "manual", r'^schedule: expected schedule_rates with "manual", found none$'),
        ("schedule", "warmup", r'^schedule: expected warmup_epochs of 1 or more with "warmup", found 0$'),
        ("schedule_decay", -0.5, r"^schedule_decay: expected a number 0 or more, found -0\.5$"),
        ("schedule_every", 0, r"^schedule_every: expected a whole number, 1 or more, found 0$"),
        ("warmup_epochs", -1, r"^warmup_epochs: expected a whole number, 0 or more, found -1$"),
        ("schedule_rates", [(0, 0.1)], r"^schedule_rates: expected \(epoch, rate\) pairs .*, found \[\(0"),
        ("schedule_rates", ((0, 0.1, 2),), r"^schedule_rates: expected \(epoch, rate\) pairs"),
        (
            "schedule_rates",
            ((3, 0.1), (1, 0.2)),
            r"^schedule_rates: .* rising epochs, found epochs \[3, 1\]$",
        ),
        ("schedule_rates", ((0, -0.1),), r"^schedule_rates: expected a number 0 or more, found -0\.1$"),
        (
            "schedule_rates",
            ((0.5, 0.1),),
            r"^schedule_rates: expected a whole number, 0 or more, found 0\.5$",
        ),
        ("batch_size", 0, r"^batch_size: expected a whole number, 1 or more, found 0$"),
        ("batch_size", 6.4, r"^batch_size: expected a whole number, 1 or more, found 6\.4$"),
        ("epochs", False, r"^epochs: expected a whole number, 1 or more, found False$"),
    ],
)
def test_an_impossible_setting_is_refused_by_name(key, value, message):
    """The error names the key, the expectation and the finding."""
    with pytest.raises(SettingError, match=message) as caught:
        MLPConfig(**{key: value})
    assert caught.value.key == key


def test_the_error_is_of_both_families_and_crosses_processes():
    """A setting error is a hpsearch error and a value error, and survives pickling."""
    with pytest.raises(SettingError, match=r"^lr: ") as caught:
        MLPConfig(lr=-1)
    assert isinstance(caught.value, HpsearchError)
    assert isinstance(caught.value, ValueError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.key) == (str(caught.value), "lr")


def test_numbers_become_plain_python_numbers():
    """Whole rates and NumPy's numbers are stored as built-in floats and ints."""
    config = MLPConfig(lr=1, batch_size=np.int64(32), dropout=np.float32(0.5), hidden=(np.int32(8),))
    assert [type(v) for v in (config.lr, config.batch_size, config.dropout, config.hidden[0])] == [
        float,
        int,
        float,
        int,
    ]


def test_structure_is_what_lanes_must_share():
    """Rates, constants, penalties, shares, initializer and epochs are free; the rest is the structure."""
    config = MLPConfig(hidden=(3,))
    free = MLPConfig(
        hidden=(3,),
        init="glorot",
        init_scale=0.5,
        lr=0.5,
        momentum=0.5,
        beta1=0.5,
        beta2=0.5,
        eps=0.5,
        schedule="manual",
        schedule_decay=0.5,
        schedule_every=2,
        schedule_rates=((1, 0.1),),
        warmup_epochs=1,
        weight_decay=1.0,
        l1=0.5,
        linf=0.5,
        dropout=0.5,
        input_dropout=0.5,
        label_smoothing=0.5,
        epochs=3,
    )
    named = {"hidden", "activation", "optimizer", "batch_size", "normalization", "dropout_kind", "embedding"}
    assert {f.name for f in fields(MLPConfig) if getattr(config, f.name) == getattr(free, f.name)} == named
    assert config.structure == free.structure
    assert hash(config.structure) == hash(free.structure)
    for other in (
        MLPConfig(hidden=(4,)),
        MLPConfig(hidden=(3,), activation="tanh"),
        MLPConfig(hidden=(3,), optimizer="sgd"),
        MLPConfig(hidden=(3,), batch_size=65),
        MLPConfig(hidden=(3,), normalization="batch"),
        MLPConfig(hidden=(3,), dropout_kind="alpha"),
        MLPConfig(hidden=(3,), embedding=1),
    ):
        assert config.structure != other.structure
