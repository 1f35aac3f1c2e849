"""The importance of parameters: how differently the best trials are spread from all trials."""

from dataclasses import dataclass

import numpy as np

from hpsearch.search.extrapolation import final_values
from hpsearch.search.history import History
from hpsearch.search.sampling.box import TOP_LEAST, TOP_SHARE
from hpsearch.space import Parameter, Space, in_space
from hpsearch.study_file import Purpose, child_seed
from hpsearch.types import Float64Array, IntArray

RESULTS_LEAST = 20
"""With fewer results no importance is computed."""
CELLS = 50
"""Number of cells that a range is cut into."""
REPEATS = 200
"""Times that the trials are drawn again, and that random trials are called the best."""
INTERVAL = (0.025, 0.975)
NARROWEST = 0.25
"""Least bandwidth of the kernel in cells: next to no smoothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """The importance of a parameter.

    Attributes:
        name: The parameter's name.
        share: Its part of the importance of all parameters, 0 to 1; they add up to 1.
        interval: 95 % interval of the share, over which trials happened to be drawn, 0 to 1.
    """

    name: str
    share: float
    interval: tuple[float, float]


def importances(space: Space, history: History, *, seed: int) -> tuple[Importance, ...]:
    """Return the importance of each parameter, in the order of the space; nothing with too few results.

    A parameter matters when the best quarter of the trials is spread over its range in another way than all
    trials are. With ``p`` and ``q`` the densities of the best and of all, that is the Pearson divergence

        D = sum over cells of q (p / q - 1)^2

    and the importance is ``a^2 / b D``, where ``a`` of the best and ``b`` of all trials have the parameter.
    Both densities have the same Gaussian kernel, of Scott's width for the best: as the best are among all
    trials, ``p / q`` is then bounded. Choices are counted. The value of a stopped trial is an estimate of
    its value at the end.

    Few trials are never spread like many, so ``D`` is above 0 even where nothing matters. Therefore the mean
    importance of as many random trials, called the best, is subtracted. With a tenth of 100 trials as the
    best, as is usual, a learning rate cannot be distinguished from chance.

    The interval comes from drawing the trials again with replacement. Drawing one twice makes any set look
    closer together, so the divergences found this way are moved to lie around the divergence of all trials.

    Args:
        space: The search space.
        history: The trials.
        seed: The study's seed; the intervals follow from it.

    Source: S. Watanabe et al., "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in Arbitrary
    Subspaces", 2023, equation 8; "Conditional PED-ANOVA", 2026 (the weights); D. W. Scott, "Multivariate
    Density Estimation", 1992; B. Efron, "Bootstrap methods", 1979;
    R. A. Fisher, "The Design of Experiments", 1935 (permutation).
    """
    values = final_values(history)
    numbers = history.valued[in_space(space, history.internal[history.valued])]
    if len(numbers) < RESULTS_LEAST:
        return ()
    order = numbers[np.argsort(-values[numbers], kind="stable")]
    drawn, top = _drawn(len(order), seed=child_seed(seed, Purpose.REPORT))
    columns = zip(space, history.internal[order].T, strict=True)
    rows = np.stack([_importance(parameter, column, drawn, top) for parameter, column in columns])
    found, again, chance = rows[:, :1], rows[:, 1 : 1 + REPEATS], rows[:, 1 + REPEATS :]
    found = found - chance.mean(axis=1, keepdims=True)
    again = again - again.mean(axis=1, keepdims=True) + found
    shares = _shares(np.maximum(np.concatenate([found, again], axis=1), 0.0))
    low, high = np.quantile(shares[:, 1:], INTERVAL, axis=1)
    return tuple(
        Importance(name=name, share=float(share), interval=(float(a), float(b)))
        for name, share, a, b in zip(space.names, shares[:, 0], low, high, strict=True)
    )


def _n_top(n: int) -> int:
    return max(TOP_LEAST, int(np.ceil(TOP_SHARE * n)))


def _drawn(n: int, *, seed: int) -> tuple[Float64Array, Float64Array]:
    """Return how often each of ``n`` trials, best first, is drawn, and how often as one of the best.

    Returns:
        Two arrays, ``(1 + 2 * repeats, n)``. In the first row each trial is drawn once; in the next
        ``repeats`` rows they are drawn with replacement; in the others once, and the best are random trials.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    once = np.ones((1, n))
    drawn = np.concatenate([once, rng.multinomial(n, np.full(n, 1 / n), size=REPEATS)])
    before = np.cumsum(drawn, axis=1) - drawn
    top = np.clip(_n_top(n) - before, 0, drawn)
    any_ones = rng.permuted(np.broadcast_to(top[0], (REPEATS, n)), axis=1)
    return np.concatenate([drawn, np.repeat(once, REPEATS, axis=0)]), np.concatenate([top, any_ones])


