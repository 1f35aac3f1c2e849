"""Studies of a function: the same to the last bit, whatever the fleet, the database and the crashes."""

import os
import signal
from contextlib import suppress

import pytest

from tests.cli.program import Program, eventually, group, held, rows, settled
from tests.objective.processes import alive

CODE = """
import math, time


def score(trial):
    x, depth = trial.params["x"], trial.params["depth"]
    best = -abs(math.log10(x) + 2) + 0.001 * (trial.seed % 100)
    time.sleep({pause})
    for step in range(1, 5):
        trial.report(step, best - 1 / step - 0.1 * depth)
        if trial.should_stop():
            return None
    if x > 50:
        raise ValueError("too large")
    print("done", trial.number)
    return {"value": best - 0.1 * depth, "depth": depth, "test": best}
"""
STUDY = """
name = "called"
seed = 3
trials = 40
parallelism = 8
[objective]
{objective}
[space]
x = { low = 1e-5, high = 1e2, log = true }
depth = { low = 1, high = 6 }
[search]
rounds = [16, 8]
rungs = [2]
[confirm]
top = 2
seeds = 3
"""
CALL = 'call = "train.py:score"'
COMMAND = 'command = ["python", "-c", "import train; train.main()", "{x}", "{depth}", "{seed}", "{number}"]'
MAIN = """
import json, sys
from types import SimpleNamespace


def main():
    x, depth, seed, number = sys.argv[1:]

    def report(step, value):
        print(json.dumps({"step": step, "value": value}), flush=True)

    params = {"x": float(x), "depth": int(depth)}
    about = {"params": params, "seed": int(seed), "number": int(number)}
    trial = SimpleNamespace(**about, report=report, should_stop=bool)
    print(json.dumps(score(trial)))
"""
"""The same function as a command: a rung stops it from outside."""
OBJECTIVES = {"a function": CALL, "a command": COMMAND}


def write(program, *, pause=0.0, objective=CALL, code=CODE):
    """Write the study and its code into the program's folder."""
    program.write("train.py", code.replace("{pause}", str(pause)) + MAIN)
    program.write("called.toml", STUDY.replace("{objective}", objective))


def fingerprints(program, *flags):
    """Return the fingerprints of a study and of its confirmation."""
    found = [program.run("fingerprint", "--study", name, *flags) for name in ("called", "called.confirm")]
    assert [run.code for run in found] == [0, 0]
    return [run.out.strip() for run in found]


@pytest.fixture(scope="module", params=OBJECTIVES)
def objective(request):
    """Return each kind of objective as a line of a study file."""
    return OBJECTIVES[request.param]


@pytest.fixture(scope="module")
def expected(tmp_path_factory, objective):
    """Return the fingerprints that one undisturbed worker leaves."""
    folder = tmp_path_factory.mktemp("called")
    program = Program(folder=folder, cache=folder / "cache")
    write(program, objective=objective)
    run = program.run("start", "called.toml", "--workers", 1, "--quiet")
    assert run.code == 0, run.err
    database = folder / "hpsearch.db"
    states = {state for (state,) in rows(database, "SELECT DISTINCT state FROM trials")}
    assert states == {"COMPLETE", "PRUNED", "FAIL"}
    return fingerprints(program)


@pytest.mark.parametrize("n_workers", [2, 4])
def test_a_fleet_leaves_what_one_worker_leaves(program, objective, expected, n_workers):
    """Curves, rungs, failures and the race follow from the study alone."""
    write(program, objective=objective)
    run = program.run("start", "called.toml", "--workers", n_workers, "--quiet")
    assert run.code == 0, run.err
    assert fingerprints(program) == expected
    replayed = program.run("replay", "--train", "--allow", "--quiet")
    assert replayed.code == 0, replayed.out
    assert "no difference" in replayed.out


def test_workers_that_are_killed_change_nothing(program, objective, expected):
    """SIGKILL to whole sessions in the middle of trials, one after another: the study is the same."""
    write(program, objective=objective, pause=0.05)
    database = program.folder / "hpsearch.db"
    for n_settled in (3, 12, 25):
        process = program.launch("start", "called.toml", "--workers", 2, "--quiet", "--lease", 2)
        eventually(lambda: settled(database, "called") >= n_settled and held(database))  # noqa: B023
        below = group(process)
        os.killpg(process.pid, signal.SIGKILL)
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
    run = program.run("start", "called.toml", "--workers", 2, "--quiet")
    assert run.code == 0, run.err
    assert fingerprints(program) == expected


@pytest.mark.parametrize("n_workers", [1, 4])
def test_postgres_holds_the_same_study(program, postgres, objective, expected, n_workers):
    """One worker and four, on a server."""
    url = postgres.new_database()
    write(program, objective=objective)
    run = program.run("start", "called.toml", "--workers", n_workers, "--quiet", "--storage", url)
    assert run.code == 0, run.err
    assert fingerprints(program, "--storage", url) == expected


SLOW = """
import os, time


def score(trial):
    (trial.checkpoint_dir / "begun").write_text(str(os.getpid()))
    (trial.checkpoint_dir / f"attempt{trial.attempt}").touch()
    print(sorted(path.name for path in trial.checkpoint_dir.iterdir()))
    time.sleep(5 if trial.number == 0 and not os.path.exists("quick") else 0)
    return trial.params["x"]
"""


def test_a_slow_function_keeps_its_lease_and_one_that_is_interrupted_its_folder(program):
    """A call five times as long as the lease has one attempt; a second finds what the first has left."""
    write(program, code=SLOW)
    database = program.folder / "hpsearch.db"
    calm = program.launch("start", "called.toml", "--workers", 2, "--quiet", "--lease", 1)
    eventually(lambda: settled(database, "called") == 40)
    assert calm.wait(60) == 0
    assert rows(database, "SELECT max(attempt) FROM hpsearch_attempts") == [(1,)]

    database.unlink()
    killed = program.launch("start", "called.toml", "--workers", 1, "--quiet", "--lease", 1)
    begun = eventually(lambda: list(program.cache.glob("trials/*/0/begun")))[0]
    below = group(killed)
    eventually(begun.read_text)
    os.killpg(killed.pid, signal.SIGKILL)
    for pid in {*below, int(begun.read_text())}:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    killed.wait()
    program.write("quick", "")
    again = program.run("start", "called.toml", "--workers", 1, "--quiet")
    assert again.code == 0, again.err
    shown = program.run("show", 0, "--study", "called").out
    assert "['attempt1', 'attempt2', 'begun']" in shown
    assert not begun.parent.exists()


def test_a_worker_that_is_asked_to_end_ends_the_function_and_hands_the_trial_back(program):
    """Within its notice, with no process left; the attempt is no failure, and the study goes on."""
    write(program, code=SLOW.replace("time.sleep(5", "time.sleep(500"))
    database = program.folder / "hpsearch.db"
    asked = program.launch("start", "called.toml", "--workers", 1, "--quiet", "--notice", 1)
    begun = eventually(lambda: list(program.cache.glob("trials/*/0/begun")))[0]
    caller = int(eventually(begun.read_text))
    os.kill(asked.pid, signal.SIGTERM)
    assert asked.wait(60) == 143
    eventually(lambda: not alive(caller), timeout_s=10)
    outcomes = "SELECT DISTINCT outcome FROM hpsearch_attempts WHERE number = 0"
    assert rows(database, outcomes) == [("released",)]
    program.write("quick", "")
    assert program.run("start", "called.toml", "--workers", 2, "--quiet").code == 0
