"""Polynomials over a search space: columns that are uncorrelated where the space is sampled uniformly."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hpsearch.space import Parameter, Space
from hpsearch.types import Float64Array, IntArray

DEGREES = ((12, 5), (12, 4), (12, 3), (8, 3), (8, 2), (6, 2), (4, 2), (8, 0), (4, 0), (2, 0))
"""Largest degrees of one parameter and of two together; the first pair that has few enough columns counts."""
COLUMNS_MOST = 300
"""Columns of all polynomials together, at most, where the degrees can be that low."""
GRID = 512
"""Points of a range at which its polynomials are made uncorrelated."""
SAMPLE = 4096
"""Uniform points of a space at which it is counted how often parameters are active."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polynomials:
    """Polynomials of one parameter each, and products of two such polynomials.

    Each column has mean 0 and variance 1 over uniform points at which its parameters are active, and is 0
    where one of them is not. A range is the declared one, widened to where trials lie. Of a choice the
    values count that trials have had: ``m`` values are ``m - 1`` contrasts.

    Attributes:
        space: The search space.
        ends: Lower and upper end of each range in unit coordinates, ``(d, 2)``.
        levels: The places of the choices that trials have had; empty for a range.
        maps: For each parameter the matrix that makes raw columns uncorrelated, ``(raw, terms)``.
        parameters: The two parameters of each column, ``(columns, 2)``; the second is -1 where there is one.
        terms: Their terms, counted from 0, ``(columns, 2)``.
        active: Part of the uniform points at which the parameters of a column are active, ``(columns,)``.

    Source: D. Xiu and G. E. Karniadakis, "The Wiener-Askey polynomial chaos for stochastic differential
    equations", 2002; B. Sudret, "Global sensitivity analysis using polynomial chaos expansions", 2008.
    """

    space: Space
    ends: Float64Array
    levels: tuple[tuple[float, ...], ...]
    maps: tuple[Float64Array, ...]
    parameters: IntArray
    terms: IntArray
    active: Float64Array

    @classmethod
    def of(cls, space: Space, internal: Float64Array, *, seed: int) -> "Polynomials":
        """Return the polynomials for trials with these internal values, ``(n, d)``."""
        units = space.to_unit(internal)
        has = ~np.isnan(units)
        low = np.where(has, units, 0.0).min(axis=0, initial=0.0)
        high = np.where(has, units, 1.0).max(axis=0, initial=1.0)
        seen = tuple(
            tuple(np.unique(column[~np.isnan(column)]).tolist()) if parameter.kind == "choice" else ()
            for parameter, column in zip(space, internal.T, strict=True)
        )
        ends = np.stack([low, high], axis=1)
        made = [
            _map(space.parameters[j], seen[j], ends[j]) if has[:, j].any() else np.empty((0, 0))
            for j in range(len(space))
        ]
        degrees, pair_degree = _degrees(space, made)
        maps = tuple(m[:, :k] for m, k in zip(made, degrees, strict=True))
        columns = np.array(list(_columns(space, maps, pair_degree)), np.int64).reshape(-1, 4)
        parameters, terms = columns[:, (0, 2)], columns[:, (1, 3)]
        return cls(
            space=space,
            ends=ends,
            levels=seen,
            maps=maps,
            parameters=parameters,
            terms=terms,
            active=_active(space, seen, parameters, seed=seed),
        )

    def at(self, internal: Float64Array) -> Float64Array:
        """Return the columns at internal values, ``(n, d)``, as ``(n, columns)``."""
        single = [self._terms(j, column) for j, column in enumerate(internal.T)]
        found = np.ones((len(internal), len(self.parameters)))
        for place in range(2):
            for j, values in enumerate(single):
                mine = np.flatnonzero(self.parameters[:, place] == j)
                found[:, mine] *= values[:, self.terms[mine, place]]
        return found

    def _terms(self, j: int, column: Float64Array) -> Float64Array:
        """Return the terms of one parameter at internal values, ``(n,)``; 0 where it is not active."""
        terms = np.zeros((len(column), self.maps[j].shape[1]))
        has = ~np.isnan(column)
        if terms.size and has.any():
            raw = _raw(self.space.parameters[j], self.levels[j], self.ends[j], column[has])
            terms[has] = raw[:, : len(self.maps[j])] @ self.maps[j]
        return terms


