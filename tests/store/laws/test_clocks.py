"""Clocks: leases and times are seconds on the database's clock, whatever zone anybody is in."""

import ast
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import hpsearch
from hpsearch.store import Ledger, WorkerIdentity
from hpsearch.store.workers.processes import this_host
from tests.machine.nursery import Nursery
from tests.store.databases import only_postgresql

ZONES = ("Asia/Tokyo", "America/New_York", "Europe/London")
HOUR_S = 3600
_CLOCKS = {"time", "time_ns", "now", "utcnow", "today", "localtime"}


def zoned(url, zone):
    """Return the address of a database whose sessions are in a zone."""
    address = sa.make_url(url).update_query_dict({"options": f"-c TimeZone={zone}"})
    return address.render_as_string(hide_password=False)


@only_postgresql
def test_fault_29_sessions_in_three_zones(ledger, study, hire, query):
    """None takes another's trials before their time, and the times that Optuna shows are UTC in each."""
    ledgers = [Ledger(zoned(ledger.database.secret_url, zone)) for zone in ZONES]
    workers = [hire(one, study, f"{n}@1") for n, one in enumerate(ledgers, start=1)]
    claims = [workers[n].claim(n, limit=1)[0] for n in range(3)]
    for one, worker in zip(ledgers, workers, strict=True):
        one.reap(study)
        assert worker.claim() == []
        assert one.snapshot(study).search.workers == 3
    assert [worker.report(claim) for worker, claim in zip(workers, claims, strict=True)] == [
        [claim] for claim in claims
    ]
    now = datetime.now(UTC).replace(tzinfo=None)
    for (began,) in query(ledger, "SELECT datetime_start FROM trials"):
        assert abs(began - now) < timedelta(minutes=5)
    for one, worker, claim in zip(ledgers, workers, claims, strict=True):
        assert worker.finish(claim) == [claim]
        assert 0 <= one.trial(study, claim.number).seconds < 300
        one.close()


def claim_elsewhere(url, study, proposals):
    """Claim in another process, and leave the trials alone."""
    with closing(Ledger(url)) as ledger:
        worker_id = ledger.enlist(study, WorkerIdentity(host="elsewhere", process="2@2", pid=2))
        ledger.claim(study, worker_id=worker_id, proposals=proposals, limit=2)
        ledger.reap(study)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "EST5EDT,M3.2.0,M11.1.0"])
@pytest.mark.sampled
def test_fault_29_a_process_in_another_zone(worker, propose, query, zone):
    """Its leases end a minute from now here too, and it takes nothing that is held here."""
    ledger, study, mine = worker.ledger, worker.study, worker.claim(0)
    with Nursery(__name__, TZ=zone) as nursery:
        arguments = (ledger.database.secret_url, study, propose(1, 2))
        assert nursery.run(claim_elsewhere, *arguments) == 0
    leases = query(ledger, "SELECT number, lease_until - claimed_at, outcome FROM hpsearch_attempts")
    assert sorted(leases) == [(n, pytest.approx(60, abs=1e-3), None) for n in range(3)]
    spread = "SELECT max(claimed_at) - min(claimed_at) FROM hpsearch_attempts"
    assert query(ledger, spread)[0][0] < 300
    assert worker.report(*mine) == mine


def jump(query, ledger, seconds):
    """Let the database's clock jump: all that it has written is so much older then, or lies ahead."""
    for table, columns in {
        "hpsearch_attempts": ("claimed_at", "lease_until"),
        "hpsearch_workers": ("started_at", "beat_at"),
    }.items():
        for column in columns:
            query(ledger, f"UPDATE {table} SET {column} = {column} - :seconds", seconds=seconds)


@pytest.mark.parametrize("ahead_s", [HOUR_S, 10 * 365 * 24 * HOUR_S])
def test_fault_29_the_clock_jumps_ahead(worker, hire, query, ahead_s):
    """Leases end at once: who reports first keeps a trial; what is taken over is settled once, by one."""
    ledger, study = worker.ledger, worker.study
    other = hire(ledger, study, "2@2")
    kept, lost = worker.claim(0, 1)
    jump(query, ledger, ahead_s)
    ledger.reap(study)
    assert worker.report(kept) == [kept]
    (again,) = other.claim()
    assert (again.number, again.attempt) == (1, 2)
    assert worker.report(kept, lost) == [kept]
    assert worker.finish(kept, lost) == [kept]
    assert other.finish(again) == [again]
    assert query(ledger, "SELECT count(*) FROM trial_values") == [(2,)]


def test_fault_29_the_clock_jumps_back(ledger, study, worker, query):
    """A lease lasts longer by as much, but not on the machine of the worker: that sees that it has died."""
    worker.claim(0, 1)
    query(ledger, "UPDATE hpsearch_workers SET process = '999999999@1'")
    jump(query, ledger, -HOUR_S)
    ledger.reap(study)
    assert ledger.row(study).orphans == 0
    query(ledger, "UPDATE hpsearch_workers SET host = :host", host=this_host())
    ledger.sweep(study)
    assert ledger.row(study).orphans == 2


TELL_THE_TIME = {
    "doctor.py": "compares this clock with the database's",
    "load_test.py": "clears away what a doctor left behind an hour ago",
    "ending.py": "notes when a message about the end was written",
}
"""Files that read this machine's clock, and what for: no study depends on it."""


def readings(path):
    """Return the lines of a file that read this machine's calendar clock."""
    tree = ast.parse(path.read_text())
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (node.func for node in calls if isinstance(node.func, ast.Attribute))
    return [
        f"{path.name}:{name.lineno}"
        for name in named
        if name.attr in _CLOCKS and isinstance(name.value, ast.Name) and name.value.id in {"time", "datetime"}
    ]


def test_fault_29_nobody_reads_another_clock(tmp_path):
    """What decides about a study never asks this machine for the date; the search for such lines works."""
    files = [path for path in Path(hpsearch.__file__).parent.rglob("*.py") if path.name not in TELL_THE_TIME]
    assert [line for path in files for line in readings(path)] == []
    planted = tmp_path / "x.py"
    planted.write_text("import time\nfrom datetime import datetime\ntime.time()\ndatetime.now(None)\n")
    assert readings(planted) == ["x.py:3", "x.py:4"]
