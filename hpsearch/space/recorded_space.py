"""When the parameters of a study that another program began have a value: read off its trials."""

from collections.abc import Sequence

import numpy as np

from hpsearch.space.conditions import Condition
from hpsearch.space.space import Parameter, Space
from hpsearch.types import Float64Array


def observed_space(parameters: Sequence[Parameter], internal: Float64Array) -> Space:
    """Return the space of parameters whose conditions no study file gives, with those that trials show.

    A program that asks for parameters as it runs declares no conditions. Where a parameter was there exactly
    under certain values of a choice, in every trial, that is its condition. The choice must be there in
    more trials, so no two parameters can be the condition of each other.

    Args:
        parameters: The parameters, none at all where no trial had one.
        internal: Internal values of the trials that asked for all that they needed, ``(n, n_parameters)``;
            NaN where a parameter was not there.
    """
    if not parameters:
        return Space.empty()
    there = ~np.isnan(internal)
    counts = there.sum(axis=0)
    conditions = []
    for j, parameter in enumerate(parameters):
        wider = [
            k
            for k, other in enumerate(parameters)
            if other.kind == "choice" and counts[k] > counts[j] > 0 and not (there[:, j] & ~there[:, k]).any()
        ]
        for k in sorted(wider, key=lambda k: -counts[k]):
            inside = set(internal[there[:, j], k].tolist())
            outside = set(internal[there[:, k] & ~there[:, j], k].tolist())
            if not inside & outside:
                on = parameters[k]
                among = tuple(on.choices[int(place)] for place in sorted(inside))
                conditions.append(Condition(name=parameter.name, on=on.name, among=among))
                break
    return Space(tuple(parameters), tuple(conditions))


def steady(space: Space, internal: Float64Array) -> tuple[Space, list[int]]:
    """Return a space without the parameters that trials lack for a reason it does not know, and what is kept.

    What is computed over the whole space needs every point to be a whole one.

    Args:
        space: The space.
        internal: Internal values of trials, ``(n, n_parameters)``.

    Returns:
        The smaller space, and the columns of ``internal`` that it has.
    """
    gaps = space.active(internal) & np.isnan(internal)
    kept = [j for j in range(len(space)) if not gaps[:, j].any()]
    names = {space.parameters[j].name for j in kept}
    conditions = tuple(c for c in space.conditions if {c.name, c.on} <= names)
    # A parameter whose choice is left out would have no condition any more, and gaps.
    orphans = {c.name for c in space.conditions if c.name in names and c.on not in names}
    if orphans:
        kept = [j for j in kept if space.parameters[j].name not in orphans]
        conditions = tuple(c for c in conditions if not {c.name, c.on} & orphans)
    if not kept:
        return Space.empty(), []
    return Space(tuple(space.parameters[j] for j in kept), conditions), kept
