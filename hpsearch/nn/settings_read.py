"""The settings of a network that its training reads, found from the parts that read them."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import fields, replace

import numpy as np

from hpsearch.nn.config import CONSTANTS, MLPConfig, SettingError, names_of
from hpsearch.nn.functions.initializers import INITIALIZERS
from hpsearch.nn.optimizers import OPTIMIZERS
from hpsearch.nn.optimizers.schedules import ScheduleSettings

_EPOCHS = 100
"""Epochs in which a schedule is watched; it reads all that it ever reads in its first ones."""

SCHEDULED = frozenset(name for name, kind in vars(ScheduleSettings).items() if isinstance(kind, property))
"""The settings that a schedule may read."""


class ReadRecord:
    """A record of which settings are read, which stands in for them.

    Args:
        config: The settings.

    Attributes:
        names: The names of those read so far.
    """

    def __init__(self, config: MLPConfig) -> None:
        self._config = config
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.names.add(name)
        return getattr(self._config, name)


def unread(config: MLPConfig) -> dict[str, str]:
    """Return name -> the setting whose value leaves it unread, for each setting that training does not read.

    Example:
        >>> unread(MLPConfig(optimizer="adam"))["momentum"]
        'optimizer'
    """
    return {name: key for key, names in _unread(config) for name in sorted(names)}


def readers(config: MLPConfig, name: str, key: str) -> list[str]:
    """Return the values of a setting ``key`` under which a setting ``name`` is read.

    Example:
        >>> readers(MLPConfig(), "beta1", "optimizer")
        ['adam', 'adamw']
    """
    found = []
    for value in names_of(key):
        try:
            other = replace(config, **{key: value})  # type: ignore[arg-type]  # it refuses other types
        except SettingError:  # such as a warm-up without epochs
            continue
        if name not in unread(other):
            found.append(value)
    return found


def _unread(config: MLPConfig) -> Iterator[tuple[str, AbstractSet[str]]]:
    """Yield a setting, and the settings that its value leaves unread."""
    yield "optimizer", CONSTANTS - {field.name for field in fields(OPTIMIZERS[config.optimizer])}  # type: ignore[arg-type]  # all are dataclasses
    settings = ReadRecord(config)
    for epoch in range(min(config.epochs, _EPOCHS)):
        MLPConfig.lr_at(settings, epoch)  # type: ignore[arg-type]  # it stands for one
    yield "schedule", SCHEDULED - settings.names - {"epochs"}  # every training counts its epochs
    if not INITIALIZERS[config.init](np.random.default_rng(0), (2, 2)).any():
        yield "init", {"init_scale"}
    if not config.hidden:
        yield "hidden", {"activation", "normalization", "dropout"}
    if not (config.dropout and config.hidden) and not config.input_dropout:
        yield "dropout", {"dropout_kind"}
