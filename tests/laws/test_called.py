"""Studies of a function: the same to the last bit, whatever the fleet, the database and the crashes."""

import json
import os
import signal
from contextlib import suppress

import pytest
import sqlalchemy as sa

from tests.cli.program import Program, eventually, group, rows, settled
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
WORDS = ["python", "-S", "-c", "import train; train.main()", "{x}", "{depth}", "{seed}", "{number}"]
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
ESTIMATOR = """
name = "called"
seed = 3
trials = 40
parallelism = 8
[data]
source = "digits"
[objective]
estimator = "sklearn.ensemble.ExtraTreesClassifier"
[model]
n_estimators = 20
[space]
max_features = { low = 0.02, high = 0.8, log = true, widen = 0 }
max_depth = { low = 2, high = 12 }
[search]
rounds = [16, 8]
[confirm]
top = 2
seeds = 3
ensemble = 3
"""
"""A fit takes some 50 ms, so that kills hit while fits run; it has no curve, and no rung stops it."""
STUDIES = {
    "a function": STUDY.replace("{objective}", CALL),
    "a command": STUDY.replace("{objective}", f"command = {json.dumps(WORDS)}"),
    "an estimator": ESTIMATOR,
}
"""Kind of objective -> its study: one line adds a kind to the laws below."""
KILLED_AFTER = (3, 12, 25)
"""A fleet is killed once so many trials are settled, each time from scratch."""
PROGRESS = (
    "SELECT (SELECT count(*) FROM trials JOIN studies USING (study_id)"
    " WHERE study_name = 'called' AND state != 'RUNNING'),"
    " (SELECT count(*) FROM hpsearch_attempts WHERE open AND outcome IS NULL)"
)
"""Settled trials of the search, and attempts that a worker holds."""


def write(program, *, pause=0.0, study=STUDIES["a function"], code=CODE):
    """Write a study and its code into the program's folder."""
    program.write("train.py", code.replace("{pause}", str(pause)) + MAIN)
    program.write("called.toml", study)


def fingerprints(program, *flags):
    """Return the fingerprints of a study and of its confirmation."""
    found = [program.run("fingerprint", "--study", name, *flags) for name in ("called", "called.confirm")]
    assert [run.code for run in found] == [0, 0]
    return [run.out.strip() for run in found]


@pytest.fixture(scope="module", params=STUDIES)
def study(request):
    """Return the study of each kind of objective."""
    return STUDIES[request.param]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, study):
    """Return the program of one worker that has run the study to its end."""
    folder = tmp_path_factory.mktemp("called")
    program = Program(folder=folder, cache=folder / "cache")
    write(program, study=study)
    run = program.run("start", "called.toml", "--workers", 1, "--quiet")
    assert run.code == 0, run.err
    states = {state for (state,) in rows(folder / "hpsearch.db", "SELECT DISTINCT state FROM trials")}
    assert states >= ({"COMPLETE", "PRUNED"} if "rungs" in study else {"COMPLETE"})
    return program


@pytest.fixture(scope="module")
def expected(undisturbed):
    """Return the fingerprints that one undisturbed worker leaves."""
    return fingerprints(undisturbed)


@pytest.mark.sampled
def test_a_replay_finds_every_trial_as_it_was(undisturbed):
    """Every trial of search and race is computed again: the same curve, value and end."""
    replayed = undisturbed.run("replay", "--train", "--allow", "--quiet")
    assert replayed.code == 0, replayed.out
    assert "no difference" in replayed.out


@pytest.mark.parametrize("n_workers", [2, 4])
@pytest.mark.sampled(every=2)
def test_a_fleet_leaves_what_one_worker_leaves(program, study, expected, n_workers):
    """Curves, rungs, failures and the race follow from the study alone."""
    write(program, study=study)
    run = program.run("start", "called.toml", "--workers", n_workers, "--quiet")
    assert run.code == 0, run.err
    assert fingerprints(program) == expected


@pytest.mark.parametrize("n_workers", [4, 1, 2])
@pytest.mark.sampled(every=3)
def test_postgres_holds_the_same_study(program, postgres, study, expected, n_workers):
    """One worker and several, on a server."""
    url = postgres.new_database()
    write(program, study=study)
    run = program.run("start", "called.toml", "--workers", n_workers, "--quiet", "--storage", url)
    assert run.code == 0, run.err
    assert fingerprints(program, "--storage", url) == expected


def progress(url):
    """Return how many trials are settled and how many are held; none while there are no tables."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with suppress(sa.exc.DBAPIError), engine.connect() as connection:
        return connection.execute(sa.text(PROGRESS)).one()
    return 0, 0


def kill_all(process):
    """End a command and all its processes with SIGKILL, at once."""
    below = group(process)
    os.killpg(process.pid, signal.SIGKILL)
    for pid in below:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, program):
    """Return the address of an empty database of each kind."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_database()
    return f"sqlite:///{program.folder / 'hpsearch.db'}"


@pytest.mark.parametrize("n_workers", [2, 1, 4])
@pytest.mark.sampled(every=3)
def test_fleets_that_are_killed_change_nothing(program, study, expected, url, n_workers):
    """SIGKILL to whole fleets in the middle of trials, three times: the study has one fingerprint."""
    flags = ("called.toml", "--workers", n_workers, "--quiet", "--lease", 2, "--storage", url)
    write(program, study=study, pause=0.05)
    for n_settled in KILLED_AFTER:
        process = program.launch("start", *flags)
        eventually(lambda n=n_settled: (now := progress(url))[0] >= n and now[1])
        kill_all(process)
        assert progress(url)[0] < 40, "the kill came too late to mean anything"
    run = program.run("start", *flags)
    assert run.code == 0, run.err
    assert fingerprints(program, "--storage", url) == expected


SLOW = """
import os, time


def score(trial):
    (trial.checkpoint_dir / "begun").write_text(str(os.getpid()))
    (trial.checkpoint_dir / f"attempt{trial.attempt}").touch()
    print(sorted(path.name for path in trial.checkpoint_dir.iterdir()))
    time.sleep(3 if trial.number == 0 and not os.path.exists("quick") else 0)
    return trial.params["x"]
"""


@pytest.mark.long
def test_a_slow_function_keeps_its_lease_and_one_that_is_interrupted_its_folder(program):
    """A call three times as long as the lease has one attempt; a second finds what the first has left."""
    write(program, code=SLOW)
    database = program.folder / "hpsearch.db"
    calm = program.run("start", "called.toml", "--workers", 2, "--quiet", "--lease", 1)
    assert calm.code == 0, calm.err
    assert settled(database, "called") == 40
    assert rows(database, "SELECT max(attempt) FROM hpsearch_attempts") == [(1,)]

    database.unlink()
    killed = program.launch("start", "called.toml", "--workers", 1, "--quiet", "--lease", 1)
    begun = eventually(lambda: list(program.cache.glob("trials/*/0/begun")))[0]
    caller = int(eventually(begun.read_text))
    kill_all(killed)
    with suppress(ProcessLookupError):
        os.kill(caller, signal.SIGKILL)
    program.write("quick", "")
    again = program.run("start", "called.toml", "--workers", 1, "--quiet")
    assert again.code == 0, again.err
    shown = program.run("show", 0, "--study", "called").out
    assert "['attempt1', 'attempt2', 'begun']" in shown
    assert not begun.parent.exists()


def test_a_worker_that_is_asked_to_end_ends_the_function_and_hands_the_trial_back(program):
    """Within its notice, with no process left; the attempt is no failure, and the study goes on."""
    write(program, code=SLOW.replace("time.sleep(3", "time.sleep(500"))
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
