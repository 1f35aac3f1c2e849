"""Smoothed estimates of the values of trials, by a Gaussian process over their parameters."""

from statistics import NormalDist

import numpy as np

from hpsearch.search.extrapolation import final_values, judged_values
from hpsearch.search.gaussian_process import even_points, matern, normal_quantiles
from hpsearch.search.history import History
from hpsearch.search.statistics import ranks
from hpsearch.space import Space, in_space
from hpsearch.types import Float64Array, IntArray

MODELS = 32
"""Number of settings of the process that are averaged."""
RESULTS_LEAST = 8
"""With fewer results nothing is smoothed."""
DECIMALS = 9
"""Decimals that an estimate is rounded to."""
RESULTS_MOST = 300
"""Results that enter the process, at most: half of them are the best ones, half are spread over the rest."""
LENGTH_MEDIAN, LENGTH_SPREAD = 1.0, 0.7
"""Log-normal prior of a length, in widths of the declared range."""
NOISE_MEDIAN, NOISE_SPREAD = 0.37, 1.0
"""Log-normal prior of the noise's variance over the signal's."""


def smoothed(space: Space, history: History, *, judged: bool = False) -> Float64Array:
    """Return the estimated value of each trial in normal scores, ``(n,)``, smoothed over its neighbours.

    The observed best of many noisy values is partly luck. The mean of a Gaussian process (Matern 5/2, a
    length for each parameter, a noise term) shrinks a lucky value towards those around it. Its settings are
    not optimised but averaged: 32 of them, spread evenly over a broad prior, weighted by how likely they
    make the data, so no fit can fail or overfit. It is fitted to normal scores (the quantiles of the normal
    distribution at the values' ranks), so that a few terrible values cannot bend it, and no unit matters.

    Args:
        space: The search space.
        history: The trials.
        judged: Whether trials that failed are results, too, the worst ones.

    Returns:
        An estimate for each trial, higher is better. With fewer than 8 results, or where all are equal, the
        scores as they are. NaN where a trial has no result or is no point of the space. Of more than 300
        results the best 150 have an estimate, and 150 spread evenly over the rest.

    Source: C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning", 2006, equations
    2.25 and 2.30 (mean, likelihood) and 4.17 (Matern 5/2); D. Salinas et al., "A quantile-based approach for
    hyperparameter transfer learning", 2020, section 4 (scores).
    """
    usable, scores = _scored(space, history, judged=judged)
    if len(usable) >= RESULTS_LEAST and scores.any():
        points = _metric_coordinates(space, history.internal[usable])
        # Another linear algebra library rounds differently, and equal estimates must stay equal.
        scores = np.round(scores.mean() + _posterior(points, scores - scores.mean()), DECIMALS)
    estimate = np.full(len(history), np.nan)
    estimate[usable] = scores
    return estimate


def _scored(space: Space, history: History, *, judged: bool = False) -> tuple[IntArray, Float64Array]:
    """Return the numbers of the trials that enter the process, ``(n,)``, and their normal scores."""
    values = judged_values(history) if judged else final_values(history)
    usable = np.flatnonzero(~np.isnan(values) & in_space(space, history.internal))
    usable = usable[_taken(values[usable])]  # the process costs the cube of their number
    return usable, normal_quantiles((ranks(values[usable]) - 0.5) / max(1, len(usable)))


def predicted(space: Space, history: History, internal: Float64Array) -> Float64Array:
    """Return what the process expects at points that need not have been tried, ``(n_points,)``.

    Args:
        space: The search space.
        history: The trials, with 8 results at least.
        internal: Internal values of the points, ``(n_points, n_parameters)``.

    Returns:
        Estimates in normal scores, as ``smoothed`` has them.
    """
    usable, scores = _scored(space, history)
    points = _metric_coordinates(space, np.concatenate([history.internal[usable], internal]))
    found = _posterior(points[: len(usable)], scores - scores.mean(), points[len(usable) :])
    return np.asarray(np.round(scores.mean() + found, DECIMALS))


def expected_values(space: Space, history: History, internal: Float64Array) -> Float64Array:
    """Return the metric that the process expects at points that need not have been tried, ``(n_points,)``.

    An estimate in normal scores is turned back into the value that results have at that rank, between two
    results in proportion: it lies among the values that were measured, so no share is above 1.

    Args:
        space: The search space.
        history: The trials, with 8 results at least.
        internal: Internal values of the points, ``(n_points, n_parameters)``.
    """
    usable, scores = _scored(space, history)
    values, order = final_values(history)[usable], np.argsort(scores, kind="stable")
    found = np.interp(predicted(space, history, internal), scores[order], values[order])
    return np.asarray(history.sign * found)


