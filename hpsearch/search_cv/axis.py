"""A parameter of an estimator as an axis of the search: the value that a coordinate stands for."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import loguniform, randint, uniform

from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, Parameter
from hpsearch.space.checks import show
from hpsearch.study_file import TomlTable, build_parameter

LEAST_SHARE = 2.0**-53
"""The share of a distribution's mass at each end where its quantiles may be infinite: never asked for."""

_WANTED = (
    "a list of values, a frozen distribution of scipy.stats such as loguniform(1e-4, 1), "
    'or a range such as {"low": 1e-4, "high": 1.0, "log": True}'
)
_NO_PPF = "a distribution that has ppf, the inverse of its distribution function: the search needs it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One parameter of an estimator, and the parameter that stands for it in the search.

    Attributes:
        name: The estimator's parameter, such as ``"clf__C"``; empty for the choice of a subspace.
        parameter: What the search works with; choices are counted there.
        value: Internal value -> the value that the estimator is given.
        choices: The values, where the parameter is one of a few; else none.
    """

    name: str
    parameter: Parameter
    value: Callable[[float], Any]
    choices: tuple[Any, ...] = ()

    def key(self, internal: float) -> float:
        """Return a number that is equal for equal values."""
        return internal if self.choices or math.isnan(internal) else float(self.value(internal))


def choice_axis(name: str, label: str, choices: Sequence[Any]) -> Axis:
    """Return the axis of values without an order; each comes back as the very object."""
    counted = ChoiceParameter(name=label, choices=tuple(range(len(choices))))
    kept = tuple(choices)
    return Axis(name=name, parameter=counted, value=lambda index: kept[int(index)], choices=kept)


def axis_of(given: object, table: TomlTable, *, name: str, label: str) -> Axis:
    """Return the axis of what ``param_distributions`` gives for a parameter.

    A frozen ``uniform``, ``loguniform`` or ``randint`` becomes the range that it is. Any other distribution
    that has ``ppf`` is searched in its quantiles, 0 to 1.

    Args:
        given: A list of values, a distribution, or a range as a dictionary.
        table: The dictionary, or an empty table; it names the parameter in errors.
        name: The estimator's parameter.
        label: The parameter's name in the search.

    Raises:
        StudyFileError: It is none of these, or a value is not possible.
    """
    if isinstance(given, Mapping):
        return _described(table, name=name, label=label)
    with table.located():
        if hasattr(given, "ppf") or hasattr(given, "rvs"):
            return _distributed(given, table, name=name, label=label)
        return choice_axis(name, label, _values(given, table))


def _described(table: TomlTable, *, name: str, label: str) -> Axis:
    """Return the axis of a dictionary with the keys of a study file's ``[space]``."""
    if table.has("choices"):
        table.only("choices", "when")
        with table.located():
            return choice_axis(name, label, _values(table.values["choices"], table))
    table.only("low", "high", "log", "widen", "when")
    parameter = build_parameter(table, label, widen=0)
    return Axis(name=name, parameter=parameter, value=parameter.external)


def _values(given: Any, table: TomlTable) -> list[Any]:
    """Return the values of a list, a tuple, a range or an array, as the objects that they are."""
    listed = isinstance(given, Sequence) and not isinstance(given, str | bytes)
    if not (listed or (hasattr(given, "__getitem__") and np.ndim(given) == 1)):
        raise table.document.error(table.path, f"expected {_WANTED}, found {show(given)}")
    if not len(given):
        raise table.document.error(table.path, "expected at least one value, found an empty list")
    return list(given)


def _distributed(given: Any, table: TomlTable, *, name: str, label: str) -> Axis:
    if not callable(getattr(given, "ppf", None)):
        raise table.document.error(table.path, f"expected {_NO_PPF}, found {show(given)}")
    parameter = _range(given, label)
    if parameter is not None:
        return Axis(name=name, parameter=parameter, value=parameter.external)
    _expect_number(given, table)
    whole = hasattr(given, "pmf")

    def value(internal: float) -> float | int:
        found = given.ppf(min(max(internal, LEAST_SHARE), 1 - LEAST_SHARE))
        return int(found) if whole else float(found)

    return Axis(name=name, parameter=FloatParameter(name=label, low=0.0, high=1.0), value=value)


def _expect_number(given: Any, table: TomlTable) -> None:
    """Refuse a distribution that lacks its constants, has impossible ones, or is of several numbers."""
    try:
        middle = np.asarray(given.ppf(0.5))
    except TypeError:
        found = "one without its constants"
    else:
        if not middle.ndim and np.isfinite(middle):
            return
        found = f"one whose median is {middle}"
    raise table.document.error(table.path, f"expected a frozen distribution of one number, found {found}")


def _range(given: Any, label: str) -> Parameter | None:
    """Return the range that a frozen distribution is, or ``None`` where it is none that the search has."""
    kind = type(getattr(given, "dist", None))
    if kind not in {type(uniform), type(loguniform), type(randint)}:
        return None
    low, high = given.support()
    if np.ndim(low) or not low < high:
        return None  # an array, one value alone, or no distribution: seen from its median
    if kind is type(randint):
        return IntParameter(name=label, low=int(low), high=int(high))
    if kind is type(uniform):
        return FloatParameter(name=label, low=float(low), high=float(high))
    moved = given.kwds.get("loc", [*given.args, 0, 0, 0][2])
    return None if moved else FloatParameter(name=label, low=float(low), high=float(high), log=True)
