"""One run on several hosts: the storm of a seed, over a wire in the weather of the seed."""

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from tests.chaos.books import Calm
from tests.chaos.plan import Draw, Plan, draw
from tests.chaos.run import Report, Storm, environment, weather
from tests.chaos.study import LEASE_S, TEXT
from tests.hosts.faults import DELAY_S, FAULTS
from tests.hosts.town import ALPHA, DASHBOARD, HOST_OF, Town, TownFleet, town_place
from tests.hosts.visitor import PAGES, Visitor

LOSS = 0.05
LATE = 0.1
"""The share of seeds in which every packet of the whole run is late: each takes minutes."""
LATE_LEASE_S = 12.0
"""A claim is twelve statements of 0.4 s: with a shorter lease it would be over before it began."""
LATE_DEADLINE_S = 400.0
WORKERS = sa.text("SELECT DISTINCT host FROM hpsearch_workers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What a seed stands for: a plan, and the weather in which it is carried out.

    Attributes:
        plan: The fleet and what happens to it.
        delay_s: How late each packet is.
        loss: The share of packets that are lost.
        lease_s: The lease of every worker.
    """

    plan: Plan
    delay_s: float
    loss: float
    lease_s: float

    @property
    def late(self) -> bool:
        """Whether every packet is late."""
        return self.delay_s > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What came of a trip.

    Attributes:
        trip: What was meant to happen.
        report: What happened to the study.
        lost: Packets that did not arrive.
        passed: Packets that did.
        answers: (page, status) -> answers of the dashboard.
        joined: The hosts whose workers joined the study.
    """

    trip: Trip
    report: Report
    lost: int
    passed: int
    answers: Counter
    joined: set[str]

    @property
    def violations(self) -> list[str]:
        """What is wrong: of the study, pages that were never to be had, hosts that had no part in it."""
        dark = [page for page in PAGES if not self.answers[page, 200]]
        away = sorted(set(HOST_OF.values()) - self.joined)
        return [
            *self.report.violations,
            *(f"0. {page} was never answered: {dict(self.answers)}" for page in dark),
            *(f"0. no worker of {host} joined" for host in away),
        ]


def plan_trip(seed: int) -> Trip:
    """Return what a seed stands for."""
    rng = random.Random(f"hosts {seed}")
    plan = replace(
        draw(seed, "postgresql", FAULTS), launched=rng.randint(1, 2), joined=rng.randint(1, 2), empty=False
    )
    loss = rng.choice([0.0, LOSS])
    if rng.random() >= LATE:
        return Trip(plan=plan, delay_s=0.0, loss=loss, lease_s=LEASE_S)
    faults = tuple(_as_long(fault) for fault in plan.faults)
    return Trip(plan=replace(plan, faults=faults), delay_s=DELAY_S, loss=loss, lease_s=LATE_LEASE_S)


def _as_long(fault: Draw) -> Draw:
    """Return a fault that outlives the lease of a late run, if it outlives that of others."""
    longer_s = LATE_LEASE_S - LEASE_S if fault.lasts_s > LEASE_S else 0.0
    return replace(fault, lasts_s=fault.lasts_s + longer_s)


def travel(
    trip: Trip, calm: Calm, *, town: Town, cache: Path, say: Callable[[str], None] = lambda _line: None
) -> Return:
    """Carry out a trip; return what came of it."""
    town.wire.calm(seed=trip.plan.seed, delay_s=trip.delay_s, loss=trip.loss)
    with tempfile.TemporaryDirectory(prefix="hosts-") as name, town_place(town) as place:
        folder = Path(name)
        (folder / "storm.toml").write_text(TEXT)
        surroundings = environment(place.url, cache, lease_s=trip.lease_s)
        fleet = TownFleet(folder=folder, environment=surroundings, hosts=town.hosts)
        fleet.furnish(cache)
        storm = Storm(plan=trip.plan, fleet=fleet, place=place, kinds=FAULTS, say=say)
        if trip.late:
            storm.deadline_s = LATE_DEADLINE_S
        ends = town.hosts[DASHBOARD], town.hosts[ALPHA]
        with Visitor(*ends, environment=surroundings, folder=folder) as visitor:
            report = weather(storm, calm)
        routes = town.wire.routes.values()
        return Return(
            trip=trip,
            report=report,
            lost=sum(route.lost for route in routes),
            passed=sum(route.passed for route in routes),
            answers=visitor.answers,
            joined={host.partition("/")[0] for (host,) in place.rows(WORKERS)},
        )
