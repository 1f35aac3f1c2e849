"""Parameters that somebody chose by hand: checked against the space, as Optuna stores them."""

from collections.abc import Mapping

import numpy as np

from hpsearch.errors import did_you_mean
from hpsearch.spec.bounds import Value
from hpsearch.spec.checks import FieldError, expect, key_text, show
from hpsearch.spec.mirrored import MirroredParameter
from hpsearch.spec.space import ChoiceParameter, FloatParameter, IntParameter, Parameter, Space
from hpsearch.types import BoolArray, Float64Array


def read_point(space: Space, external: Mapping[str, object]) -> dict[str, float]:
    """Return name -> internal value of the parameters that are given; not all need be.

    Args:
        space: The search space; a widened range reaches to its outer ends.
        external: Name -> value as the model sees it.

    Raises:
        FieldError: A name is not in the space, or a value is not in its range.
    """
    parameters = {parameter.name: parameter for parameter in space}
    for name in external:
        near = did_you_mean(name, list(parameters))
        expect(name in parameters, key_text(name), f"a parameter of the space{near}", name)
    return {name: _internal(parameters[name], value) for name, value in external.items()}


def in_space(space: Space, internal: Float64Array) -> BoolArray:
    """Return for each row of internal values, ``(n, n_parameters)``, whether it is a point of the space.

    What others write into a study need not be one: a value may be missing (NaN) or out of range.
    """
    inside = np.ones(len(internal), np.bool_)
    for column, parameter in zip(internal.T, space, strict=True):
        low, high = ends(parameter)
        inside = inside & (low <= column) & (column <= high)
        if not isinstance(parameter, FloatParameter | MirroredParameter):
            inside = inside & (column == np.round(column))
    return inside


def parse_point(space: Space, texts: Mapping[str, str]) -> dict[str, Value]:
    """Return name -> value of parameters that somebody typed.

    Raises:
        FieldError: As ``read_point``; or a text is not what the parameter is made of.
    """
    parameters = {parameter.name: parameter for parameter in space}
    values = {name: _value(parameters.get(name), text) for name, text in texts.items()}
    read_point(space, values)
    return values


def _value(parameter: Parameter | None, text: str) -> Value:
    if isinstance(parameter, ChoiceParameter):
        return next((c for c in parameter.choices if text in {str(c), str(c).lower()}), text)
    try:
        return int(text) if isinstance(parameter, IntParameter) else float(text)
    except ValueError:
        return text


def _internal(parameter: Parameter, value: object) -> float:
    key = key_text(parameter.name)
    if isinstance(parameter, ChoiceParameter):
        known = [choice for choice in parameter.choices if choice == value and type(choice) is type(value)]
        expect(known, key, f"one of {', '.join(map(str, parameter.choices))}", value)
        return parameter.internal(known[0])
    whole = isinstance(parameter, IntParameter)
    low, high = ends(parameter)
    wanted = f"{'a whole number' if whole else 'a number'} from {low:g} to {high:g}"
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise FieldError(key, f"expected {wanted}, found {show(value)}")
    expect(low <= value <= high and (not whole or value == int(value)), key, wanted, value)
    return parameter.internal(value)


def ends(parameter: Parameter) -> tuple[float, float]:
    """Return the least and the largest internal value."""
    if isinstance(parameter, ChoiceParameter):
        return 0, len(parameter.choices) - 1
    return (parameter.low, parameter.high) if isinstance(parameter, IntParameter) else parameter.outer