def _raw(
    parameter: Parameter, levels: tuple[float, ...], ends: Float64Array, column: Float64Array
) -> Float64Array:
    """Return a constant column and raw columns after it: of a choice one a value, of a range polynomials."""
    if parameter.kind == "choice":
        places = [column == level for level in levels[1:]]
        return np.stack([np.ones(len(column)), *places], axis=1)
    low, high = ends
    z = 2 * (parameter.to_unit(column) - low) / (high - low) - 1
    return np.polynomial.legendre.legvander(z, DEGREES[0][0])


def _map(parameter: Parameter, levels: tuple[float, ...], ends: Float64Array) -> Float64Array:
    """Return the matrix from raw columns to terms with mean 0, variance 1 and no correlation."""
    if parameter.kind == "choice":
        grid = np.array(levels)
    else:
        low, high = ends
        units = low + (high - low) * (np.arange(GRID) + 0.5) / GRID
        grid = np.array([parameter.from_unit(unit) for unit in units.tolist()])
    distinct = len(np.unique(grid))
    raw = _raw(parameter, levels, ends, grid)[:, :distinct]
    triangle = np.linalg.qr(raw, mode="r")
    # The first term is the constant; the model has one of its own.
    return np.asarray(np.linalg.inv(triangle)[:, 1:] * np.sqrt(len(grid)), np.float64)


def _degrees(space: Space, maps: list[Float64Array]) -> tuple[list[int], int]:
    """Return how many terms each parameter has, and the largest degree of two together."""
    counts, pair_degree = [0] * len(maps), 0
    for degree, pair_degree in DEGREES:
        counts = [
            m.shape[1] if parameter.kind == "choice" else min(degree, m.shape[1])
            for parameter, m in zip(space, maps, strict=True)
        ]
        kept = tuple(m[:, :k] for m, k in zip(maps, counts, strict=True))
        if sum(1 for _ in _columns(space, kept, pair_degree)) <= COLUMNS_MOST:
            break
    return counts, pair_degree


def _columns(
    space: Space, maps: tuple[Float64Array, ...], pair_degree: int
) -> Iterator[tuple[int, int, int, int]]:
    """Yield first parameter, its term, second parameter or -1, its term, for each column.

    A parameter with conditions has no column together with a choice that it depends on: what it does is
    counted where it is active.
    """
    needs, names = space.needs, space.names
    for j, map_ in enumerate(maps):
        yield from ((j, term, -1, 0) for term in range(map_.shape[1]))
    if not pair_degree:
        return
    for j, name in enumerate(names):
        for k in range(j):
            if names[k] in needs.get(name, ()) or name in needs.get(names[k], ()):
                continue
            for a in range(maps[j].shape[1]):
                for b in range(maps[k].shape[1]):
                    if _degree(space, j, a) + _degree(space, k, b) <= pair_degree:
                        yield j, a, k, b


def _degree(space: Space, j: int, term: int) -> int:
    return 1 if space.parameters[j].kind == "choice" else term + 1


def _active(
    space: Space, levels: tuple[tuple[float, ...], ...], parameters: IntArray, *, seed: int
) -> Float64Array:
    """Return the part of uniform points at which the parameters of each column are active, ``(columns,)``."""
    rng = np.random.Generator(np.random.PCG64(seed))
    internal = np.zeros((SAMPLE, len(space)))
    for j, seen in enumerate(levels):
        if seen:
            internal[:, j] = np.array(seen)[rng.integers(len(seen), size=SAMPLE)]
    active = space.active(internal).astype(float)
    both = active.T @ active / SAMPLE
    first, second = parameters.T
    return np.asarray(both[first, np.where(second < 0, first, second)])
