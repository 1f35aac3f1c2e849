"""The parameters of a study: their ranges, and the values of each trial."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hpsearch.search import History
from hpsearch.space import Parameter, Space, choice_text
from hpsearch.types import Float64Array


class ScaleKind(StrEnum):
    """How the values of a parameter lie on an axis."""

    LINEAR = "linear"
    LOG = "log"
    MIRRORED = "mirrored"
    """Logarithmic in the distance from 1."""
    CHOICE = "choice"
    """One place a choice, in the order of the study file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterColumn:
    """One parameter, its ranges and its values in every trial.

    Attributes:
        name: The parameter.
        scale: How its values lie on an axis.
        whole: Whether its values are whole numbers.
        choices: The choices as texts; empty for a range.
        when: Its conditions as texts, such as ``optimizer = "momentum"``; empty where it is always there.
        declared: Lower and upper end of the declared range, in its own unit; of a choice the first and the
            last place, from 0.
        outer: The same of the range that the search may widen to.
        values: The value in each trial, in its own unit, of a choice the place, ``(n,)``; NaN where it was
            not active.
        places: The same on the axis: 0 and 1 are the ends of the declared range, ``(n,)``; NaN as above.
    """

    name: str
    scale: ScaleKind
    whole: bool
    choices: tuple[str, ...]
    when: tuple[str, ...]
    declared: tuple[float, float]
    outer: tuple[float, float]
    values: Float64Array
    places: Float64Array


def parameters_of(space: Space, history: History) -> tuple[ParameterColumn, ...]:
    """Return the parameters in the order of the study file."""
    active = np.where(space.active(history.internal), history.internal, np.nan)
    return tuple(_column(space, parameter, active[:, j]) for j, parameter in enumerate(space))


def _column(space: Space, parameter: Parameter, internal: Float64Array) -> ParameterColumn:
    declared = parameter.ends
    if parameter.kind != "choice":
        declared = float(parameter.low), float(parameter.high)
    return ParameterColumn(
        name=parameter.name,
        scale=_scale(parameter),
        whole=parameter.kind == "int",
        choices=tuple(map(choice_text, parameter.choices)),
        when=tuple(str(c) for c in space.conditions if c.name == parameter.name),
        declared=declared,
        outer=parameter.ends,
        values=internal,
        places=_places(parameter, internal),
    )


def _scale(parameter: Parameter) -> ScaleKind:
    if parameter.kind == "choice":
        return ScaleKind.CHOICE
    if parameter.kind == "mirrored":
        return ScaleKind.MIRRORED
    return ScaleKind.LOG if parameter.log else ScaleKind.LINEAR


def _places(parameter: Parameter, internal: Float64Array) -> Float64Array:
    """Return unit coordinates, ``(n,)``; NaN for a value out of range, as other programs may write it."""
    low, high = parameter.ends
    return parameter.to_unit(np.where((low <= internal) & (internal <= high), internal, np.nan))
