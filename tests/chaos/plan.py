"""What a seed stands for: a fleet, and the faults that will hit it; a pure function."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tests.chaos.study import CONFIRMING, TRIALS

DATABASES = ("sqlite", "postgresql")
LATEST = TRIALS + CONFIRMING - 5
"""No fault is meant for the last moments: it would come too late."""
FEWEST, MOST = 2, 6
EMPTY = 0.25
STARTUP_S = 1.5
"""A fault meant for the very beginning comes within this time: while programs load and tables are made."""


class Kind(Protocol):
    """What the plan must know of a fault.

    Attributes:
        databases: Where it can happen.
        studies: To which kinds of objective.
        lasts_s: The shortest and the longest that it lasts.
    """

    databases: tuple[str, ...]
    studies: tuple[str, ...]
    lasts_s: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A fault as it was drawn.

    Attributes:
        kind: Its name in ``FAULTS``.
        at: It comes once so many trials are settled, search and confirmation together.
        delay_s: And so much later, to hit any moment between two settled trials.
        lasts_s: How long it lasts, where it lasts.
        seed: What the fault itself draws from: which process, how often.
    """

    kind: str
    at: int
    delay_s: float
    lasts_s: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run.

    Attributes:
        seed: Where it came from.
        study: The kind of objective: one of ``STUDIES``.
        database: One of ``DATABASES``.
        launched: Workers that ``hpsearch start`` launches.
        joined: Workers that join with ``hpsearch worker``.
        empty: Whether the first command makes the tables; elsewhere than on SQLite that takes two seconds.
        faults: What happens to them, in the order of their places.
    """

    seed: int
    study: str
    database: str
    launched: int
    joined: int
    empty: bool
    faults: tuple[Draw, ...]


def draw(seed: int, database: str, kinds: Mapping[str, Kind], *, study: str = "network") -> Plan:
    """Return the plan that a seed stands for."""
    rng = random.Random(f"{database} {seed}")
    names = [name for name, kind in kinds.items() if database in kind.databases and study in kind.studies]
    faults = [_fault(rng, rng.choice(names), kinds) for _ in range(rng.randint(FEWEST, MOST))]
    return Plan(
        seed=seed,
        study=study,
        database=database,
        launched=rng.randint(1, 3),
        joined=rng.choice([0, 0, 1, 2]),
        empty=rng.random() < EMPTY,
        faults=tuple(sorted(faults, key=lambda fault: (fault.at, fault.delay_s))),
    )


def _fault(rng: random.Random, name: str, kinds: Mapping[str, Kind]) -> Draw:
    at = rng.randint(0, LATEST)
    return Draw(
        kind=name,
        at=at,
        delay_s=round(rng.uniform(0, 0.15 if at else STARTUP_S), 3),
        lasts_s=round(rng.uniform(*kinds[name].lasts_s), 3),
        seed=rng.getrandbits(32),
    )
