"""A response surface: what the values of trials say about the value everywhere in the space."""

from dataclasses import dataclass, replace

import numpy as np

from hpsearch.search.polynomials import Polynomials
from hpsearch.types import BoolArray, Float64Array, IntArray

SWEEPS, FIRST_KEPT = 160, 40
"""Steps of the chain for each parameter, and how many of them only lead to where it may stay."""
COUNTED = 0.75
"""A trial counts for so much of an independent one."""
DECAYS = (0.3, 0.55, 0.8, 0.95)
"""Variance of a term over that of the term one degree below; smooth curves have the first."""
SIZE_SPREAD = 1.5
"""Prior deviation of a parameter's size, in decades of variance."""
PAIR_MEAN, PAIR_SPREAD = -1.0, 1.0
"""Prior of what two parameters do together over what each does, in decades of variance."""
SIGNAL_MEAN, SIGNAL_SPREAD = 1.0, 2.5
"""Prior of the signal over the noise, in decades of variance."""
LARGEST, LEAST_NOISE = 1e8, 1e-9
"""Largest variance of a coefficient over the noise's, and least noise: what keeps a factor sound."""
DROPPED = 0.3
"""How often a step drops a parameter from the model."""
SIGNAL, PAIR = -1, -2
"""What a step moves that is no parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """The settings of the surface's prior.

    Attributes:
        sizes: Log10 of each parameter's variance over the common one, ``(d,)``.
        used: Whether the parameter does anything, ``(d,)``.
        decays: Place of each parameter's decay in ``DECAYS``, ``(d,)``.
        pair: Log10 of the variance of pairs.
        signal: Log10 of the common variance over the noise's.
    """

    sizes: Float64Array
    used: BoolArray
    decays: IntArray
    pair: float
    signal: float

    @property
    def log_prior(self) -> float:
        """The logarithm of the prior without a constant; a parameter is used with probability 1/2."""
        return -0.5 * float(
            (self.sizes[self.used] ** 2).sum() / SIZE_SPREAD**2
            + ((self.pair - PAIR_MEAN) / PAIR_SPREAD) ** 2
            + ((self.signal - SIGNAL_MEAN) / SIGNAL_SPREAD) ** 2
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """The surface at some settings: columns in use ``(m,)``, their scales, the factor and its last row."""

    score: float
    columns: IntArray
    scale: Float64Array
    factor: Float64Array


class ResponseSurface:
    """A sum of polynomials whose coefficients are uncertain, drawn from what the trials leave open.

    With ``y`` the values, ``X`` the columns, and a coefficient ``c`` of variance ``s^2 v``,

        y = constant + X c + noise of variance s^2.

    ``v`` falls with the degree, and is 0 for a parameter that is not used. Which parameters are used, their
    sizes and decays, and the noise are not chosen but drawn, by how likely they make the values.

    No surface is quite right, and its errors agree among neighbours. So ``n`` trials count as ``0.75 n``.

    Args:
        polynomials: The columns.
        X: The columns at the trials, ``(n, columns)``.
        y: The trials' values, ``(n,)``, not all equal.

    Source: C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning", 2006, section
    2.1 (the linear model); E. I. George and R. E. McCulloch, "Variable selection via Gibbs sampling", 1993;
    P. Green, "Reversible jump Markov chain Monte Carlo computation", 1995 (dropping parameters); P. Grunwald
    and T. van Ommen, "Inconsistency of Bayesian inference for misspecified linear models", 2017 (0.75).
    """

    def __init__(self, polynomials: Polynomials, X: Float64Array, y: Float64Array) -> None:
        self._first, self._second = polynomials.parameters.T
        self._terms = polynomials.terms
        self._weights = _weights(polynomials)
        self._usable = np.array([map_.shape[1] > 0 for map_ in polynomials.maps])
        centered = X - X.mean(axis=0)
        y = y / np.abs(y).max()  # squares of the largest values would overflow
        y = y - y.mean()
        y = y / y.std()
        self._n = len(y)
        self._gram, self._toward = centered.T @ centered, centered.T @ y
        self._total = float(y @ y) + LEAST_NOISE * len(y)

    def drawn(self, *, seed: int) -> Float64Array:
        """Return coefficients that the trials leave possible, ``(draws, columns)``.

        They are in standard deviations of the values.
        """
        rng = np.random.Generator(np.random.PCG64(seed))
        d = len(self._usable)
        settings = _Settings(
            sizes=np.zeros(d), used=self._usable, decays=np.ones(d, np.int64), pair=PAIR_MEAN, signal=2.0
        )
        fit = self._fit(settings)
        found = np.zeros((SWEEPS - FIRST_KEPT, len(self._first)))
        for sweep in range(SWEEPS):
            for place in (*np.flatnonzero(self._usable).tolist(), SIGNAL, PAIR):
                asked, bonus = _step(settings, place, rng)
                new = self._fit(asked)
                if np.log(1 - rng.uniform()) < new.score - fit.score + bonus:
                    settings, fit = asked, new
            if sweep >= FIRST_KEPT:
                found[sweep - FIRST_KEPT, fit.columns] = self._coefficients(fit, rng)
        return found

    def _fit(self, settings: _Settings) -> _Fit:
        """Return the surface at settings, with the logarithm of prior times likelihood.

        One factor serves for all: with ``A = G + I / 0.75`` in scaled coefficients, the Cholesky factor of
        ``[[A, b], [b', y'y]]`` holds that of ``A``, the solution of ``L z = b`` in its last row, and the
        square root of what the surface leaves of ``y'y`` in its corner.
        """
        variance = self._variance(settings)
        columns = np.flatnonzero(variance > 0)
        m, scale = len(columns), np.sqrt(variance[columns])
        matrix = np.empty((m + 1, m + 1))
        matrix[:m, :m] = scale[:, None] * self._gram[np.ix_(columns, columns)] * scale
        matrix[range(m), range(m)] += 1 / COUNTED
        matrix[m, :m] = matrix[:m, m] = scale * self._toward[columns]
        matrix[m, m] = self._total
        factor = np.asarray(np.linalg.cholesky(matrix), np.float64)
        diagonal = np.log(np.diagonal(factor))
        # The noise's variance is integrated out, as is the constant: n - 1 trials are left.
        likelihood = -diagonal[:m].sum() - 0.5 * m * np.log(COUNTED) - COUNTED * (self._n - 1) * diagonal[m]
        return _Fit(score=float(likelihood) + settings.log_prior, columns=columns, scale=scale, factor=factor)

    def _variance(self, settings: _Settings) -> Float64Array:
        """Return the prior variance of each coefficient over the noise's, ``(columns,)``."""
        weights = self._weights[settings.decays, np.arange(len(settings.sizes))]
        first, second, (a, b) = self._first, self._second, self._terms.T
        alone = second < 0
        decades = np.where(
            alone,
            settings.sizes[first],
            settings.pair + (settings.sizes[first] + settings.sizes[second]) / 2,
        )
        shape = weights[first, a] * np.where(alone, 1.0, weights[second, b])
        used = settings.used[first] & (alone | settings.used[second])
        found = used * shape * 10.0 ** np.clip(decades + settings.signal, -12, 12)
        return np.asarray(np.minimum(found, LARGEST))

    def _coefficients(self, fit: _Fit, rng: np.random.Generator) -> Float64Array:
        """Return coefficients drawn from their normal distribution, ``(columns in use,)``."""
        m = len(fit.columns)
        left = fit.factor[m, m] ** 2
        noise = np.sqrt(left / rng.chisquare(COUNTED * (self._n - 1)))
        target = fit.factor[m, :m] + noise * rng.standard_normal(m)
        return np.asarray(fit.scale * np.linalg.solve(fit.factor[:m, :m].T, target))


