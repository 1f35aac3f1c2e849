"""Parameters that somebody chose by hand: checked against the space, as Optuna stores them."""

from collections.abc import Mapping

from hpsearch.errors import did_you_mean
from hpsearch.spec.bounds import Value
from hpsearch.spec.checks import FieldError, expect, key_text, show
from hpsearch.spec.space import ChoiceParameter, IntParameter, Parameter, Space


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
    low, high = (parameter.low, parameter.high) if isinstance(parameter, IntParameter) else parameter.outer
    wanted = f"{'a whole number' if whole else 'a number'} from {low:g} to {high:g}"
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise FieldError(key, f"expected {wanted}, found {show(value)}")
    expect(low <= value <= high and (not whole or value == int(value)), key, wanted, value)
    return parameter.internal(value)
