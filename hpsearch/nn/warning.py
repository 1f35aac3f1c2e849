"""Warnings about the settings of a network: what they ask for that training does not do."""

import warnings
from collections.abc import Iterator, Sequence

from hpsearch.errors import SettingWarning
from hpsearch.nn.config import MLPConfig
from hpsearch.nn.functions.dropout import HIGHEST_RATE
from hpsearch.nn.functions.normalization import normalizes_batches, one_row_batch


def warn_of(configs: Sequence[MLPConfig], *, rows: int, stacklevel: int) -> None:
    """Warn of each setting that does not do what it seems to, once for all networks.

    Args:
        configs: The settings of the networks.
        rows: Training rows.
        stacklevel: 1 for the caller of this function, 2 for the caller's caller.
    """
    lines = dict.fromkeys(line for config in configs for line in _lines(config, rows))
    for line in lines:
        warnings.warn(line, SettingWarning, stacklevel=stacklevel + 1)


def rate_warning(rate: float) -> str | None:
    """Return the words on a rate of dropout that is not used as it is; ``None`` for one that is.

    Example:
        >>> rate_warning(0.999)
        '0.999 is used as 0.99609375, the highest rate, which keeps one unit in 256'
    """
    if rate <= HIGHEST_RATE:
        return None
    return f"{rate!r} is used as {HIGHEST_RATE}, the highest rate, which keeps one unit in 256"


def _lines(config: MLPConfig, rows: int) -> Iterator[str]:
    if config.hidden and normalizes_batches(config.normalization) and one_row_batch(rows, config.batch_size):
        yield (
            f"batch_size: {config.batch_size} of {rows} rows leaves a batch of one row, of which batch "
            "normalization learns nothing; choose another"
        )
    rates = {"input_dropout": config.input_dropout, "dropout": config.dropout if config.hidden else 0.0}
    for name, rate in rates.items():
        words = rate_warning(rate)
        if words:
            yield f"{name}: {words}"
