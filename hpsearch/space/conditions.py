"""Conditions: a parameter has a value only where a choice has certain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from hpsearch.errors import did_you_mean
from hpsearch.space.checks import FieldError, expect, key_path, key_text, show
from hpsearch.space.choice import ChoiceParameter
from hpsearch.space.parameter import Value

WHEN = "when"
"""The key under which a study file gives the conditions of a parameter."""

Needs: TypeAlias = Mapping[str, tuple[Value, ...]]
"""Choice -> the values it may have."""

Rule: TypeAlias = tuple[int, tuple[tuple[int, tuple[float, ...]], ...]]
"""Place of a parameter in the space; places of the choices it depends on, with their internal values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a parameter, which is active where all of its conditions hold.

    A condition on a choice that is itself not active does not hold.

    Attributes:
        name: The parameter that has the condition.
        on: The choice that it depends on.
        among: The values of the choice under which it holds, at least one, all different.

    Example:
        >>> str(Condition(name="momentum", on="optimizer", among=("momentum", "nesterov")))
        'optimizer = "momentum" or "nesterov"'
    """

    name: str
    on: str
    among: tuple[Value, ...]

    def __str__(self) -> str:
        return f"{key_text(self.on)} = {' or '.join(map(show, self.among))}"


def in_order(
    conditions: Sequence[Condition], names: Sequence[str], choices: Mapping[str, ChoiceParameter]
) -> tuple[Condition, ...]:
    """Return the conditions of a space in a fixed order, so that equal spaces compare equal.

    Args:
        conditions: The conditions, in any order.
        names: The names of all parameters.
        choices: Name -> parameter, of those that are choices.

    Raises:
        FieldError: The space lacks a parameter or a value that a condition names, or a parameter has two
            conditions on one choice.
    """
    ordered: dict[tuple[int, str], Condition] = {}
    for condition in conditions:
        expect(condition.name in names, key_text(condition.name), "a parameter of the space", condition.name)
        place = names.index(condition.name), condition.on
        expect(place not in ordered, _key(condition), "one condition on a choice", condition.among)
        ordered[place] = _checked(condition, choices)
    return tuple(ordered[place] for place in sorted(ordered))


def needs(names: Sequence[str], conditions: Sequence[Condition]) -> dict[str, Needs]:
    """Return for each parameter which values which choices must have for it to be active.

    Conditions are inherited: a condition on a choice that has conditions itself brings these along. A choice
    comes before the parameters that depend on it.

    Raises:
        FieldError: A parameter's conditions lead back to it, or can never hold together.
    """
    found: dict[str, Needs] = {}
    for name in _parents_first(names, conditions):
        mine: dict[str, tuple[Value, ...]] = {}
        for condition in (c for c in conditions if c.name == name):
            for on, among in {condition.on: condition.among, **found[condition.on]}.items():
                mine[on] = tuple(value for value in mine.get(on, among) if value in among)
                expected = (
                    f"conditions that can hold together, also with the conditions of {key_text(condition.on)}"
                )
                expect(mine[on], _key(condition), expected, condition.among)
        found[name] = mine
    return found


def rules(
    names: Sequence[str], choices: Mapping[str, ChoiceParameter], conditions: Sequence[Condition]
) -> tuple[Rule, ...]:
    """Return the conditions of every parameter by places; a choice comes before what depends on it.

    Raises:
        FieldError: As ``needs``.
    """
    places = {name: place for place, name in enumerate(names)}
    takes: dict[str, list[tuple[int, tuple[float, ...]]]] = {name: [] for name in needs(names, conditions)}
    for condition in conditions:
        indices = tuple(choices[condition.on].internal(value) for value in condition.among)
        takes[condition.name].append((places[condition.on], indices))
    return tuple((places[name], tuple(taken)) for name, taken in takes.items())


def _key(condition: Condition) -> str:
    return key_path(f"{key_text(condition.name)}.{WHEN}", key_text(condition.on))


def _checked(condition: Condition, choices: Mapping[str, ChoiceParameter]) -> Condition:
    """Return a condition whose values stand in the order of the choice; refuse values it does not have."""
    key, on, among = _key(condition), condition.on, condition.among
    if on not in choices:
        hint = did_you_mean(on, list(choices))
        raise FieldError(key, f"expected a parameter of the space that has choices, found {show(on)}{hint}")
    expect(among, key, "at least one value", among)
    known = choices[on].choices
    for value in among:
        if not any(value == choice and type(value) is type(choice) for choice in known):
            raise FieldError(
                key, f"expected one of the choices {show(known)}, found {show(value)}{_near(value, known)}"
            )
    expect(len(set(among)) == len(among), key, "values that are all different", among)
    ordered = tuple(choice for choice in known if choice in among)
    return Condition(name=condition.name, on=on, among=ordered)


def _near(value: Value, known: Sequence[Value]) -> str:
    texts = [choice for choice in known if isinstance(choice, str)]
    return did_you_mean(value, texts) if isinstance(value, str) else ""


def _parents_first(names: Sequence[str], conditions: Sequence[Condition]) -> list[str]:
    graph: dict[str, list[str]] = {name: [] for name in names}
    for condition in conditions:
        graph[condition.name].append(condition.on)
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = error.args[1][::-1]
        key = f"{key_text(circle[0])}.{WHEN}"
        raise FieldError(key, f"expected no circle, found {' -> '.join(map(key_text, circle))}") from None
