"""A few storms: the short form of ``make chaos``."""

import pytest

from tests.chaos.faults.all_faults import FAULTS, faults_of
from tests.chaos.plan import DATABASES, draw
from tests.chaos.quiet import make_quiet
from tests.chaos.run import run
from tests.chaos.storage.places import Yard
from tests.chaos.study import STUDIES

EVERY = {"sqlite": (7, 147, 5500), "postgresql": (2, 51, 1553, 1346, 17642)}
"""Chosen so that together they hold every fault of their database, with small fleets."""
KILLS = {"sqlite": (1441,), "postgresql": (21132,)}
"""Chosen for trials in processes of their own: these, workers, whole fleets and connections are killed."""
SEEDS = {study: KILLS if STUDIES[study].outside else EVERY for study in STUDIES}
STORMS = [
    (study, database, seed) for study in STUDIES for database in DATABASES for seed in SEEDS[study][database]
]


def marked(study, database, seed):
    """Return a storm with its mark: kinds that are evaluated outside the worker take turns at databases."""
    turn = list(STUDIES).index(study) % len(DATABASES) == list(DATABASES).index(database)
    mark = pytest.mark.exhaustive if STUDIES[study].outside and not turn else pytest.mark.long
    return pytest.param(study, database, seed, marks=mark)


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


@pytest.fixture(scope="module")
def calm_runs(quiet, tmp_path_factory):
    """Return what gives the calm run of a study, each made once."""
    made = {"network": quiet}

    def calm_run(study):
        if study not in made:
            made[study] = make_quiet(tmp_path_factory.mktemp(study), study)
        return made[study]

    return calm_run


def drawn(study, database):
    """Return the faults that the seeds of a study hold."""
    plans = [draw(seed, database, FAULTS, study=study) for seed in SEEDS[study][database]]
    return {fault.kind for plan in plans for fault in plan.faults}


@pytest.mark.parametrize("database", DATABASES)
def test_the_seeds_hold_every_fault(database):
    """What is injected below is every kind that the database has, and what trials of their own add."""
    for study in STUDIES:
        expected = (
            {"kill trial", "kill worker", "kill all"}
            if STUDIES[study].outside
            else faults_of(database, study)
        )
        assert drawn(study, database) >= set(expected)


@pytest.mark.parametrize(("study", "database", "seed"), [marked(*storm) for storm in STORMS])
def test_a_storm_breaks_nothing(calm_runs, yards, study, database, seed):
    """Killed, stopped, cut off and restarted, the study ends as the calm one: to the last bit."""
    plan, quiet = draw(seed, database, FAULTS, study=study), calm_runs(study)
    report = run(plan, quiet.calm, yard=yards[database](), cache=quiet.cache)
    assert report.violations == [], "\n".join(report.log)
    assert report.injected, "no fault came while the study ran"
