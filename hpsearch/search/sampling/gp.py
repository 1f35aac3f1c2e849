"""The Gaussian process as a model of the search: it proposes where the expected improvement is largest."""

import math
from dataclasses import dataclass

import numpy as np

from hpsearch.search.extrapolation import final_values
from hpsearch.search.gaussian_process import even_points
from hpsearch.search.history import History, TrialState
from hpsearch.search.sampling.improvement import log_improvement, uphill
from hpsearch.search.sampling.process import GaussianProcess
from hpsearch.search.sampling.sign_steps import SignSteps
from hpsearch.search.sampling.untried import tried
from hpsearch.search.sampling.warping import warped
from hpsearch.space import Space, in_space
from hpsearch.types import BoolArray, Float64Array

STARTUP = 4
"""Results that the process needs before it proposes."""
PARAMETERS_MOST = 20
"""With more parameters TPE proposes."""
TRIALS_MOST = 300
"""From this trial on TPE proposes: the process costs the cube of the number of results."""
EVEN, NEAR = 512, 256
"""Candidates that fill the box evenly, and candidates around the best trials."""
CENTERS = 3
"""Best trials that the second kind of candidates lie around."""
MOVED_LEAST = 0.5
"""Least chance that a candidate around a trial differs from it in a coordinate."""
SWITCHED = 0.3
"""Chance that a candidate around a trial has another choice than it."""
NEAREST, FARTHEST = 1e-3, 10**-0.5
"""Standard deviations of candidates around a trial, log-uniform between these, in widths of the range."""
CLIMBERS, STEPS = 8, 20
"""Candidates that go uphill, and their steps."""
FIRST_STEP = 0.02
"""The first of these steps, in widths of the box."""
DECIMALS = 9
"""Decimals that estimates are rounded to before they are compared."""


def propose(
    space: Space, seen: History, *, seed: int, low: Float64Array, high: Float64Array
) -> tuple[float, ...] | None:
    """Return the internal parameters of the largest expected improvement that is found in a box.

    The process learns from the values of settled trials, bent towards a normal distribution; a trial without
    a value counts as the worst that was seen. Trials under way count with their predicted mean. The
    improvement is over the best mean at a trial, so that a lucky value raises no bar. Candidates fill the box
    evenly and lie around the best trials; the best candidates go uphill. All of it follows from the seed.

    Args:
        space: The search space.
        seen: What the trial may see.
        seed: The proposal's own seed.
        low: Lower ends of the box in unit coordinates, ``(d,)``.
        high: Upper ends, ``(d,)``.

    Returns:
        The parameters, or ``None`` while there are fewer than 4 results.

    Source: D. R. Jones, M. Schonlau and W. J. Welch, "Efficient Global Optimization of Expensive Black-Box
    Functions", 1998; S. Ament et al., "Unexpected Improvements to Expected Improvement for Bayesian
    Optimization", 2023.
    """
    values = final_values(seen)
    usable = in_space(space, seen.internal)
    known = ~np.isnan(values) & usable
    if np.count_nonzero(known) < STARTUP:
        return None
    settled = np.isin(seen.states, (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED))
    values = np.where(np.isnan(values), values[known].min(), values)
    numbers = np.flatnonzero(settled & usable)
    pending = np.flatnonzero((seen.states == TrialState.RUNNING) & usable)
    search = _Search(
        space=space,
        process=GaussianProcess.of(
            _coordinates(space, seen.internal[np.concatenate([numbers, pending])]),
            warped(values[numbers]),
            choice=_choices(space),
        ),
        low=np.asarray(low, np.float64),
        high=np.asarray(high, np.float64),
    )
    rng = np.random.Generator(np.random.PCG64(seed))
    order = np.argsort(-np.round(search.process.fitted[: len(numbers)], DECIMALS), kind="stable")
    best = space.to_unit(seen.internal[numbers[order[:CENTERS]]])
    known = seen.internal[np.concatenate([numbers, pending])]
    chosen = search.best(np.vstack([search.even(rng), search.near(best, rng)]), known)
    return tuple(math.nan if math.isnan(value) else value for value in chosen.tolist())


