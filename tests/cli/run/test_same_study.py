"""The same study to the last bit: with few workers or many, killed and started again."""

import os
import random
import signal

import pytest
import sqlalchemy as sa

from tests.cli.program import (
    LONG,
    assert_sound,
    ended,
    eventually,
    group,
    kill_group,
    rows,
    settled,
    study_text,
    workers,
)


def fingerprint(program, *arguments, **environment):
    """Return the line that ``hpsearch fingerprint`` prints."""
    run = program.run("fingerprint", *arguments, **environment)
    assert (run.code, run.err) == (0, "")
    return run.out.strip()


def long_study(program):
    """Write the study that runs for seconds; return its database, not made yet."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    return program.folder / "hpsearch.db"


def finish(program, database, expected):
    """Start the long study to its end and compare it with the calm run."""
    run = program.run("start", "long.toml", "--workers", 2, "--quiet")
    assert run.code == 0, run.err
    assert fingerprint(program) == expected.fingerprint
    assert_sound(database, "long", trials=40)
    assert_sound(database, "long.confirm", trials=6)


@pytest.mark.parametrize("n_workers", [2, 4])
@pytest.mark.sampled
def test_the_number_of_workers_changes_nothing(program, finished, n_workers):
    """One, two and four workers give the same line, and the same winner to the last digit."""
    run = program.run("start", "small.toml", "--workers", n_workers)
    assert run.code == 0, run.err
    assert run.out == finished.out
    assert fingerprint(program) == finished.fingerprint
    assert_sound(program.folder / "hpsearch.db", "small", trials=40)
    assert_sound(program.folder / "hpsearch.db", "small.confirm", trials=6)


@pytest.fixture
def server_url(postgres):
    """Return the address of a database without tables on a server."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.mark.long
def test_a_server_gives_the_same_study(program, finished, postgres, server_url):
    """PostgreSQL and two workers: the line and the winner of SQLite and one worker, and sound books."""
    run = program.run("start", "small.toml", "--workers", 2, HPSEARCH_STORAGE=server_url)
    assert run.code == 0, run.err
    assert run.out == finished.out
    assert fingerprint(program, HPSEARCH_STORAGE=server_url) == finished.fingerprint
    books = (
        "SELECT count(*), count(DISTINCT (study_id, number)), count(*) FILTER (WHERE state != 'RUNNING'),"
        " (SELECT count(*) FROM trial_values), (SELECT count(*) FROM hpsearch_attempts WHERE open),"
        " (SELECT count(DISTINCT pid) FROM hpsearch_workers) FROM trials"
    )
    assert postgres.execute(books, sa.make_url(server_url).database) == [(46, 46, 46, 46, 0, 2)]


def test_another_study_has_another_line(finished, finished_long):
    """The line above can differ: it does for a longer training."""
    assert len(finished.fingerprint) == 64
    assert finished.fingerprint != finished_long.fingerprint


@pytest.mark.long
def test_fault_5_a_study_whose_processes_are_all_killed_goes_on(program, finished_long):
    """Launcher, fork server and workers die at once: at the first claim, then at three random moments."""
    database = long_study(program)
    for moment in (0, *sorted(random.Random(11).sample(range(1, 27), 3))):
        process = program.launch("start", "long.toml", "--workers", 2, "--quiet")
        eventually(lambda: rows(database, "SELECT 1 FROM hpsearch_attempts"), what="a claim")
        eventually(lambda n=moment: settled(database, "long") >= n, what=f"{moment} settled trials")
        kill_group(process)
        eventually(lambda p=process: not group(p), what="the end of every process")
        assert settled(database, "long") < 40, "the kill came too late to mean anything"
    finish(program, database, finished_long)
    assert len(rows(database, "SELECT DISTINCT pid FROM hpsearch_workers")) > 4


@pytest.mark.long
def test_fault_1_a_killed_worker_is_replaced(program, finished_long):
    """One worker dies in the middle: the launcher goes on, with the exact budget and one result a trial."""
    database = long_study(program)
    process = program.launch("start", "long.toml", "--workers", 2, "--quiet")
    eventually(lambda: settled(database, "long") >= 6, what="6 settled trials")
    victim = eventually(lambda: workers(database), what="a worker")[0]
    assert victim in group(process)
    os.kill(victim, signal.SIGKILL)
    assert settled(database, "long") < 40
    run = ended(process)
    assert run.code == 0, run.err
    assert run.err == ""
    assert len(rows(database, "SELECT DISTINCT pid FROM hpsearch_workers")) == 3
    assert fingerprint(program) == finished_long.fingerprint
    assert_sound(database, "long", trials=40)
    assert_sound(database, "long.confirm", trials=6)


@pytest.mark.long
def test_fault_5_workers_alone_finish_what_a_killed_start_began(program, finished_long):
    """``start`` dies; two ``hpsearch worker`` processes search, confirm and deliver."""
    database = long_study(program)
    process = program.launch("start", "long.toml", "--workers", 2, "--quiet")
    eventually(lambda: settled(database, "long") >= 10, what="10 settled trials")
    kill_group(process)
    assert settled(database, "long") < 40
    both = [program.launch("worker", "--study", "long", "--fleet", 2) for _ in range(2)]
    runs = [ended(worker) for worker in both]
    assert [run.code for run in runs] == [0, 0], runs
    assert all("study 'long' is settled: hpsearch best --study long" in run.err for run in runs)
    assert fingerprint(program) == finished_long.fingerprint
    assert_sound(database, "long", trials=40)
    assert_sound(database, "long.confirm", trials=6)
    again = program.run("start", "long.toml")
    assert (again.code, again.out) == (0, finished_long.out)


@pytest.mark.long
def test_workers_end_by_themselves_when_their_launcher_is_killed(program, finished_long):
    """Only the launcher dies; its workers finish what they train, hold nothing, and leave."""
    database = long_study(program)
    process = program.launch("start", "long.toml", "--workers", 2, "--quiet")
    eventually(
        lambda: settled(database, "long") >= 4 and len(workers(database)) == 2, what="4 settled trials"
    )
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    eventually(lambda: not group(process), what="the end of the workers")
    assert settled(database, "long") < 40
    assert workers(database) == []
    finish(program, database, finished_long)