def surer(space: Space, history: History, *, than: int, judged: bool = False) -> Float64Array:
    """Return for each trial how probable it is, by the process, that it is better than another, ``(n,)``.

    Args:
        space: The search space.
        history: The trials.
        than: The number of the other trial.
        judged: Whether trials that failed count as bad results.

    Returns:
        Probabilities; 0 for the trial itself. With fewer than 8 results, where all are equal, and where one
        of the two does not enter the process, 0.
    """
    usable, scores = _scored(space, history, judged=judged)
    found = np.zeros(len(history))
    if len(usable) >= RESULTS_LEAST and scores.any() and than in usable:
        points = _metric_coordinates(space, history.internal[usable])
        place = int(np.flatnonzero(usable == than)[0])
        found[usable] = np.round(_better(points, scores - scores.mean(), place), DECIMALS)
    return found


def _better(points: Float64Array, target: Float64Array, place: int) -> Float64Array:
    """Return the probability that the surface is higher at each point than at one of them, ``(n,)``."""
    shares, scores = [], []
    for length, noise in zip(*_prior(points.shape[1]), strict=True):
        kernel = _matern(points, length)
        factor = np.linalg.cholesky(kernel + noise * np.eye(len(points)))
        half, whitened = np.linalg.solve(factor, target), np.linalg.solve(factor, kernel)
        mean, covariance = whitened.T @ half, kernel - whitened.T @ whitened
        scores.append(-0.5 * len(points) * np.log(half @ half) - np.log(np.diagonal(factor)).sum())
        variances = np.diagonal(covariance)
        spread = variances + variances[place] - 2 * covariance[place]
        z = (mean - mean[place]) / np.sqrt(np.maximum(spread * (half @ half) / len(points), 1e-12))
        shares.append([NormalDist().cdf(x) for x in z])
    share = np.exp(np.array(scores) - max(scores))
    found = np.asarray((share / share.sum()) @ np.array(shares))
    found[place] = 0.0
    return found


def _posterior(
    points: Float64Array, target: Float64Array, others: Float64Array | None = None
) -> Float64Array:
    """Return the mean of the averaged processes at points, ``(n, d)``, from the results there, ``(n,)``.

    With ``others``, ``(m, d)``, it is the mean at these, ``(m,)``. Each process is weighted by its likelihood
    (equation 5.8), at the amplitude of the signal that makes it largest.
    """
    means, scores = [], []
    for length, noise in zip(*_prior(points.shape[1]), strict=True):
        kernel = _matern(points, length)
        # With K = L L^T, log det K is twice the sum of the logarithms of L's diagonal.
        factor = np.linalg.cholesky(kernel + noise * np.eye(len(points)))
        half = np.linalg.solve(factor, target)
        cross = kernel if others is None else _matern(others, length, points)
        means.append(cross @ np.linalg.solve(factor.T, half))
        scores.append(-0.5 * len(points) * np.log(half @ half) - np.log(np.diagonal(factor)).sum())
    share = np.exp(np.array(scores) - max(scores))  # without the largest, exp would underflow
    return np.asarray((share / share.sum()) @ np.array(means))


def _matern(points: Float64Array, length: Float64Array, others: Float64Array | None = None) -> Float64Array:
    """Return the Matern 5/2 correlation of points, ``(n, d)``, with each other, or others, ``(n, m)``."""
    squares = (((points[:, None] - (points if others is None else others)[None]) / length) ** 2).sum(axis=2)
    return matern(squares)


def _prior(d: int) -> tuple[Float64Array, Float64Array]:
    """Return settings spread over the prior: lengths ``(models, d)`` and noises ``(models,)``.

    Points that fill the cube evenly become quantiles of the log-normals.
    """
    z = normal_quantiles(even_points(MODELS, d + 1))
    return LENGTH_MEDIAN * np.exp(LENGTH_SPREAD * z[:, :d]), NOISE_MEDIAN * np.exp(NOISE_SPREAD * z[:, d])


def _taken(values: Float64Array) -> IntArray:
    """Return the places of the results that enter the process, ascending."""
    if len(values) <= RESULTS_MOST:
        return np.arange(len(values))
    order = np.argsort(-values, kind="stable")
    half = RESULTS_MOST // 2
    rest = np.linspace(half, len(values) - 1, RESULTS_MOST - half).astype(np.int64)
    return np.sort(np.concatenate([order[:half], order[rest]]))


def _metric_coordinates(space: Space, internal: Float64Array) -> Float64Array:
    """Return coordinates in which Euclidean distances compare trials, ``(n, columns)``.

    A number is its unit coordinate. A choice is a column for each of its values, so that two values are 1
    apart. A parameter that a trial does not have stands in the middle of its range.
    """
    units = space.to_unit(internal)
    columns = []
    for column, parameter in zip(units.T, space, strict=True):
        levels = len(parameter.choices)
        if levels:
            which = np.floor(column * levels)
            columns += [np.where(which == k, np.sqrt(0.5), 0.0) for k in range(levels)]
        else:
            columns.append(np.where(np.isnan(column), 0.5, column))
    return np.stack(columns, axis=1)
