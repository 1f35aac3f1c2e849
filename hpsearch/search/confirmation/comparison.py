"""The comparison of the candidates of a race on the same rows, pair by pair."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hpsearch.search.confirmation.crossed import crossed
from hpsearch.search.confirmation.race import LEAST_SPREAD, Standing
from hpsearch.search.confirmation.shrinkage import shrunken
from hpsearch.search.confirmation.studentized_range import range_quantile
from hpsearch.types import Float64Array, IntArray

CONFIDENCE = 0.95
"""Share of races of equals in which no candidate is called different from the winner, at least."""


@dataclass(frozen=True)
class Comparison:
    """The candidates of a race, compared pair by pair: over seeds, and on the rows that all have answered.

    Attributes:
        standing: The race.
        parts: For each candidate its score in each settled run plus the influence of each row, more is
            better, ``(n_runs, rows)``; none where only seeds are compared.
    """

    standing: Standing
    parts: Sequence[Float64Array] = ()

    def difference(self, one: int, other: int) -> tuple[float, float]:
        """Return the variance of the difference of two means, and its degrees of freedom."""
        by_seeds = float(self.standing.variances[one] + self.standing.variances[other])
        freedom = max(1, self.standing.freedom)
        if not self.parts:
            return by_seeds, freedom
        return crossed([self.parts[one], self.parts[other]], by_seeds=by_seeds, freedom=freedom)

    def tied(self, place: int) -> IntArray:
        """Return the places of the candidates that are not worse than one by more than noise explains.

        The margin is Tukey and Kramer's, ``q / sqrt(2)`` times the deviation of the difference of two means:
        ``q`` is the quantile of the studentized range of as many means as have raced. Candidates that are out
        take part. Of six equals one is called different in 4 % of races (Student's t: 37 %).

        Source: C. Y. Kramer, "Extension of multiple range tests to group means with unequal numbers of
        replications", 1956; J. W. Tukey, "The problem of multiple comparisons", 1953.
        """
        standing = self.standing
        ran = np.flatnonzero(standing.counts > 0)
        lead = standing.means[place] - standing.means[ran]
        margins = [self._margin(place, int(other), len(ran)) for other in ran if other != place]
        others, lead = ran[ran != place], lead[ran != place]
        return np.asarray(others[lead <= np.array(margins)], np.int64)

    def _margin(self, one: int, other: int, n: int) -> float:
        variance, freedom = self.difference(one, other)
        if not variance > 0:
            return 0.0
        quantile = range_quantile(CONFIDENCE, n=n, freedom=_rounded_down(min(freedom, 1e6)))
        return quantile * math.sqrt(variance / 2)

    def better(self, place: int, than: int, *, among: int = 1) -> bool:
        """Return whether one candidate is better than another: Student's t, one-sided, at 95 %.

        Args:
            place: The candidate.
            than: The other one.
            among: Number of comparisons of which this is the most favourable: they share the 5 %.

        Source: O. J. Dunn, "Multiple comparisons among means", 1961.
        """
        # SciPy's special functions take 0.1 s to import, and only a finished study needs them.
        from scipy.special import stdtrit  # noqa: PLC0415

        lead = float(self.standing.means[place] - self.standing.means[than])
        variance, freedom = self.difference(place, than)
        level = 1 - (1 - CONFIDENCE) / among
        return lead > LEAST_SPREAD + float(stdtrit(min(freedom, 1e9), level)) * math.sqrt(variance)

    def gain(self, place: int, than: int) -> float:
        """Return how much better one candidate is to be expected than another, on new seeds and new rows.

        That is the difference of their shrunken means. The variance that shrinks them has the part of the
        rows, too: the candidates have been chosen on these rows.
        """
        means = self._shrunken
        return float(means[place] - means[than])

    @cached_property
    def _shrunken(self) -> Float64Array:
        standing = self.standing
        means, ran = standing.means.copy(), np.flatnonzero(standing.counts > 0)
        by_seeds = standing.deviation**2 / standing.counts[ran]
        means[ran] = shrunken(means[ran], by_seeds + self._by_rows(ran))
        return means

    def _by_rows(self, ran: IntArray) -> float:
        """Return the mean variance that rows add to one candidate: half of that of a difference."""
        if not self.parts or len(ran) < 2:
            return 0.0
        pairs = [(self.parts[i], self.parts[j]) for k, i in enumerate(ran) for j in ran[k + 1 :]]
        return float(np.mean([crossed(pair, by_seeds=0.0, freedom=1)[0] for pair in pairs])) / 2


def _rounded_down(freedom: float) -> int:
    """Return degrees of freedom with two digits: the quantile is a little larger, and kept for the next."""
    digit = int(10.0 ** max(0, math.floor(math.log10(max(1.0, freedom))) - 1))
    return max(1, math.floor(freedom / digit) * digit)