def _weights(polynomials: Polynomials) -> Float64Array:
    """Return the variance of each term in its parameter's whole, ``(decays, d, terms)``.

    That of a range falls with the degree; contrasts of a choice are equal.
    """
    most = max((map_.shape[1] for map_ in polynomials.maps), default=0)
    found = np.zeros((len(DECAYS), len(polynomials.maps), max(most, 1)))
    for j, map_ in enumerate(polynomials.maps):
        terms = map_.shape[1]
        falling = np.array(DECAYS)[:, None] ** np.arange(terms)
        if polynomials.levels[j]:
            falling = np.ones_like(falling)
        found[:, j, :terms] = falling / np.maximum(falling.sum(axis=1, keepdims=True), 1e-12)
    return found


def _step(settings: _Settings, place: int, rng: np.random.Generator) -> tuple[_Settings, float]:
    """Return other settings of one parameter, of the signal or of pairs, and the step's bonus.

    A parameter that is dropped and one that comes back, with a size from the prior, balance: the bonus is
    the logarithm of how often the way back is taken over how often this way is.
    """
    if place == SIGNAL:
        return replace(settings, signal=settings.signal + 0.5 * rng.standard_normal()), 0.0
    if place == PAIR:
        return replace(settings, pair=settings.pair + 0.5 * rng.standard_normal()), 0.0
    sizes, used, decays = settings.sizes.copy(), settings.used.copy(), settings.decays.copy()
    size, other_decay = rng.standard_normal(), int(rng.integers(len(DECAYS)))
    dropped, turned = rng.uniform(size=2)
    if not used[place]:
        used[place], sizes[place], decays[place] = True, SIZE_SPREAD * size, other_decay
        bonus = np.log(DROPPED) + 0.5 * size**2
    elif dropped < DROPPED:
        used[place] = False
        bonus = -np.log(DROPPED) - 0.5 * (sizes[place] / SIZE_SPREAD) ** 2
    else:
        sizes[place] += 0.7 * size
        if turned < 0.5:
            decays[place] = other_decay
        bonus = 0.0
    return replace(settings, sizes=sizes, used=used, decays=decays), float(bonus)
