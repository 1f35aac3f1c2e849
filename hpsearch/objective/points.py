"""Points of a space in which a certain parameter is active."""

from collections.abc import Iterator
from typing import Any

from hpsearch.space import Parameter, Space, Value
from hpsearch.study_file import Setting


def point_with(space: Space, parameter: Parameter, value: Setting) -> dict[str, Value]:
    """Return a point of the space in which a parameter is active and has this value."""
    wanted: dict[str, Any] = {other.name: other.external(other.ends[0]) for other in space}
    wanted |= {on: among[0] for on, among in space.needs[parameter.name].items()}
    return space.external(space.internal(wanted | {parameter.name: value}))


def tried_points(space: Space) -> Iterator[tuple[Parameter, dict[str, Value]]]:
    """Yield each parameter with a point for each of its choices, or for both ends of its range."""
    for parameter in space:
        for value in parameter.choices or parameter.ends:
            yield parameter, point_with(space, parameter, value)
