"""The first trials of a study: the settings of a portfolio that fit it."""

from collections.abc import Mapping

import numpy as np

from hpsearch.portfolio.cover import greedy_cover
from hpsearch.portfolio.portfolio import DataSize, Portfolio
from hpsearch.space import Parameter, Space, Value
from hpsearch.space.checks import FieldError
from hpsearch.study_file import LearnedStart
from hpsearch.types import Float64Array

SIZE = 4
"""Settings that a study tries first."""
SCALES = (0.6, 0.6, 0.3)
"""Decades of rows, features and classes plus one by which data sets differ: their spread over 45 tables."""


def learned_start(portfolio: Portfolio, space: Space, size: DataSize) -> LearnedStart:
    """Return the settings of a portfolio that a study tries first, best first.

    Of each setting the values of the study's own parameters are taken. One with a value outside a declared
    range, or that is none of the choices, is left out. Of the others a greedy cover takes the first few; data
    sets that resemble the study's own count more.

    Args:
        portfolio: The portfolio.
        space: The search space.
        size: The size of the study's data, where it is known.
    """
    fitting: dict[int, dict[str, Value]] = {}
    for place, setting in enumerate(portfolio.settings):
        point = _fitting(space, setting)
        if point and point not in fitting.values():
            fitting[place] = point
    regrets = portfolio.regrets[:, [*fitting]]
    order = list(range(len(fitting)))
    if fitting and len(regrets):
        order = greedy_cover(regrets, size=SIZE, weights=_weights(portfolio, size))
    settings = [*fitting.values()]
    return LearnedStart(hash=portfolio.hash, settings=tuple(settings[place] for place in order[:SIZE]))


def _fitting(space: Space, setting: Mapping[str, Value]) -> dict[str, Value] | None:
    """Return the values of a setting that are parameters of the space; ``None`` where one lies outside."""
    parameters = {parameter.name: parameter for parameter in space}
    try:
        return {
            name: _inside(parameters[name], value) for name, value in setting.items() if name in parameters
        }
    except FieldError:
        return None


def _inside(parameter: Parameter, value: Value) -> Value:
    """Return a value in the parameter's own type; refuse one outside the declared range."""
    internal = parameter.read(value)
    if parameter.kind != "choice" and not parameter.low <= internal <= parameter.high:
        raise FieldError(parameter.name, f"expected a value in the declared range, found {value}")
    return parameter.external(internal)


def _weights(portfolio: Portfolio, size: DataSize) -> Float64Array:
    """Return how much each data set of a portfolio counts for a study, ``(n_sets,)``; the nearest counts 1.

    It falls with the distance in the logarithms of rows, features and classes, as a normal density does. A
    data set of unknown size is as far away as one that differs by one scale in each. For a study of unknown
    size all count alike.
    """
    if not size.known:
        return np.ones(len(portfolio.sources))
    own = size.coordinates()
    squares = np.array(
        [
            float((((source.size.coordinates() - own) / SCALES) ** 2).sum())
            if source.size.known
            else float(len(SCALES))
            for source in portfolio.sources
        ]
    )
    return np.asarray(np.exp(-(squares - squares.min()) / 2))
