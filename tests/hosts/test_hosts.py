"""A study on four hosts whose links fail: the short form of ``make hosts``."""

import threading
import time
from contextlib import closing

import pytest
import sqlalchemy as sa

from hpsearch.store.database.connection import Database
from tests.chaos.plan import Draw, Plan
from tests.chaos.study import LEASE_S
from tests.cli.program import eventually
from tests.hosts.run import LOSS, Trip, travel
from tests.hosts.town import ALPHA, BETA, DATABASE, town_place
from tests.hosts.visitor import PAGES

_FAULTS = (
    ("cut in a claim", 2, 3.5),
    ("kill worker", 4, 0.0),
    ("late", 10, 2.0),
    ("cut one way", 12, LEASE_S + 0.3),
    ("cut dashboard", 12, LEASE_S + 0.3),
    ("flap", 18, 2.0),
    ("cut in a finish", 20, 3.5),
    ("cut link", 30, LEASE_S + 0.3),
)
"""What comes, after so many trials, for so many seconds: close together, so that most of them overlap."""
TRIP = Trip(
    plan=Plan(
        seed=0,
        study="network",
        database="postgresql",
        launched=1,
        joined=1,
        empty=False,
        faults=tuple(
            Draw(kind=kind, at=at, delay_s=0.0, lasts_s=lasts_s, seed=at) for kind, at, lasts_s in _FAULTS
        ),
    ),
    delay_s=0.0,
    loss=LOSS,
    lease_s=LEASE_S,
)
IDLE_S = 2
"""How long an idle transaction lasts here; elsewhere ten times as long."""

_LOCK = sa.text("SELECT 1 FROM hpsearch_alembic_version FOR UPDATE")
_BACKENDS = sa.text("SELECT count(*) FROM pg_stat_activity WHERE client_addr = CAST(:address AS inet)")


@pytest.fixture
def place(town):
    """Return a database with its tables, over a calm wire."""
    town.wire.calm()
    with town_place(town) as place:
        yield place


@pytest.mark.long
def test_fault_29_54_55_a_study_on_four_hosts_whose_links_fail(town, quiet):
    """Cut off, late, lossy, killed, clocks two hours apart: it ends with the calm run's fingerprint."""
    back = travel(TRIP, quiet.calm, town=town, cache=quiet.cache)
    assert back.violations == [], "\n".join(back.report.log)
    assert {"cut link", "cut one way", "late", "kill worker"} <= set(back.report.injected)
    assert back.lost > 0
    assert back.joined == {ALPHA, BETA}
    assert all(back.answers[page, 200] for page in PAGES)


@pytest.mark.long
def test_fault_56_a_host_that_vanishes_in_a_transaction_lets_go_of_its_locks(town, place):
    """Others wait for the limit of an idle transaction, then go on; so does the host once it is back."""
    url = sa.make_url(place.url).update_query_dict(
        {"options": f"-c idle_in_transaction_session_timeout={IDLE_S}s"}
    )
    routes = [town.wire.routes[ends] for ends in ((ALPHA, DATABASE), (DATABASE, ALPHA))]
    locked, tries, took_s = threading.Event(), [], {}

    def vanish(connection):
        connection.execute(_LOCK)
        tries.append(1)
        if len(tries) == 1:
            for route in routes:
                route.cuts += 1
            locked.set()
        connection.execute(_LOCK)

    def go_on(connection):
        connection.execute(_LOCK)

    def write(name, work):
        with closing(Database(url.render_as_string(hide_password=False), patience_s=60)) as database:
            began_s = time.monotonic()
            database.write(work)
            took_s[name] = time.monotonic() - began_s

    threads = [
        threading.Thread(target=town.hosts[name].inside, args=(lambda n=name, w=work: write(n, w),))
        for name, work in ((ALPHA, vanish), (BETA, go_on))
    ]
    threads[0].start()
    assert locked.wait(30)
    threads[1].start()
    threads[1].join(30)
    assert IDLE_S / 2 < took_s[BETA] < 15
    assert ALPHA not in took_s
    for route in routes:
        route.cuts -= 1
    threads[0].join(45)
    assert took_s[ALPHA] > took_s[BETA]
    assert len(tries) == 2
    eventually(lambda: place.rows(_BACKENDS.bindparams(address=town.hosts[ALPHA].address)) == [(0,)])
