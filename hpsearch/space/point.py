"""Points that a person typed or another program stored, checked against the space."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from hpsearch.errors import did_you_mean
from hpsearch.space.checks import expect, key_text
from hpsearch.space.parameter import Value
from hpsearch.space.space import Space
from hpsearch.types import BoolArray, Float64Array


def read_point(space: Space, external: Mapping[str, object]) -> dict[str, float]:
    """Return name -> internal value of the parameters that are given; some may be left out.

    A parameter with a condition must be given together with the choice that it depends on.

    Args:
        space: The search space; a widened range reaches to its outer ends.
        external: Name -> value as the model sees it.

    Raises:
        FieldError: A name is not in the space, a value is not in its range, or a condition does not hold.
    """
    parameters = {parameter.name: parameter for parameter in space}
    for name in external:
        near = did_you_mean(name, list(parameters))
        expect(name in parameters, key_text(name), f"a parameter of the space{near}", name)
    internal = {name: parameters[name].read(value) for name, value in external.items()}
    for condition in space.conditions:
        if condition.name in external:
            on = internal.get(condition.on)
            found = None if on is None else parameters[condition.on].external(on)
            expect(found in condition.among, key_text(condition.name), f"{condition} beside it", found)
    return internal


def filled(space: Space, given: Mapping[str, float], filler: Sequence[float]) -> tuple[float, ...] | None:
    """Return a whole point that has the given values, or ``None`` where a value is missing.

    Args:
        space: The search space.
        given: Name -> internal value, as ``read_point`` returned them.
        filler: A point that has the values of the other parameters, or an empty sequence. Where the filler
            lacks a parameter that the given values make active, the middle of the range is taken.
    """

    def value_of(place: int) -> float:
        parameter = space.parameters[place]
        if parameter.name in given or not filler:
            return given.get(parameter.name, math.nan)
        return parameter.from_unit(0.5) if math.isnan(filler[place]) else float(filler[place])

    point = space.point(value_of)
    return point if complete(space, np.array([point]))[0] else None


def complete(space: Space, internal: Float64Array) -> BoolArray:
    """Return for each row, ``(n, n_parameters)``, whether exactly its active parameters have a value."""
    wanted: BoolArray = np.all(space.active(internal) != np.isnan(internal), axis=1)
    return wanted


def in_space(space: Space, internal: Float64Array) -> BoolArray:
    """Return for each row of internal values, ``(n, n_parameters)``, whether it is a point of the space.

    A row that another program wrote may be no point: a value may be missing (NaN) or out of range, or a
    parameter may have a value where it is not active.
    """
    inside = complete(space, internal)
    for column, parameter in zip(internal.T, space, strict=True):
        low, high = parameter.ends
        within = (low <= column) & (column <= high)
        if parameter.kind in {"int", "choice"}:
            within = within & (column == np.round(column))
        inside = inside & (within | np.isnan(column))
    return inside


def parse_point(
    space: Space, texts: Mapping[str, str], *, like: Mapping[str, Value] | None = None
) -> dict[str, Value]:
    """Return name -> value of parameters that a person typed.

    Args:
        space: The search space.
        texts: Name -> typed text.
        like: A point to begin with. Typed values replace its own; a value of the point whose conditions no
            longer hold is dropped.

    Raises:
        FieldError: As ``read_point``; or a text is no value of the parameter.
    """
    parameters = {parameter.name: parameter for parameter in space}
    typed = {
        name: parameters[name].parse(text) if name in parameters else text for name, text in texts.items()
    }
    values = {**(like or {}), **typed}
    holding = {
        name
        for name, needs in space.needs.items()
        if all(values.get(on) in among for on, among in needs.items())
    }
    point = {name: value for name, value in values.items() if name in typed or name in holding}
    read_point(space, point)
    return point
