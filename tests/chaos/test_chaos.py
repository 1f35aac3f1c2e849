"""A few storms: the short form of ``make chaos``."""

import pytest

from tests.chaos.faults.all_faults import FAULTS
from tests.chaos.plan import draw
from tests.chaos.run import run
from tests.chaos.storage.places import Yard

SEEDS = {"sqlite": (7, 147, 5500), "postgresql": (2, 51, 1553, 1346, 17642)}
"""Chosen so that together they hold every fault of their database, with small fleets."""
STORMS = [(database, seed) for database, seeds in SEEDS.items() for seed in seeds]


@pytest.fixture(scope="module")
def server(postgres):
    """Return a server of the storms' own: they crash it, and others are connected to that of the session."""
    del postgres  # it has found out whether there can be one
    with Yard() as yard:
        yield yard


@pytest.fixture
def yards(request):
    """Return database -> what gives what its runs need besides a folder."""
    return {"postgresql": lambda: request.getfixturevalue("server"), "sqlite": lambda: None}


@pytest.mark.parametrize("database", SEEDS)
def test_the_seeds_hold_every_fault(database):
    """What is injected below is every kind that the database has."""
    drawn = {fault.kind for seed in SEEDS[database] for fault in draw(seed, database, FAULTS).faults}
    assert drawn == {kind for kind, fault in FAULTS.items() if database in fault.databases}


@pytest.mark.long
@pytest.mark.parametrize(("database", "seed"), STORMS)
def test_a_storm_breaks_nothing(quiet, yards, database, seed):
    """Killed, stopped, cut off and restarted, the study ends as the calm one: to the last bit."""
    plan = draw(seed, database, FAULTS)
    report = run(plan, quiet.calm, yard=yards[database](), cache=quiet.cache)
    assert report.violations == [], "\n".join(report.log)
    assert report.injected, "no fault came while the study ran"
