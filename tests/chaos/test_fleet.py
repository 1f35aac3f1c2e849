import signal

import pytest
import sqlalchemy as sa

from tests.chaos.fleet import Fleet, hit, living
from tests.chaos.run import environment
from tests.chaos.storage.places import SqlitePlace
from tests.chaos.study import TEXT
from tests.cli.program import eventually

pytestmark = pytest.mark.long

WORKERS = sa.text("SELECT pid FROM hpsearch_workers WHERE ended_at IS NULL")


@pytest.fixture
def place(tmp_path):
    """Return a file that is not there yet, and the study beside it."""
    (tmp_path / "storm.toml").write_text(TEXT)
    place = SqlitePlace(tmp_path)
    yield place
    place.reader.dispose()


@pytest.fixture
def fleet(quiet, place, tmp_path):
    """Return a fleet without commands; whatever it still runs is ended with the test."""
    fleet = Fleet(folder=tmp_path, environment=environment(place.url, quiet.cache))
    yield fleet
    assert fleet.end()


def test_each_process_is_taken_for_what_it_is(fleet, place):
    """Launcher, fork server and workers are told apart, so that a fault hits what it names."""
    fleet.launch("start", "storm.toml", "--workers", "2", "--quiet")
    enlisted = eventually(lambda: len(rows := place.rows(WORKERS) or []) == 2 and {pid for (pid,) in rows})
    assert set(fleet.workers()) == enlisted
    (launcher,), (server,) = fleet.launchers(), fleet.fork_servers()
    assert {launcher, server}.isdisjoint(enlisted)
    assert {living()[pid][0] for pid in enlisted} == {server}
    assert fleet.commands() == [launcher]
    assert enlisted | {launcher, server} <= set(fleet.processes())


def test_workers_are_still_found_when_their_launcher_is_dead(fleet, place):
    """They live on in the session of a command that has ended, and are ended with the fleet."""
    fleet.launch("start", "storm.toml", "--workers", "2", "--quiet")
    eventually(lambda: len(place.rows(WORKERS) or []) == 2)
    workers = fleet.workers()
    assert hit(fleet.launchers()[0], signal.SIGKILL)
    fleet.members[0].process.wait(10)
    assert set(fleet.workers()) <= set(workers)
    assert fleet.end()
    assert set(workers).isdisjoint(living())


def test_a_command_that_did_not_end_well_is_launched_again(fleet):
    """How it ended is kept; one that ended well is not launched again."""
    fleet.launch("best", "--study", "nobody")
    fleet.members[0].process.wait(180)
    fleet.collect()
    (ending,) = fleet.endings
    assert (ending.arguments, ending.code) == (("best", "--study", "nobody"), 4)
    assert "there is no database yet" in ending.err
    assert [member.arguments for member in fleet.members] == [("best", "--study", "nobody")]
    assert fleet.end()
    fleet.launch("--help")
    fleet.members[0].process.wait(180)
    fleet.collect()
    assert fleet.members == []
    assert fleet.endings[-1].code == 0
