"""Races over a function without noise: no run in vain, whatever the fleet, the database and the crashes."""

import json
import os
import signal
from contextlib import suppress

import pytest

from hpsearch.errors import NotFoundError, StorageError
from hpsearch.store import opened
from tests.cli.program import Program, eventually, group, settled

CODE = """
import os, time


def score(trial):
    time.sleep(PAUSE)
    noise = 1e-9 * trial.seed if os.path.exists("noisy") else 0.0
    return {"value": -((trial.params["x"] - 0.3) ** 2) + noise, "test": trial.params["x"]}
"""
STUDY = """
name = "quiet"
seed = 5
trials = 30
parallelism = 4
[objective]
call = "quiet.py:score"
[space]
x = { low = 0.0, high = 1.0, default = 0.9 }
[confirm]
top = 4
seeds = 5
"""
RUNS = 5
"""Four finalists and the declared default, once each."""
SAYS = "the objective gave the same value on fresh seeds: it has no noise, so the measured best is the winner"


def write(program, *, pause=0.0):
    """Write the study and its code into the program's folder."""
    program.write("quiet.py", CODE.replace("PAUSE", str(pause)))
    program.write("quiet.toml", STUDY)


def fingerprints(program, *flags):
    """Return the fingerprints of the study and of its confirmation."""
    found = [program.run("fingerprint", "--study", name, *flags) for name in ("quiet", "quiet.confirm")]
    assert [run.code for run in found] == [0, 0]
    return [run.out.strip() for run in found]


def count(url, name):
    """Return how many trials of a study are settled on a server; 0 while there is none."""
    with suppress(StorageError, NotFoundError), opened(url) as ledger:
        return ledger.status(ledger.find_study(name)).settled
    return 0


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """Return what one undisturbed worker leaves: the program, and what it printed."""
    folder = tmp_path_factory.mktemp("quiet")
    program = Program(folder=folder, cache=folder / "cache")
    write(program)
    run = program.run("start", "quiet.toml", "--workers", 1, "--quiet")
    assert run.code == 0, run.err
    return program, run.out


def test_a_race_without_noise_takes_one_run_a_candidate(calm):
    """The winner is the best as measured, the words say why, and there is no interval."""
    program, printed = calm
    assert SAYS in printed
    assert "95 %" not in printed
    assert settled(program.folder / "hpsearch.db", "quiet.confirm") == RUNS
    best = json.loads(program.run("best", "--json").out)
    assert best["noiseless"] is True
    assert best["number"] == best["highest"]["number"]
    assert (best["interval"], best["test_interval"], best["estimate"]) == (None, None, None)
    assert best["confirmed"] == best["value"]
    replayed = program.run("replay", "--train", "--allow", "--quiet")
    assert replayed.code == 0, replayed.out
    assert "no difference" in replayed.out


def test_the_report_says_that_there_is_no_noise(calm):
    """In text and on the page."""
    program, _ = calm
    page = program.folder / "report.html"
    assert SAYS in program.run("report", "--format", "text").out
    assert program.run("report", "-o", str(page)).code == 0
    assert SAYS[1:] in page.read_text()


@pytest.mark.parametrize("n_workers", [4])
def test_a_fleet_races_as_one_worker_does(program, calm, n_workers):
    """The first runs are waited for by all workers, and no further one is begun."""
    write(program)
    run = program.run("start", "quiet.toml", "--workers", n_workers, "--quiet")
    assert run.code == 0, run.err
    assert fingerprints(program) == fingerprints(calm[0])


@pytest.mark.long
def test_a_server_and_workers_that_are_killed_change_nothing(program, postgres, calm):
    """SIGKILL to whole sessions, the last of them in the middle of the race, on PostgreSQL."""
    url = postgres.new_database()
    write(program, pause=0.05)
    flags = ("--workers", 2, "--quiet", "--lease", 2, "--storage", url)
    for name, n_settled in (("quiet", 10), ("quiet.confirm", 1)):
        process = program.launch("start", "quiet.toml", *flags)
        eventually(lambda: count(url, name) >= n_settled)  # noqa: B023
        below = group(process)
        os.killpg(process.pid, signal.SIGKILL)
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
    run = program.run("start", "quiet.toml", *flags)
    assert run.code == 0, run.err
    assert fingerprints(program, "--storage", url) == fingerprints(calm[0])


def test_noise_below_what_people_see_is_noise(program):
    """With a billionth of the seed in each value the whole race is run, and has its interval."""
    write(program)
    program.write("noisy", "")
    run = program.run("start", "quiet.toml", "--workers", 2, "--quiet")
    assert run.code == 0, run.err
    assert SAYS not in run.out
    assert "95 % interval" in run.out
    assert settled(program.folder / "hpsearch.db", "quiet.confirm") == RUNS * 5
