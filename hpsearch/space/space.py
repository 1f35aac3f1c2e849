"""The search space: parameters, their unit coordinates and their Optuna distributions.

A value has three forms. The *external* one is what a model is built with (``0.01``, ``32``, ``"relu"``). The
*internal* one is the float that Optuna stores (a category is its index). The *unit* one is where the search
works: 0..1 over a parameter's own range, on a log scale where the parameter has one, and below 0 or above 1
in the widened range around it. A parameter that is not active, because its conditions do not hold, is left
out of the external form and NaN in the other two.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from hpsearch.space.checks import expect
from hpsearch.space.choice import ChoiceParameter
from hpsearch.space.conditions import Condition, Needs, Rule, in_order, needs, rules
from hpsearch.space.mirrored import MirroredParameter
from hpsearch.space.numbers import FloatParameter, IntParameter
from hpsearch.space.parameter import Value
from hpsearch.types import BoolArray, Float64Array

Parameter: TypeAlias = FloatParameter | MirroredParameter | IntParameter | ChoiceParameter


@dataclass(frozen=True, slots=True)
class Space:
    """The parameters of a study, in the order of the study file, and the conditions of some.

    Where a parameter's conditions do not hold, it is not active: it has no value. In arrays and tuples NaN
    stands in its place, always as the same object ``math.nan`` in tuples, so that equal points are equal.

    Attributes:
        parameters: The parameters, at least one, with different names.
        conditions: The conditions under which parameters are active; one without a condition always is.
    """

    parameters: tuple[Parameter, ...]
    conditions: tuple[Condition, ...] = ()
    _rules: tuple[Rule, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        expect(self.parameters, "", "at least one parameter, such as lr = { low = 1e-5, high = 1e-1 }", None)
        expect(len(set(self.names)) == len(self), "", "parameters of different names", list(self.names))
        choices = {p.name: p for p in self.parameters if p.kind == "choice"}
        put = object.__setattr__
        put(self, "conditions", in_order(self.conditions, self.names, choices))
        put(self, "_rules", rules(self.names, choices, self.conditions))

    @classmethod
    def empty(cls) -> "Space":
        """Return the space of a study in which no trial had a parameter: no study file can have it."""
        space = object.__new__(cls)
        for name in ("parameters", "conditions", "_rules"):
            object.__setattr__(space, name, ())
        return space

    def __len__(self) -> int:
        return len(self.parameters)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def needs(self) -> Mapping[str, Needs]:
        """Name -> all that must hold for a parameter to be active: choice -> the values it may have."""
        return needs(self.names, self.conditions)

    def active(self, internal: Float64Array) -> BoolArray:
        """Return which parameters are active at internal values, a boolean array, ``(n, n_parameters)``.

        Where a choice has no value, the parameters that depend on it are not active.
        """
        active = np.ones(internal.shape, np.bool_)
        for j, taken in self._rules:
            for k, indices in taken:
                active[:, j] &= active[:, k] & np.isin(internal[:, k], indices)
        return active

    def point(self, value_of: Callable[[int], float]) -> tuple[float, ...]:
        """Return a point of the space: NaN where a parameter is not active, else the value of a function.

        Args:
            value_of: Place of an active parameter -> its internal value; called for choices before the
                parameters that depend on them.
        """
        values = [math.nan] * len(self)
        for j, taken in self._rules:
            if all(values[k] in indices for k, indices in taken):
                values[j] = value_of(j)
        return tuple(values)

    def from_unit(self, unit: Float64Array) -> tuple[float, ...]:
        """Return the internal values at unit coordinates, ``(n_parameters,)``.

        Coordinates of parameters that are not active there do not matter.
        """
        return self.point(lambda j: self.parameters[j].from_unit(float(unit[j])))

    def from_units(self, unit: Float64Array) -> Float64Array:
        """Return the internal values at unit coordinates, ``(n, n_parameters)`` to the same shape.

        Each row is what ``from_unit`` returns for it, to the last bit.
        """
        columns = [p.from_units(unit[:, j].tolist()) for j, p in enumerate(self.parameters)]
        internal = np.array(columns, np.float64).T.copy()
        for j, taken in self._rules:
            for k, indices in taken:
                internal[~np.isin(internal[:, k], indices), j] = np.nan
        return internal

    def to_unit(self, internal: Float64Array) -> Float64Array:
        """Return unit coordinates of internal values, ``(n, n_parameters)`` to the same shape, NaN to NaN."""
        columns = [p.to_unit(internal[:, j]) for j, p in enumerate(self.parameters)]
        return np.stack(columns, axis=1) if columns else internal

    def external(self, internal: Sequence[float]) -> dict[str, Value]:
        """Return name -> value of the active parameters, as the model sees it."""
        (active,) = self.active(np.asarray(internal)[None, :])
        triples = zip(self.parameters, internal, active, strict=True)
        return {p.name: p.external(value) for p, value, due in triples if due}

    def internal(self, external: Mapping[str, Value]) -> tuple[float, ...]:
        """Return the values that Optuna stores, in order; NaN for a parameter that is not active."""
        names = self.names
        return self.point(lambda j: self.parameters[j].internal(external[names[j]]))
