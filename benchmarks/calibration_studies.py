"""Simulated studies: a race of six configurations whose true accuracies are known.

Nothing is trained. A network is right on a row with the probability that a probit model gives it: a level for
the configuration, a part for the seed, a part for the row, which all networks share.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from hpsearch.metrics import METRICS
from hpsearch.search.confirmation.comparison import Comparison
from hpsearch.search.confirmation.finalists import decided
from hpsearch.search.confirmation.interval import interval
from hpsearch.search.confirmation.race import FIRST_RUNS, Standing, next_candidate

ACCURACIES = (0.6, 0.9, 0.97, 0.99, 0.999)
ROWS = (50, 200, 1000, 5000)
SEEDS = (2, 3, 5, 20)
SPREADS = {"small": 0.01, "large": 0.06}
"""Deviation of a network's true accuracy over seeds, over ``sqrt(p (1 - p))``."""
HARDNESS = {"even": 0.5, "some hard": 2.0}
"""Deviation of the rows' difficulty, where what is left has a deviation of 1."""

FIELDS = {
    "six equals": ((1, 1, 1, 1, 1, 1), 1),
    "one best": ((1, 1.05, 1.1, 1.2, 1.4, 2), 1),
    "one best, noisy": ((1, 1.05, 1.1, 1.2, 1.4, 2), 3),
}
"""Field of candidates -> mistakes of each over the best one's, and how much noisier the best one is."""

Train = Callable[[int], NDArray[np.bool_]]
"""From a candidate to whether one more network of its is right on each row, ``(rows,)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is true in a simulated study.

    Attributes:
        accuracy: Expected accuracy of the best candidate, on new seeds and new rows.
        rows: Validation rows.
        seeds: Runs a candidate, on average.
        spread: A name in ``SPREADS``.
        hardness: A name in ``HARDNESS``.
        field: A name in ``FIELDS``; the last candidate is the declared default.
    """

    accuracy: float
    rows: int
    seeds: int
    spread: str
    hardness: str
    field: str

    @property
    def accuracies(self) -> NDArray[np.float64]:
        """Expected accuracy of each candidate, ``(6,)``."""
        return 1 - (1 - self.accuracy) * np.array(FIELDS[self.field][0], np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the project's functions say of a simulated study, and what is true.

    Attributes:
        covered: Whether the interval holds the true accuracy of the winner.
        width: Width of the interval.
        mean_bias: Measured mean of the winner less its true accuracy.
        estimate_bias: Shrunken mean of the winner less its true accuracy.
        different: Whether a candidate is called different from the winner.
        missing: Whether the best candidate is neither the winner nor tied with it.
        better: Whether the winner is called better than the default.
        truly: Whether it is.
    """

    covered: bool
    width: float
    mean_bias: float
    estimate_bias: float
    different: bool
    missing: bool
    better: bool
    truly: bool


def designs() -> list[Design]:
    """Return every combination once."""
    every = product(ACCURACIES, ROWS, SEEDS, SPREADS, HARDNESS, FIELDS)
    names = ("accuracy", "rows", "seeds", "spread", "hardness", "field")
    return [Design(**dict(zip(names, values, strict=True))) for values in every]


def judged(design: Design, seed: int | Sequence[int]) -> Judged:
    """Simulate a study and return what is said of it."""
    networks = _Networks(design, np.random.default_rng(seed))
    true = design.accuracies
    return judge(*raced(networks.train, n=len(true), seeds=design.seeds), true)


def judge(standing: Standing, answers: Sequence[NDArray[np.bool_]], true: NDArray[np.float64]) -> Judged:
    """Return what the project's functions say of a race, and what is true.

    Args:
        standing: The race.
        answers: For each candidate, whether each run is right on each row, ``(n_runs, rows)``.
        true: Expected accuracy of each candidate.
    """
    place, estimate = decided(standing)
    parts = [one.astype(np.float64) for one in answers]
    metric, compared = METRICS["accuracy"], Comparison(standing, parts)
    low, high = interval(standing, place, estimate=estimate, parts=parts[place], metric=metric)
    together = {place, *compared.tied(place).tolist()}
    default = len(true) - 1
    return Judged(
        covered=bool(low <= true[place] <= high),
        width=high - low,
        mean_bias=float(standing.means[place] - true[place]),
        estimate_bias=float(estimate - true[place]),
        different=len(together) < len(true),
        missing=int(np.argmax(true)) not in together,
        better=place != default and compared.better(place, default, among=default),
        truly=bool(true[place] > true[default]),
    )


def raced(train: Train, *, n: int, seeds: int) -> tuple[Standing, tuple[NDArray[np.bool_], ...]]:
    """Run the race as a companion study runs it; return its standing and each candidate's answers.

    Args:
        train: Trains one more network of a candidate.
        n: Number of candidates.
        seeds: Runs a candidate, on average.
    """
    answers: list[list[NDArray[np.bool_]]] = [[] for _ in range(n)]
    shares: list[list[float]] = [[] for _ in range(n)]
    turns: list[int] = []
    for number in range(n * seeds):
        # A run sees the results of those that lie a horizon behind it, as ``ConfirmPlan.parallelism`` says.
        seen = np.bincount(turns[: max(0, number + 1 - FIRST_RUNS * n)], minlength=n)
        turn = next_candidate(_standing(shares, seen))
        answers[turn].append(train(turn))
        shares[turn].append(float(answers[turn][-1].mean()))
        turns.append(turn)
    counts = np.bincount(turns, minlength=n)
    return _standing(shares, counts), tuple(np.array(rows) for rows in answers)


def _standing(shares: Sequence[Sequence[float]], seen: NDArray[np.int64]) -> Standing:
    return Standing(
        given=np.array([len(runs) for runs in shares], np.int64),
        runs=tuple(np.array(runs[:n]) for runs, n in zip(shares, seen, strict=True)),
    )


class _Networks:
    """Draws the right and wrong answers of networks.

    ``P(right) = Phi(level + seed + row)``: with normal seeds and rows of variances ``u^2`` and ``d^2``, the
    expected accuracy is ``Phi(level / sqrt(1 + u^2 + d^2))``.
    """

    def __init__(self, design: Design, rng: np.random.Generator) -> None:
        self._rng, hard = rng, HARDNESS[design.hardness]
        self._rows = rng.standard_normal(design.rows) * hard
        p = design.accuracies
        z = ndtri(p)
        noisier = np.where(np.arange(len(p)) == 0, FIELDS[design.field][1], 1)
        deviation = noisier * SPREADS[design.spread] * math.sqrt(design.accuracy * (1 - design.accuracy))
        # The accuracy's deviation over seeds is the normal density at ``z`` times that of ``z``.
        share = np.minimum(deviation / np.exp(-z * z / 2) * math.sqrt(2 * math.pi), 0.9)
        self._seed = np.sqrt((1 + hard**2) * share**2 / (1 - share**2))
        self._level = z * np.sqrt(1 + hard**2 + self._seed**2)

    def train(self, candidate: int) -> NDArray[np.bool_]:
        """Return whether one more network of a candidate is right on each row, ``(rows,)``."""
        level = self._level[candidate] + self._seed[candidate] * self._rng.standard_normal()
        return np.asarray(self._rng.random(len(self._rows)) < ndtr(level + self._rows))
