"""The importance of parameters: their shares of the value's variance over the whole space."""

from dataclasses import dataclass

import numpy as np

from hpsearch.search.extrapolation import final_values
from hpsearch.search.history import History
from hpsearch.search.polynomials import Polynomials
from hpsearch.search.response_surface import ResponseSurface
from hpsearch.search.sampling.box import TOP_LEAST, TOP_SHARE
from hpsearch.space import Space, in_space
from hpsearch.study_file import Purpose, child_seed
from hpsearch.types import BoolArray, Float64Array

RESULTS_LEAST = 20
"""With fewer results no importance is computed."""
RESULTS_MOST = 2000
"""Results that the surface is fitted to, at most: of more so many, spread evenly over their numbers."""
INTERVAL = (0.025, 0.975)
EXCHANGES = 8
"""Others of the best trials from which a trial takes a parameter's value."""
APART = 0.1
"""Least difference between a share near the best and the share that is worth a sentence."""
DECIMALS = 9
"""Decimals that shares are rounded to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """The importance of a parameter.

    Attributes:
        name: The parameter's name.
        share: Its part of the value's variance over the whole space, 0 to 1; they add up to 1.
        interval: 95 % interval of the share in full percents, 0 to 1.
        near_best: Its part of what changes the value among the best quarter of trials, 0 to 1; they add
            up to 1.
        near_best_interval: 95 % interval of that part in full percents, 0 to 1.
    """

    name: str
    share: float
    interval: tuple[float, float]
    near_best: float
    near_best_interval: tuple[float, float]

    @property
    def differs_near_best(self) -> bool:
        """Whether the parameter matters more among the best trials: by a tenth, and the intervals part."""
        return self.near_best > self.share + APART and self.near_best_interval[0] > self.interval[1]


def importances(space: Space, history: History, *, seed: int) -> tuple[Importance, ...]:
    """Return the importance of each parameter, in the order of the space; nothing with too few results.

    A search looks where results are good, so its trials are no sample of the space: among them a parameter
    may go with the value that does nothing. Therefore a surface is fitted to the trials, and what each
    parameter does is taken from the surface over uniform points of the space. There the surface is a sum of
    uncorrelated parts, each of one or two parameters. A parameter's share is the variance of the parts that
    are its own, and half of those that it has with another, over the whole variance.

    The space is the declared ranges, on their scales, widened to where trials lie. A parameter with
    conditions counts for the part of the space in which it is active. The value of a stopped trial is an
    estimate of its value at the end.

    Of more than 2,000 results so many are taken, spread evenly over their numbers: with 5 parameters and
    10,000 results the time would be ten times as long, for intervals that are narrow already.

    The trials leave many surfaces possible. The share is the mean over 120 of them, drawn by how likely they
    are; the interval spans 95 % of them, to the next full percent outside. Near the best, the share is that
    of the squared changes of the surface where one of the best trials takes a parameter from another.

    Args:
        space: The search space.
        history: The trials.
        seed: The study's seed; the draws follow from it.

    Source: I. M. Sobol', "Global sensitivity indices for nonlinear mathematical models", 2001; A. B. Owen,
    "Sobol' indices and Shapley value", 2014 (halves); F. Hutter, H. Hoos and K. Leyton-Brown, "An efficient
    approach for assessing hyperparameter importance", 2014 (a model over the whole space); M. J. W. Jansen,
    "Analysis of variance designs for model output", 1999 (changes).
    """
    values = final_values(history)
    numbers = history.valued[in_space(space, history.internal[history.valued])]
    numbers = numbers[np.isfinite(values[numbers])]
    if len(numbers) < RESULTS_LEAST:
        return ()
    if len(numbers) > RESULTS_MOST:
        numbers = numbers[np.linspace(0, len(numbers) - 1, RESULTS_MOST).astype(np.int64)]
    internal, y = history.internal[numbers], values[numbers]
    seed = child_seed(seed, Purpose.REPORT)
    polynomials = Polynomials.of(space, internal, seed=seed)
    if not len(polynomials.parameters) or not y.min() < y.max():
        return _unknown(space)
    drawn = ResponseSurface(polynomials, polynomials.at(internal), y).drawn(seed=seed)
    order = np.argsort(-y, kind="stable")
    best = internal[order[: max(TOP_LEAST, int(np.ceil(TOP_SHARE * len(y))))]]
    usable = np.array([map_.shape[1] > 0 for map_ in polynomials.maps])
    whole = _summary(_variances(polynomials, drawn), usable)
    near = _summary(_changes(polynomials, drawn, best), usable)
    return tuple(
        Importance(name=name, share=share, interval=ends, near_best=near_share, near_best_interval=near_ends)
        for name, (share, ends), (near_share, near_ends) in zip(space.names, whole, near, strict=True)
    )


def _unknown(space: Space) -> tuple[Importance, ...]:
    """Return equal shares of which nothing is known."""
    share, ends = 1 / len(space), (0.0, 1.0)
    return tuple(
        Importance(name=name, share=share, interval=ends, near_best=share, near_best_interval=ends)
        for name in space.names
    )


def _variances(polynomials: Polynomials, drawn: Float64Array) -> Float64Array:
    """Return the variance that each parameter makes over the space, ``(draws, d)``."""
    squares = drawn**2 * polynomials.active
    first, second = polynomials.parameters.T
    alone = second < 0
    owned = np.zeros((len(first), len(polynomials.maps)))
    owned[np.arange(len(first)), first] = np.where(alone, 1.0, 0.5)
    owned[np.flatnonzero(~alone), second[~alone]] = 0.5
    return np.asarray(squares @ owned)


def _changes(polynomials: Polynomials, drawn: Float64Array, best: Float64Array) -> Float64Array:
    """Return the mean squared change of the surface where best trials swap a parameter, ``(draws, d)``."""
    found = np.zeros((len(drawn), best.shape[1]))
    steps = np.unique(np.linspace(1, len(best) - 1, EXCHANGES).astype(np.int64))
    here = polynomials.at(best)
    for j in range(best.shape[1]):
        for step in steps.tolist():
            other = best.copy()
            taken = np.roll(best[:, j], step)
            # A parameter that one of the two trials does not have cannot be exchanged.
            other[:, j] = np.where(np.isnan(taken) | np.isnan(best[:, j]), best[:, j], taken)
            other = np.where(polynomials.space.active(other), other, np.nan)
            found[:, j] += (((polynomials.at(other) - here) @ drawn.T) ** 2).mean(axis=0)
    return found


def _summary(found: Float64Array, usable: BoolArray) -> list[tuple[float, tuple[float, float]]]:
    """Return each parameter's share and its interval, from what it does in each draw, ``(draws, d)``."""
    whole = found.sum(axis=1, keepdims=True)
    # Where a surface is flat, nothing says which parameter matters.
    shares = np.where(whole > 0, found / np.where(whole > 0, whole, 1.0), usable / usable.sum())
    # Another linear algebra library rounds differently, and equal reports must stay equal.
    shares = np.round(shares, DECIMALS)
    means = np.round(shares.mean(axis=0), DECIMALS)
    low, high = np.quantile(shares, INTERVAL, axis=0)
    ends = zip(np.maximum(np.ceil(100 * low) - 1, 0), np.minimum(np.floor(100 * high) + 1, 100), strict=True)
    return [
        (float(mean), (float(a / 100), float(b / 100)) if can else (0.0, 0.0))
        for mean, (a, b), can in zip(means / means.sum(), ends, usable, strict=True)
    ]
