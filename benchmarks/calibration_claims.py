"""Claims of a gain over the declared default: simulated searches, judged by what holds on fresh splits.

A search tries configurations on validation rows that they share. The best few race against the default on
the same rows, and the project's own functions say who wins and by how much. A network is right on a row with
``Phi(level + seed + row + taste)``: a level for the configuration, a part for the seed, one for the row that
all share, and one for the row under this configuration, which does not change with the seed. On fresh rows a
configuration has its expected accuracy. In the lines of trainings the networks are real.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from calibration_studies import raced
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from hpsearch.search.confirmation.comparison import Comparison
from hpsearch.search.confirmation.finalists import FEW_ROWS, decided

TRIALS, FINALISTS, SEEDS = 40, 5, 5
ROWS = (30, 60, 120, 250, 360, 1000)
GAPS = (0.0, 1.0)
"""How far the default's level lies above the mean level, in deviations of the levels."""
HARD, TASTE, SEED = 1.5, 0.5, 0.1
"""Deviations of a row's difficulty, of what a configuration adds to it, and of a seed."""
LEVELS = (0.0, 0.05, 0.1, 0.2, 0.4)
"""Deviation of the configurations' levels; without one all are equals."""

Answers = Callable[[int], NDArray[np.bool_]]
"""From a configuration to whether one more network of its is right on each row, ``(rows,)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is said of a search, and what is true on fresh rows.

    Attributes:
        rows: Validation rows.
        better: Whether the winner is called better than the default.
        claimed: The gain that is expected.
        measured: The difference of the measured means.
        true: The gain on fresh rows.
        kept: The gain on fresh rows of what is delivered where the default is kept unless it is beaten.
    """

    rows: int
    better: bool
    claimed: float
    measured: float
    true: float
    kept: float


def claims(n: int) -> list[Claim]:
    """Simulate ``n`` searches, as many of each kind as of each other."""
    kinds = list(product(ROWS, GAPS, LEVELS))
    return [
        _simulated(*kinds[place % len(kinds)], rng=np.random.default_rng((8, place))) for place in range(n)
    ]


def _simulated(rows: int, gap: float, spread: float, *, rng: np.random.Generator) -> Claim:
    accuracy = rng.uniform(0.65, 0.95)
    scale = math.sqrt(1 + HARD**2 + TASTE**2 + SEED**2)
    z = ndtri(accuracy) + spread * np.append(rng.standard_normal(TRIALS), gap)
    hard = HARD * rng.standard_normal(rows) + TASTE * rng.standard_normal((TRIALS + 1, rows))

    def train(number: int) -> NDArray[np.bool_]:
        level = z[number] * scale + SEED * rng.standard_normal()
        return np.asarray(rng.random(rows) < ndtr(level + hard[number]))

    return judged(train, ndtr(z), rows=rows)


def judged(train: Answers, true: NDArray[np.float64], *, rows: int) -> Claim:
    """Search, race and compare; the last configuration is the default.

    Args:
        train: Trains one more network of a configuration.
        true: Expected accuracy of each on fresh rows.
        rows: Validation rows.
    """
    default = len(true) - 1
    values = [train(number).mean() for number in range(default)]
    field = [*np.argsort(values)[: -FINALISTS - 1 : -1].tolist(), default]
    standing, answers = raced(lambda place: train(field[place]), n=len(field), seeds=SEEDS)
    parts = [one[:n].astype(np.float64) for one, n in zip(answers, standing.counts, strict=True)]
    compared, place, last = Comparison(standing, parts), decided(standing)[0], len(field) - 1
    better = place != last and compared.better(place, last, among=last)
    beaten = place != last and compared.better(place, last)
    gain = float(true[field[place]] - true[default])
    return Claim(
        rows=rows,
        better=better,
        claimed=compared.gain(place, last),
        measured=float(standing.means[place] - standing.means[last]),
        true=gain,
        kept=gain if beaten else 0.0,
    )


def lines(found: Sequence[Claim], title: str) -> list[dict[str, Any]]:
    """Return a line of all searches, and one for each number of rows."""
    kinds = sorted({one.rows for one in found})
    groups = [(title, found), *((f"{title}, rows {n}", [c for c in found if c.rows == n]) for n in kinds)]
    return [_line(name, group) for name, group in (groups if len(kinds) > 1 else groups[:1])]


def _line(title: str, found: Sequence[Claim]) -> dict[str, Any]:
    said = [one for one in found if one.better]
    delivered = [one.kept if one.rows < FEW_ROWS else one.true for one in found]
    return {
        "searches": title,
        "n": len(found),
        "claims": len(said),
        "true": _mean([one.true > 0 for one in said]),
        "not worse": _mean([one.true >= 0 for one in said]),
        "claimed gain": _mean([one.claimed for one in said]),
        "measured gain": _mean([one.measured for one in said]),
        "true gain": _mean([one.true for one in said]),
        "gain, best wins": _mean([one.true for one in found]),
        "worse": _mean([one.true < 0 for one in found]),
        "gain, default kept": _mean([one.kept for one in found]),
        "worse then": _mean([one.kept < 0 for one in found]),
        "gain, delivered": _mean(delivered),
    }


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def table(found: Sequence[dict[str, Any]]) -> str:
    """Return the lines as Markdown."""
    rows = [list(found[0]), ["---"] * len(found[0])]
    rows += [[_cell(value) for value in one.values()] for one in found]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)
