"""A Gaussian process over the results of a search, with the settings that the results make likeliest."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri, dtrtrs

from hpsearch.search.gaussian_process import matern_with_slope
from hpsearch.search.sampling.sign_steps import SignSteps
from hpsearch.types import BoolArray, Float64Array

LENGTH_MEDIAN, LENGTH_SPREAD = 0.5, 1.0
"""Log-normal prior of a length over the root of the number of parameters, in widths of the declared range."""
NOISE_MEDIAN, NOISE_SPREAD = 1e-3, 3.0
"""Log-normal prior of the noise's variance over the signal's: broad, because many functions have no noise."""
NOISE_LEAST, NOISE_MOST = 1e-8, 10.0
"""The noise's variance over the signal's, at least and at most."""
LENGTHS = math.exp(-5.0), math.exp(5.0)
"""The shortest and the longest length."""
STEPS = 20
"""Steps uphill of the fit from each start."""
FIRST_STEP, LARGEST_STEP = 0.4, 2.0
"""The first and the largest step of the logarithm of a length; the first one of the noise is 1."""
DECIMALS = 9
"""Decimals that likelihoods are rounded to before they are compared."""
VARIANCE_LEAST = 1e-12
"""The least variance of a prediction, over the signal's."""


@dataclass(frozen=True)
class GaussianProcess:
    """A Gaussian process: Matern 5/2, a length for each parameter, a constant mean, a noise term.

    Trials under way count with their predicted mean (the kriging believer): they make the process surer of
    itself around them and change no mean.

    Attributes:
        points: Coordinates of the results, then of the trials under way, ``(n + pending, d)``.
        target: The results, ``(n,)``.
        choice: Which coordinates count choices, ``(d,)``: two of them are 1 apart wherever they differ.
        theta: Logarithms of the lengths, ``(d,)``, and then of the noise's variance over the signal's.

    Source: C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning", 2006, equations
    2.25, 2.26 (prediction) and 5.9 (gradient of the likelihood); D. Ginsbourger et al., "Kriging is
    well-suited to parallelize optimization", 2010 (the believer).
    """

    points: Float64Array
    target: Float64Array
    choice: BoolArray
    theta: Float64Array

    @classmethod
    def of(cls, points: Float64Array, target: Float64Array, *, choice: BoolArray) -> "GaussianProcess":
        """Return the process whose settings are the likeliest that steps uphill find."""
        n, d = len(target), points.shape[1]
        squares = _differences(points[:n], points[:n], choice) ** 2
        means, spreads = _prior(d)
        best, found = -math.inf, means
        theta = means.copy()
        steps = SignSteps(np.append(np.full(d, FIRST_STEP), 1.0), most=LARGEST_STEP)
        bounds = np.log([*[LENGTHS] * d, (NOISE_LEAST, NOISE_MOST)]).T
        for _ in range(STEPS if target.any() else 0):
            likelihood, gradient = _likelihood(theta, squares, target)
            away = (theta - means) / spreads
            score = round(likelihood - 0.5 * float(away @ away), DECIMALS)
            if score > best:
                best, found = score, theta
            theta = np.clip(theta + steps.step(gradient - away / spreads), *bounds)
        return cls(points=points, target=target, choice=choice, theta=found)

    @cached_property
    def weights(self) -> Float64Array:
        """What each squared difference is multiplied by, ``(d,)``."""
        return np.exp(-2 * self.theta[:-1])

    @cached_property
    def _kernel(self) -> Float64Array:
        """The correlation of all points with each other."""
        return self._correlation(self.points)[0]

    @cached_property
    def _factor(self) -> Float64Array:
        """The Cholesky factor of the kernel with noise."""
        return self._factored(len(self.points))

    @cached_property
    def _solution(self) -> tuple[float, Float64Array, float]:
        """The constant mean, the weights of the results, ``(n,)``, and the signal's standard deviation."""
        n = len(self.target)
        factor = self._factored(n)
        ones = _solved(factor, np.ones(n))
        mean = float(ones @ self.target) / float(ones.sum())
        weights = _solved(factor, self.target - mean)
        variance = float((self.target - mean) @ weights) / n
        return mean, weights, math.sqrt(variance) if variance > 0 else 1.0

    @cached_property
    def fitted(self) -> Float64Array:
        """The means at the results and the trials under way, ``(n + pending,)``."""
        mean, weights, _ = self._solution
        return np.asarray(mean + self._kernel[:, : len(weights)] @ weights)

    def predict(self, at: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return means and standard deviations of the function at coordinates, ``(m, d)``, each ``(m,)``."""
        kernel, _ = self._correlation(at)
        mean, weights, deviation = self._solution
        half = _forward(self._factor, kernel.T)
        return mean + kernel[:, : len(weights)] @ weights, deviation * np.sqrt(_left(half))

    def slopes(self, at: Float64Array) -> tuple[Float64Array, ...]:
        """Return means, deviations, ``(m,)``, and the gradients of both, ``(m, d)``, at coordinates."""
        kernel, slope = self._correlation(at)
        mean, weights, deviation = self._solution
        n = len(weights)
        half = _forward(self._factor, kernel.T)
        sd = deviation * np.sqrt(_left(half))
        back = dtrtrs(self._factor, half, lower=1, trans=1)[0]
        # The derivative of a correlation is -slope * difference * weight.
        each = -slope[:, :, None] * _differences(at, self.points, self.choice) * self.weights
        d_mean = np.einsum("mnd,n->md", each[:, :n], weights)
        d_variance = -2 * np.einsum("mnd,nm->md", each, back) * deviation**2
        return mean + kernel[:, :n] @ weights, sd, d_mean, d_variance / (2 * sd[:, None])

    def _correlation(self, at: Float64Array) -> tuple[Float64Array, Float64Array]:
        squares = _differences(at, self.points, self.choice) ** 2
        return matern_with_slope(squares @ self.weights)

    def _factored(self, n: int) -> Float64Array:
        kernel = self._kernel[:n, :n] + math.exp(self.theta[-1]) * np.eye(n)
        return np.asarray(dpotrf(kernel, lower=1)[0])


def _prior(d: int) -> tuple[Float64Array, Float64Array]:
    """Return medians and spreads of the logarithms of the lengths and the noise, ``(d + 1,)`` each."""
    # In many dimensions random points are far apart: lengths grow with the root of their number.
    medians = [math.log(LENGTH_MEDIAN * math.sqrt(d))] * d + [math.log(NOISE_MEDIAN)]
    return np.array(medians), np.array([LENGTH_SPREAD] * d + [NOISE_SPREAD])


def _likelihood(
    theta: Float64Array, squares: Float64Array, target: Float64Array
) -> tuple[float, Float64Array]:
    """Return the log-likelihood at the best constant mean and amplitude, and its gradient, ``(d + 1,)``.

    Args:
        theta: Logarithms of the lengths and of the noise.
        squares: Squared differences of the results, ``(n, n, d)``.
        target: The results, ``(n,)``.
    """
    n = len(target)
    weights, noise = np.exp(-2 * theta[:-1]), math.exp(theta[-1])
    kernel, slope = matern_with_slope(squares @ weights)
    kernel.flat[:: n + 1] += noise
    factor, failed = dpotrf(kernel, lower=1)
    if failed:  # so near to singular that rounding decides: more noise is the way back
        return -math.inf, np.append(np.zeros(len(weights)), 1.0)
    lower = dpotri(factor, lower=1)[0]
    inverse = np.tril(lower) + np.tril(lower, -1).T
    ones = inverse.sum(axis=1)
    centered = target - float(ones @ target) / float(ones.sum())
    solved = inverse @ centered
    misfit = float(centered @ solved)
    likelihood = -0.5 * n * math.log(misfit / n) - float(np.log(np.diagonal(factor)).sum())
    outer = (n / misfit) * np.outer(solved, solved) - inverse
    lengths = 0.5 * ((outer * slope).reshape(-1) @ squares.reshape(n * n, -1)) * weights
    return likelihood, np.append(lengths, 0.5 * noise * float(np.trace(outer)))


def _differences(a: Float64Array, b: Float64Array, choice: BoolArray) -> Float64Array:
    """Return the differences of coordinates, ``(n_a, n_b, d)``; of different choices 1."""
    found = a[:, None] - b[None]
    if choice.any():
        found[:, :, choice] = found[:, :, choice] != 0
    return found


def _forward(factor: Float64Array, right: Float64Array) -> Float64Array:
    return np.asarray(dtrtrs(factor, right, lower=1)[0])


def _solved(factor: Float64Array, right: Float64Array) -> Float64Array:
    return np.asarray(dtrtrs(factor, _forward(factor, right), lower=1, trans=1)[0])


def _left(half: Float64Array) -> Float64Array:
    """Return the variance that is left, over the signal's, ``(m,)``."""
    left = 1 - (half * half).sum(axis=0)
    return np.asarray(np.maximum(left, VARIANCE_LEAST))
