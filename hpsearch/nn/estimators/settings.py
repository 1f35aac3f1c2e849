"""Settings of an estimator that are no settings of its network, or that it takes in more forms."""

import math
from numbers import Real
from typing import Any

import numpy as np

from hpsearch.nn.config import SettingError, whole_number


def hidden_layers(hidden: Any) -> tuple[int, ...]:
    """Return the units of each hidden layer; one whole number is one layer.

    Raises:
        SettingError: It is no whole number, nor a tuple, list or array of whole numbers, each 1 or more.

    Example:
        >>> hidden_layers(8), hidden_layers(np.array([8, 4]))
        ((8,), (8, 4))
    """
    plain = hidden.tolist() if isinstance(hidden, np.ndarray) else hidden
    try:
        return tuple(whole_number("hidden", size) for size in (plain if _listed(plain) else (plain,)))
    except SettingError:
        raise SettingError(
            "hidden",
            f"expected the units of each layer, whole numbers, 1 or more, as 8 or (64, 64), found {hidden!r}",
        ) from None


def flag(name: str, value: object) -> bool:
    """Return a setting that is on or off.

    Raises:
        SettingError: It is no bool.
    """
    if not isinstance(value, bool | np.bool_):
        raise SettingError(name, f"expected True or False, found {value!r}")
    return bool(value)


def share(name: str, value: object, *, above_zero: bool) -> float:
    """Return a share of the rows, in [0, 1).

    Raises:
        SettingError: It is no number, outside, or 0 where it must be above.
    """
    number = _number(value)
    if not (0 < number < 1 or (number == 0 and not above_zero)):
        raise SettingError(
            name, f"expected a number {'above 0 and below 1' if above_zero else 'in [0, 1)'}, found {value!r}"
        )
    return number


def tolerance(name: str, value: object) -> float:
    """Return a finite number, 0 or more.

    Raises:
        SettingError: It is something else.
    """
    number = _number(value)
    if not 0 <= number < math.inf:
        raise SettingError(name, f"expected a finite number, 0 or more, found {value!r}")
    return number


def patience(name: str, value: object) -> float:
    """Return a number of epochs, 1 or more; infinity is one that never runs out.

    Raises:
        SettingError: It is no whole number and not infinity.
    """
    return math.inf if _number(value) == math.inf else whole_number(name, value)


def _listed(value: object) -> bool:
    return isinstance(value, tuple | list | range)


def _number(value: object) -> float:
    """Return a real number; NaN for anything else."""
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
