"""The race that confirms a winner: the candidate that runs next, and the candidates that are out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hpsearch.search.history import History, TrialState
from hpsearch.types import BoolArray, Float64Array, IntArray

Array = TypeVar("Array", bound=NDArray[Any])

RULE = "race 1"
"""Name of the rule below. A companion study that was run by a rule of another name is set aside."""

FIRST_RUNS = 2
"""Runs that every candidate gets before any candidate gets more: the fewest that show a spread."""

LEAST_SPREAD = 1e-9
"""A standard deviation below it is the rounding of equal accuracies."""

DEFAULT = "default"
"""Label of the declared default, where the label of a trial is its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A configuration that takes part in the race.

    Attributes:
        internal: Its internal parameters.
        number: Its trial in the search, or ``None`` for a default that no finalist has tried.
        default: Whether it is the declared default.
    """

    internal: tuple[float, ...]
    number: int | None = None
    default: bool = False

    @property
    def label(self) -> int | str:
        """Its label: the number of its trial, or ``"default"``."""
        return DEFAULT if self.number is None else self.number


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The standing of the candidates in a race, by the runs so far; what follows from it is computed once.

    Attributes:
        given: Number of runs that each candidate was given, with runs under way, ``(n_candidates,)``.
        runs: For each candidate the scores of its settled runs, more is better, ``(n_settled,)``; for a run
            that failed the worst one.
    """

    given: IntArray
    runs: tuple[Float64Array, ...]

    @classmethod
    def of(cls, candidates: Sequence[Candidate], history: History, *, worst: float = 0.0) -> "Standing":
        """Return the standing after some runs; a run belongs to the candidate with its parameters.

        Args:
            candidates: The candidates.
            history: The runs.
            worst: The score of a run that failed; where it is infinite, as far below the worst run as the
                best one is above it.
        """
        seen = history.values[history.valued]
        if not math.isfinite(worst):
            worst = float(2 * seen.min() - seen.max()) if seen.size else 0.0
        values = np.where(np.isin(np.arange(len(history)), history.valued), history.values, worst)
        settled = history.states != TrialState.RUNNING
        points = [history.point(number) for number in range(len(history))]
        mine = [np.array([point == c.internal for point in points], np.bool_) for c in candidates]
        return cls(
            given=np.array([rows.sum() for rows in mine], np.int64),
            runs=tuple(values[rows & settled] for rows in mine),
        )

    @cached_property
    def counts(self) -> IntArray:
        """Number of settled runs of each candidate, ``(n_candidates,)``."""
        return _fixed(np.array([len(runs) for runs in self.runs], np.int64))

    @cached_property
    def means(self) -> Float64Array:
        """Mean score of each over its settled runs, ``(n_candidates,)``; minus infinity without one."""
        return _fixed(np.array([runs.mean() if len(runs) else -np.inf for runs in self.runs]))

    @cached_property
    def freedom(self) -> int:
        """Degrees of freedom of ``deviation``: the settled runs beyond the first of each candidate."""
        return int(np.maximum(self.counts - 1, 0).sum())

    @cached_property
    def deviation(self) -> float:
        """Standard deviation over seeds, pooled over the candidates; 0 while no candidate has two runs."""
        if not self.freedom:
            return 0.0
        ran = [(runs, mean) for runs, mean in zip(self.runs, self.means, strict=True) if len(runs)]
        squares = sum(float(((runs - mean) ** 2).sum()) for runs, mean in ran)
        deviation = math.sqrt(squares / self.freedom)
        return deviation if deviation > LEAST_SPREAD else 0.0

    @cached_property
    def variances(self) -> Float64Array:
        """Variance of each candidate's mean over its seeds, ``(n_candidates,)``: infinity without a run.

        It is ``max(s_i, s)^2 / n_i``, with the candidate's own deviation ``s_i`` and the pooled one ``s``.
        The own one is too uncertain after two runs, the pooled one is too small for a noisy candidate.
        """
        own = np.array([runs.var(ddof=1) if len(runs) > 1 else 0.0 for runs in self.runs])
        larger = np.maximum(own, self.deviation**2) if self.deviation else np.zeros(len(self.runs))
        return _fixed(np.where(self.counts > 0, larger / np.maximum(self.counts, 1), np.inf))

    def margins(self, shares: Float64Array) -> Float64Array:
        """Return the differences of means that seeds explain at 95 %, ``(n,)``.

        That is Student's t times the pooled deviation times ``sqrt(shares)``; 0 while no deviation is known.

        Args:
            shares: ``1 / n`` for a mean of ``n`` runs, for a difference of two the sum of both; ``(n,)``.

        Source: Student, "The probable error of a mean", 1908.
        """
        # SciPy's special functions take 0.1 s to import, and only a race needs them.
        from scipy.special import stdtrit  # noqa: PLC0415

        if not self.deviation:
            return np.zeros(len(shares))
        return np.asarray(stdtrit(self.freedom, 0.975) * self.deviation * np.sqrt(shares))

    @cached_property
    def out(self) -> BoolArray:
        """Whether each candidate is out, ``(n_candidates,)``.

        A candidate is out while its upper 95 % bound lies under the leader's lower bound. A candidate without
        a settled run is in, and while no spread is known all are in. This is decided anew before every run.

        Source: O. Maron and A. Moore, "Hoeffding races: accelerating model selection search for
        classification and function approximation", 1994, section 2; here with Student's bounds.
        """
        ran = self.counts > 0
        if not self.deviation:
            return _fixed(np.zeros(len(self.runs), np.bool_))
        half = self.margins(1 / np.maximum(self.counts, 1))
        leader = int(np.argmax(self.means))
        return _fixed(ran & (self.means + half < self.means[leader] - half[leader]))


def _fixed(array: Array) -> Array:
    """Return an array that cannot be changed: it is computed once for all who read it."""
    array.flags.writeable = False
    return array


def next_candidate(standing: Standing) -> int:
    """Return the place of the candidate that the next run goes to.

    Of the candidates in the race it is the one with the fewest runs given; of equals the one with the higher
    mean, then the earlier one. No candidate is out before each was given ``FIRST_RUNS``.
    """
    first = standing.given.min() < FIRST_RUNS
    running = np.flatnonzero(~standing.out) if not first else np.arange(len(standing.runs))
    order = np.lexsort((running, -standing.means[running], standing.given[running]))
    return int(running[order[0]])
