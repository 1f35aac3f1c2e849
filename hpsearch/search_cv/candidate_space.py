"""The space of the candidates: ``param_distributions`` as a space that the search works with."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hpsearch.errors import StudyFileError
from hpsearch.search_cv.axis import Axis, axis_of, choice_axis
from hpsearch.space import Condition, Space, key_text
from hpsearch.space.checks import show
from hpsearch.study_file import Document, TomlTable

_SUBSPACE = "subspace"


@dataclass(frozen=True, slots=True)
class CandidateSpace:
    """The space of the candidates, and what its points mean for the estimator.

    Attributes:
        space: What the search works with.
        axes: The estimator's parameters, in the order of the space.
    """

    space: Space
    axes: tuple[Axis, ...]

    def params(self, internal: Sequence[float]) -> dict[str, Any]:
        """Return name -> value of the parameters that a point sets, in the order of names."""
        pairs = zip(self.axes, internal, strict=True)
        return {axis.name: axis.value(one) for axis, one in pairs if axis.name and not math.isnan(one)}

    def key(self, internal: Sequence[float]) -> tuple[float, ...]:
        """Return what is equal for points with the same parameters."""
        return tuple(axis.key(one) for axis, one in zip(self.axes, internal, strict=True))


def candidate_space(given: Mapping[str, object] | Sequence[Mapping[str, object]]) -> CandidateSpace:
    """Return the space that ``param_distributions`` describes.

    Several dictionaries are subspaces: a choice among them, on which the parameters of each depend. A
    parameter of two subspaces is searched in each on its own.

    Args:
        given: Parameter -> list of values, distribution or range; or a list of such dictionaries.

    Raises:
        ValueError: Names the parameter, what was expected and what was found.
    """
    try:
        return _space(given)
    except StudyFileError as error:
        raise ValueError(str(error)) from None


def _space(given: Mapping[str, object] | Sequence[Mapping[str, object]]) -> CandidateSpace:
    document = Document(Path("param_distributions"))
    if isinstance(given, Mapping):
        axes = _axes(given, document)
        conditions = tuple(_conditions(given, axes, document))
    else:
        choice = choice_axis("", _SUBSPACE, range(len(given)) or [0])
        axes, conditions = [choice], ()
        for place, one in enumerate(given):
            part = Document(Path(f"param_distributions[{place}]"))
            mine = _axes(one, part, prefix=f"{place}.")
            among = (place,)
            conditions += tuple(_conditions(one, mine, part))
            conditions += tuple(
                Condition(name=axis.parameter.name, on=_SUBSPACE, among=among) for axis in mine
            )
            axes += mine
    if not any(axis.name for axis in axes):
        raise document.error("", "expected at least one parameter, found none")
    with TomlTable(values={}, document=document).located():
        return CandidateSpace(Space(tuple(axis.parameter for axis in axes), conditions), tuple(axes))


def _axes(given: object, document: Document, *, prefix: str = "") -> list[Axis]:
    """Return the axes of a dictionary in the order of names, so that the order in it does not matter."""
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise document.error("", f"expected a dictionary whose keys are texts, found {show(given)}")
    return [
        axis_of(given[name], _table(given, name, document), name=name, label=prefix + name)
        for name in sorted(given)
    ]


def _conditions(given: Mapping[str, object], axes: Sequence[Axis], document: Document) -> Iterator[Condition]:
    """Yield the conditions that dictionaries give with ``when``, their values counted."""
    named = {axis.name: axis for axis in axes}
    for axis in axes:
        table = _table(given, axis.name, document)
        when = table.table("when", expected='conditions such as {"kernel": "rbf"}')
        for on, wanted in when.values.items():
            other = named.get(on)
            among = () if other is None else _places(other.choices, wanted, when, on)
            label = on if other is None else other.parameter.name
            yield Condition(name=axis.parameter.name, on=label, among=among)


def _table(given: Mapping[str, object], name: str, document: Document) -> TomlTable:
    value = given[name]
    values = value if isinstance(value, Mapping) else {}
    return TomlTable(values=values, document=document, path=key_text(name))


def _places(choices: Sequence[Any], wanted: Any, when: TomlTable, on: str) -> tuple[int, ...]:
    """Return the places of a wanted choice, or of each one of a list."""
    if not choices:
        return ()  # the space refuses a condition on what has no choices
    place = _place(choices, wanted)
    if place is not None:
        return (place,)
    places = [_place(choices, one) for one in wanted] if isinstance(wanted, list | tuple) else [None]
    found = tuple(one for one in places if one is not None)
    if len(found) < len(places) or not found:
        raise when.at(on).error(f"one or several of the choices {show(choices)}")
    return found


def _place(choices: Sequence[Any], wanted: object) -> int | None:
    same = [place for place, choice in enumerate(choices) if choice is wanted]
    equal = [place for place, choice in enumerate(choices) if _equal(choice, wanted)]
    return next(iter(same + equal), None)


def _equal(one: Any, other: Any) -> bool:
    try:
        return type(one) is type(other) and bool(one == other)
    except ValueError:  # arrays
        return False