def _importance(
    parameter: Parameter, column: Float64Array, drawn: Float64Array, top: Float64Array
) -> Float64Array:
    """Return the importance of one parameter in every row, ``(rows,)``.

    Args:
        parameter: The parameter.
        column: Internal values, best trial first, ``(n,)``; NaN where it is not active.
        drawn: How often each trial is drawn, ``(rows, n)``.
        top: How often each trial is drawn as one of the best, ``(rows, n)``.
    """
    has = ~np.isnan(column)
    if not has.any():
        return np.zeros(len(drawn))
    cells, n_cells = _cells(parameter, column[has])
    kernel = _kernel(parameter, cells[: int(has[: _n_top(len(column))].sum())], n_cells)
    place = np.zeros((len(cells), n_cells))
    place[np.arange(len(cells)), cells] = 1.0
    best, every = top[:, has] @ place @ kernel, drawn[:, has] @ place @ kernel
    a, b = best.sum(axis=1), every.sum(axis=1)
    p = best / np.maximum(a, 1)[:, None]
    q = every / np.maximum(b, 1)[:, None]
    divergence = ((p - q) ** 2 / np.where(q > 0, q, 1.0)).sum(axis=1)
    a, b = a / top.sum(axis=1), b / drawn.sum(axis=1)
    return np.asarray(np.where(a > 0, a**2 / np.where(b > 0, b, 1.0) * divergence, 0.0))


def _cells(parameter: Parameter, column: Float64Array) -> tuple[IntArray, int]:
    """Return the cell that each value lies in, and how many cells there are."""
    if parameter.kind == "choice":
        return column.astype(np.int64), len(parameter.choices)
    low, high = parameter.to_unit(np.array(parameter.ends))
    # A short range of whole numbers has a cell for each of them.
    n = min(CELLS, parameter.high - parameter.low + 1) if parameter.kind == "int" else CELLS
    places = (parameter.to_unit(column) - low) / (high - low)
    return np.clip((places * n).astype(np.int64), 0, n - 1), n


def _kernel(parameter: Parameter, best: IntArray, n: int) -> Float64Array:
    """Return how a trial in a cell, ``(n,)``, counts in all of them, ``(n, n)``; each row adds up to 1."""
    if parameter.kind == "choice":
        return np.eye(n)
    width = max(NARROWEST, float(best.std()) * len(best) ** -0.2) if len(best) else NARROWEST
    apart = np.subtract.outer(np.arange(n), np.arange(n)) / width
    kernel = np.exp(-np.minimum(apart**2, 1000.0) / 2)
    return np.asarray(kernel / kernel.sum(axis=1, keepdims=True))


def _shares(found: Float64Array) -> Float64Array:
    """Return the parts of columns, ``(parameters, rows)``; equal ones where nothing matters."""
    whole = found.sum(axis=0)
    return np.where(whole > 0, found / np.where(whole > 0, whole, 1.0), 1 / len(found))