@dataclass(frozen=True, kw_only=True)
class _Search:
    """The search for the largest expected improvement of a process in a box.

    Attributes:
        space: The search space.
        process: The process.
        low: Lower ends of the box in unit coordinates, ``(d,)``.
        high: Upper ends.
    """

    space: Space
    process: GaussianProcess
    low: Float64Array
    high: Float64Array

    @property
    def incumbent(self) -> float:
        """The best mean at a trial, also at one under way."""
        return round(float(self.process.fitted.max()), DECIMALS)

    def even(self, rng: np.random.Generator) -> Float64Array:
        """Return unit coordinates that fill the box evenly, ``(512, d)``."""
        d = len(self.low)
        return np.asarray(self.low + even_points(EVEN, d, shift=rng.random(d)) * (self.high - self.low))

    def near(self, centers: Float64Array, rng: np.random.Generator) -> Float64Array:
        """Return unit coordinates around some trials, ``(256, d)``."""
        d = len(self.low)
        shape = (NEAR, d)
        around = centers[np.arange(NEAR) % len(centers)]
        spread = FARTHEST * (NEAREST / FARTHEST) ** rng.random((NEAR, 1))
        moved = around + spread * rng.standard_normal(shape)
        anew = self.low + rng.random(shape) * (self.high - self.low)
        chance = np.where(_choices(self.space), SWITCHED, max(MOVED_LEAST, 1 / d))
        moves = rng.random(shape) < chance
        found = np.where(moves, np.where(_choices(self.space), anew, moved), around)
        # A parameter that the trial does not have may be active where a choice has changed.
        return np.clip(np.where(np.isnan(found), anew, found), self.low, self.high)

    def best(self, units: Float64Array, known: Float64Array) -> Float64Array:
        """Return the internal values of the best candidate, or of where the best ones arrive, ``(d,)``.

        No point comes twice, neither a settled one nor one under way, while another is among the candidates.

        Args:
            units: Unit coordinates of the candidates, ``(n, d)``.
            known: Internal values of the trials, ``(n_trials, d)``.
        """
        internal = self.space.from_units(units)
        scores = self._scores(internal)
        climbed = self.space.from_units(self._climbed(units[np.argsort(-scores, kind="stable")[:CLIMBERS]]))
        internal = np.vstack([climbed, internal])
        order = np.argsort(-np.concatenate([self._scores(climbed), scores]), kind="stable")
        new = (place for place in order if not tried(internal[place : place + 1], known)[0])
        return np.asarray(internal[next(new, order[0])])

    def _scores(self, internal: Float64Array) -> Float64Array:
        """Return the log expected improvement at internal values, rounded."""
        found = self.process.predict(_coordinates(self.space, internal))
        return np.round(log_improvement(*found, self.incumbent), DECIMALS)

    def _climbed(self, units: Float64Array) -> Float64Array:
        """Return the best unit coordinates on the ways uphill from some; choices stay as they are."""
        coordinates = _coordinates(self.space, self.space.from_units(units))
        there = ~np.isnan(self.space.to_unit(self.space.from_units(units))) & ~_choices(self.space)
        at, best = units.copy(), units.copy()
        highest = np.full(len(units), -np.inf)
        steps = SignSteps(np.tile(FIRST_STEP * (self.high - self.low), (len(units), 1)))
        for _ in range(STEPS):
            mean, sd, d_mean, d_sd = self.process.slopes(np.where(there, at, coordinates))
            scores = np.round(log_improvement(mean, sd, self.incumbent), DECIMALS)
            better = scores > highest
            best[better], highest[better] = at[better], scores[better]
            step = steps.step(uphill(mean, sd, d_mean, d_sd, self.incumbent))
            at = np.where(there, np.clip(at + step, self.low, self.high), at)
        return best


def _choices(space: Space) -> BoolArray:
    """Return which parameters are choices, ``(d,)``."""
    return np.array([parameter.kind == "choice" for parameter in space])


def _coordinates(space: Space, internal: Float64Array) -> Float64Array:
    """Return coordinates that the process compares, ``(n, d)``: unit ones of numbers, indices of choices.

    A number that a trial does not have stands in the middle of its range; of a choice that is a value of its
    own.
    """
    lacking = np.where(_choices(space), -1.0, 0.5)
    found = np.where(_choices(space), internal, space.to_unit(internal))
    return np.where(np.isnan(found), lacking, found)
