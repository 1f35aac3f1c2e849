"""Smoothed estimates of the values of trials, by a Gaussian process over their parameters."""

import numpy as np

from hpsearch.search.extrapolation import final_values
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


def smoothed(space: Space, history: History) -> Float64Array:
    """Return the estimated value of each trial in normal scores, ``(n,)``, smoothed over its neighbours.

    The observed best of many noisy values is partly luck. The mean of a Gaussian process (Matern 5/2, a
    length for each parameter, a noise term) shrinks a lucky value towards those around it. Its settings are
    not optimised but averaged: 32 of them, spread evenly over a broad prior, weighted by how likely they
    make the data, so no fit can fail or overfit. It is fitted to normal scores (the quantiles of the normal
    distribution at the values' ranks), so that a few terrible values cannot bend it, and no unit matters.

    Args:
        space: The search space.
        history: The trials.

    Returns:
        An estimate for each trial, higher is better. With fewer than 8 results, or where all are equal, the
        scores as they are. NaN where a trial has no result or is no point of the space. Of more than 300
        results the best 150 have an estimate, and 150 spread evenly over the rest.

    Source: C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning", 2006, equations
    2.25 and 2.30 (mean, likelihood) and 4.17 (Matern 5/2); D. Salinas et al., "A quantile-based approach for
    hyperparameter transfer learning", 2020, section 4 (scores).
    """
    values = final_values(history)
    usable = np.flatnonzero(~np.isnan(values) & in_space(space, history.internal))
    usable = usable[_taken(values[usable])]  # the process costs the cube of their number
    scores = normal_quantiles((ranks(values[usable]) - 0.5) / max(1, len(usable)))
    if len(usable) >= RESULTS_LEAST and scores.any():
        points = _metric_coordinates(space, history.internal[usable])
        # Another linear algebra library rounds differently, and equal estimates must stay equal.
        scores = np.round(scores.mean() + _posterior(points, scores - scores.mean()), DECIMALS)
    estimate = np.full(len(values), np.nan)
    estimate[usable] = scores
    return estimate


def _posterior(points: Float64Array, target: Float64Array) -> Float64Array:
    """Return the mean of the averaged processes at points, ``(n, d)``, from the results there, ``(n,)``.

    Each process is weighted by its likelihood (equation 5.8), at the amplitude of the signal that makes it
    largest.
    """
    means, scores = [], []
    for length, noise in zip(*_prior(points.shape[1]), strict=True):
        kernel = _matern(points, length)
        # With K = L L^T, log det K is twice the sum of the logarithms of L's diagonal.
        factor = np.linalg.cholesky(kernel + noise * np.eye(len(points)))
        half = np.linalg.solve(factor, target)
        means.append(kernel @ np.linalg.solve(factor.T, half))
        scores.append(-0.5 * len(points) * np.log(half @ half) - np.log(np.diagonal(factor)).sum())
    share = np.exp(np.array(scores) - max(scores))  # without the largest, exp would underflow
    return np.asarray((share / share.sum()) @ np.array(means))


def _matern(points: Float64Array, length: Float64Array) -> Float64Array:
    """Return the Matern 5/2 correlation of points, ``(n, d)``, with each other, ``(n, n)``."""
    squares = (((points[:, None] - points[None]) / length) ** 2).sum(axis=2)
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
