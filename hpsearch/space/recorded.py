"""The space of a study that another program began, from the distributions that Optuna recorded."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hpsearch.errors import StudyFileError
from hpsearch.space.checks import cut
from hpsearch.space.choice import ChoiceParameter
from hpsearch.space.numbers import FloatParameter, IntParameter
from hpsearch.space.parameter import LONGEST_NAME
from hpsearch.space.space import Parameter
from hpsearch.text import printable

CATEGORICAL, WHOLE = "CategoricalDistribution", "IntDistribution"
UNNAMED = "parameter"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedParameter:
    """A parameter as Optuna recorded it, and the parameter of a space that stands for it.

    A range is as wide as the widest that any trial was given. A parameter that never differed, or whose range
    no space can have, stands as a choice of the values that occurred. Choices that a study file cannot have,
    such as ``None`` beside a number, stand as texts.

    Attributes:
        parameter: The parameter of the space.
        choices: The choices as Optuna has them; ``None`` for a number.
        places: Recorded number -> place among the choices that stand for it; empty where the number itself
            is the internal value.
    """

    parameter: Parameter
    choices: tuple[Any, ...] | None = None
    places: Mapping[float, float] = field(default_factory=dict)

    def internal(self, stored: float) -> float:
        """Return the internal value of a recorded number; NaN where it is none of the choices."""
        if self.places:
            return self.places.get(stored, math.nan)
        known = self.choices is None or stored in range(len(self.choices))
        return stored if known else math.nan

    def external(self, stored: float) -> Any:
        """Return the value of a recorded number as the objective was given it."""
        if self.choices is not None:
            return self.choices[int(stored)] if stored in range(len(self.choices)) else None
        return int(stored) if self.whole else stored

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        parameter = self.parameter
        kinds = {type(choice) for choice in parameter.choices}
        return parameter.kind == "int" or (bool(self.places) and kinds == {int})


def recorded_parameters(
    distributions: Iterable[tuple[str, str]], numbers: Callable[[str], Sequence[float]]
) -> dict[str, RecordedParameter]:
    """Return name -> parameter, in the order in which the names come.

    Args:
        distributions: Name and distribution, as the JSON that Optuna stores; a name may have several.
        numbers: Returns the different numbers that were recorded of a parameter.

    Raises:
        ValueError, KeyError, TypeError: A distribution is none of Optuna's.
    """
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for name, text in distributions:
        entry = json.loads(text)
        found.setdefault(name, []).append((entry["name"], entry["attributes"]))
    taken: set[str] = set()
    return {name: _parameter(name, forms, numbers, taken) for name, forms in found.items()}


def _parameter(
    name: str,
    forms: Sequence[tuple[str, Mapping[str, Any]]],
    numbers: Callable[[str], Sequence[float]],
    taken: set[str],
) -> RecordedParameter:
    shown = _unlike(cut(printable(name).replace("\n", " "), LONGEST_NAME - 10).strip() or UNNAMED, taken)
    if forms[0][0] == CATEGORICAL:
        choices = tuple(forms[0][1]["choices"])
        return RecordedParameter(parameter=_choice(shown, choices), choices=choices)
    whole = all(kind == WHOLE for kind, _ in forms)
    try:
        return RecordedParameter(
            parameter=_range(shown, [attributes for _, attributes in forms], whole=whole)
        )
    except StudyFileError:  # one value alone, or a range that no space has
        values = sorted(set(numbers(name)))
        plain: list[Any] = [int(value) for value in values] if whole else list(values)
        places = {value: float(place) for place, value in enumerate(values)}
        return RecordedParameter(parameter=_choice(shown, plain), places=places)


def _range(name: str, forms: Sequence[Mapping[str, Any]], *, whole: bool) -> Parameter:
    low, high = min(form["low"] for form in forms), max(form["high"] for form in forms)
    log = low > 0 and all(form["log"] for form in forms)
    if whole:
        return IntParameter(name=name, low=int(low), high=int(high), log=log)
    return FloatParameter(name=name, low=float(low), high=float(high), log=log)


def _choice(name: str, choices: Sequence[Any]) -> ChoiceParameter:
    """Return a parameter of these choices, as texts where a study file could not have them as they are."""
    try:
        return ChoiceParameter(name=name, choices=tuple(choices))
    except StudyFileError:
        taken: set[str] = set()
        texts = (cut(printable(str(choice)).replace("\n", " "), LONGEST_NAME - 10) for choice in choices)
        return ChoiceParameter(name=name, choices=tuple(_unlike(t.strip() or "''", taken) for t in texts))


def _unlike(text: str, taken: set[str]) -> str:
    """Return a text that is not taken, with a number where it is, and take it."""
    place, found = 1, text
    while found in taken:
        place += 1
        found = f"{text} ({place})"
    taken.add(found)
    return found
