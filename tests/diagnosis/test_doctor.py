"""The doctor: what it finds, and that it leaves no trace."""

import json
import os
import signal
import sqlite3
import time
from contextlib import closing

import pytest
import sqlalchemy as sa

from hpsearch.diagnosis import doctor, load_test
from hpsearch.diagnosis.doctor import Level
from hpsearch.diagnosis.load_test import NAME, LoadTest, ProcessLoad
from hpsearch.engine import LocalEngine
from hpsearch.store import Ledger
from hpsearch.study_file import read_study
from hpsearch.worker import search_terms
from tests.cli.fixtures import cache, program
from tests.cli.program import ended, eventually, study_text

__all__ = ["cache", "program"]


@pytest.fixture
def begun(tmp_path):
    """Return a database with a study in it, in a folder of its own."""
    folder = tmp_path / "begun"
    folder.mkdir()
    (folder / "small.toml").write_text(study_text())
    ledger = Ledger(f"sqlite:///{folder / 'hpsearch.db'}", create=True)
    ledger.open_study(search_terms(read_study(folder / "small.toml"), data_hash="0" * 64))
    ledger.close()
    return folder / "hpsearch.db"


def levels(run):
    """Return about -> level of the answers that a run printed as JSON."""
    return {answer["about"]: answer["level"] for answer in json.loads(run.out)["answers"]}


def entries(folder):
    """Return what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_sound_storage_is_measured_and_left_alone(program, begun):
    """Exit code 0, no answer fails, and the database has the same bytes as before."""
    before, there = begun.read_bytes(), entries(begun.parent)
    run = program.run("doctor", "--json", "--trial", "0.5", "-s", f"sqlite:///{begun}")
    assert (run.code, run.err) == (0, "")
    assert "fail" not in levels(run).values()
    document = json.loads(run.out)
    assert document["strain"]["trials"] > document["strain"]["lost"] == 0
    rate = document["strain"]["writes_per_s"]
    assert document["workers"] == int(0.5 * rate / (2 / 0.5 + 1 / 5))
    assert (begun.read_bytes(), entries(begun.parent)) == (before, there)


def test_a_doctor_that_is_ended_leaves_nothing(program):
    """SIGTERM while it writes: exit code 143, an empty folder; what a killed one left is cleared later."""
    left = program.folder / f".{NAME}-left"
    left.mkdir()
    os.utime(left, (0, 0))
    process = program.launch("doctor")
    eventually(lambda: any(program.folder.glob(f".{NAME}-*/*.db")), what="a throw-away database")
    process.send_signal(signal.SIGTERM)
    run = ended(process)
    assert (run.code, run.out, run.err) == (143, "", "")
    assert entries(program.folder) == ["small.toml"]


def test_another_schema_cannot_be_used(begun):
    """One answer fails, with the reason; nothing is measured."""
    with closing(sqlite3.connect(begun, isolation_level=None)) as connection:
        connection.execute("UPDATE hpsearch_alembic_version SET version_num = '9999'")
    answers, usable = doctor._storage(f"sqlite:///{begun}")
    assert not usable
    assert [answer.level for answer in answers] == [Level.FAIL]
    assert "found 9999" in answers[0].found


def test_the_exit_code_says_that_the_storage_cannot_be_used(program):
    """The other answers are given all the same."""
    run = program.run("doctor", "-s", "sqlite:///nowhere/x.db")
    assert run.code == 4
    assert "fail  storage" in run.out
    assert "ok    python" in run.out


def schemas(url):
    """Return the schemas of a PostgreSQL database."""
    engine = sa.create_engine(url)
    try:
        return sa.inspect(engine).get_schema_names()
    finally:
        engine.dispose()


def strained(url, kind):
    """Let two processes write; for longer where a busy machine has let them write in turn only."""
    for seconds in (0.3, 3.0, 30.0):
        found = load_test.run_load_test(url, kind(preload=doctor.PRELOAD), processes=2, seconds=seconds)
        assert (found.processes, found.lost) == (2, 0)
        if found.writes_per_s > 0:
            break
    return found


@pytest.mark.long
def test_postgresql_is_measured_in_a_schema_that_goes(postgres):
    """Real processes write to a schema of their own; one that was left behind long ago goes, too."""
    url = postgres.new_database()
    postgres_engine = sa.create_engine(url)
    try:
        before = schemas(url)
        with postgres_engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {NAME}_1000_ab")
            connection.exec_driver_sql(f"CREATE SCHEMA {NAME}_mine")
        found = strained(url, LocalEngine)
        assert found.trials > 0
        assert found.writes_per_s > 0
        assert sorted(schemas(url)) == sorted([*before, f"{NAME}_mine"])
        assert sa.inspect(postgres_engine).get_table_names() == []
        answers, usable = doctor._storage(url)
        assert usable
        assert {answer.about: answer.level for answer in answers} == dict.fromkeys(
            ("storage", "clock", "schema"), Level.OK
        )
    finally:
        postgres_engine.dispose()
        postgres.drop_database(url)


class LateEngine(LocalEngine):
    """Starts each process long after the one before has begun."""

    def submit(self, fn, /, *args, **kwargs):
        """Start a process, then let time pass."""
        future = super().submit(fn, *args, **kwargs)
        time.sleep(1.0)
        return future


@pytest.mark.long
def test_processes_that_start_late_are_waited_for(tmp_path):
    """On a busy machine one may start when another would have ended: they write together all the same."""
    assert strained(f"sqlite:///{tmp_path / 'x.db'}", LateEngine).writes_per_s > 0


def test_the_sum_counts_what_was_written_while_all_were_at_work():
    """Rates come from the time that all processes share; a number that two had, or nobody has, is lost."""
    loads = [
        ProcessLoad(numbers=(0, 2, 3), stamps=(0.0, 1.0, 2.0), latencies=(0.1, 0.2, 0.3)),
        ProcessLoad(numbers=(1, 3, 4), stamps=(1.0, 1.5, 9.0), latencies=(0.1, 0.2, 0.3)),
    ]
    found = load_test._sum(loads, {0, 1, 2, 3})
    assert found == LoadTest(processes=2, trials=6, lost=2, writes_per_s=4.0, latency_s=0.2)
    assert found.workers(1.0) == 0
    assert found.workers(10.0) == 5


def test_lost_results_and_slow_disks_are_told(tmp_path, monkeypatch):
    """What the measurement says decides the level of the answer."""
    lossy = LoadTest(processes=2, trials=10, lost=1, writes_per_s=100.0, latency_s=0.01)
    answer = doctor._verdict(lossy)
    assert (answer.level, answer.found) == (Level.FAIL, "1 of 10 results were lost or doubled by 2 processes")
    slow = LoadTest(processes=2, trials=10, lost=0, writes_per_s=1.0, latency_s=1.0)
    assert doctor._workers(slow, 1.0).level is Level.WARN
    monkeypatch.setattr(doctor, "LOW_DISK", 2**80)
    assert doctor._room("disk", tmp_path).level is Level.WARN
    monkeypatch.setenv("HPSEARCH_CACHE", "/proc/nowhere")
    assert doctor._cache().level is Level.FAIL
