"""What holds for every engine: answers, errors, deaths, what has not begun, the end."""

import os
import signal
import stat
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import Executor, wait
from pathlib import Path

import pytest

from hpsearch.engine import EngineError, WorkerDiedError
from hpsearch.engine.engines import ENGINES, make_engine
from hpsearch.engine.slurm import CALL, JobCall
from hpsearch.engine.subprocess_call import Call
from hpsearch.study_file import ENGINES as NAMES
from hpsearch.study_file import FleetSpec
from tests.cli.program import ROOT, eventually, kill_group
from tests.engine import calls
from tests.engine.fleets import needs_ray, on_this_machine

TIMEOUT_S = 180
SQLITE = "sqlite:///none.db"
CANARY = "c4n4ry-p4ssw0rd"


MARKS = {"slurm": pytest.mark.long, "ray": (pytest.mark.long, needs_ray)}
"""Engines whose processes take long to come."""


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=MARKS.get(name, ())) for name in ENGINES],
)
def engine(request, tmp_path_factory):
    """Return an engine with room for two workers of this machine, one for all tests of its kind."""
    fleet = on_this_machine(request.param, folder=tmp_path_factory.mktemp("engine"), workers=2)
    engine = make_engine(fleet, storage=SQLITE)
    yield engine
    engine.shutdown(cancel_futures=True)


def begun(gate):
    """Return the ids of the processes that wait at a gate."""
    return {int(path.suffix[1:]) for path in gate.parent.glob(f"{gate.name}.*")}


def test_the_study_file_knows_every_engine():
    """The names that a study file may hold are those of the map, in its order."""
    assert tuple(ENGINES) == NAMES


def test_a_call_has_a_process_of_its_own(engine):
    """Its answer comes back from a process with one BLAS thread that no Ctrl-C of a terminal reaches."""
    assert isinstance(engine, Executor)
    assert engine.here
    assert engine.submit(calls.add, 2, 3, times=4).result(TIMEOUT_S) == 20
    found = engine.submit(calls.surroundings).result(TIMEOUT_S)
    assert found["pid"] != os.getpid()
    assert set(found["variables"].values()) == {"1"}
    assert found["interrupt"]


def test_a_call_raises_its_own_error(engine):
    """The error of the call arrives as it was raised, with where."""
    with pytest.raises(ValueError, match="nothing there") as caught:
        engine.submit(calls.fail, "nothing there").result(TIMEOUT_S)
    assert "in the worker process" in "".join(caught.value.__notes__)


def test_a_process_that_dies_is_told_from_an_error(engine):
    """A process that a signal has killed, or that left, fails its own future alone."""
    dies, leaves, adds = (
        engine.submit(calls.die),
        engine.submit(calls.leave, 3),
        engine.submit(calls.add, 1, 1),
    )
    with pytest.raises(WorkerDiedError, match="exit code -9"):
        dies.result(TIMEOUT_S)
    with pytest.raises(WorkerDiedError, match="exit code 3"):
        leaves.result(TIMEOUT_S)
    assert adds.result(TIMEOUT_S) == 2


def test_what_has_not_begun_can_be_called_off(engine, tmp_path):
    """Each future is cancelled, or returns what somebody has begun; none is left waiting."""
    gate = tmp_path / "gate"
    futures = [engine.submit(calls.wait_for, str(gate)) for _ in range(4)]
    eventually(lambda: len(begun(gate)) >= 2, what="two calls at work")
    engine.call_off()
    gate.touch()
    wait(futures, TIMEOUT_S)
    assert {future.result() for future in futures if not future.cancelled()} == begun(gate)


def test_an_engine_that_reaches_its_processes_says_so(engine, tmp_path):
    """``terminate`` either ends what has begun, or says that somebody else must ask."""
    gate = tmp_path / "gate"
    future = engine.submit(calls.wait_for, str(gate))
    eventually(lambda: begun(gate), what="the call at work")
    if engine.terminate():
        with pytest.raises(WorkerDiedError, match="exit code -15"):
            future.result(TIMEOUT_S)
    else:
        gate.touch()
        assert {future.result(TIMEOUT_S)} == begun(gate)


def test_no_argument_can_be_read_by_others(engine, tmp_path):
    """The address of a database reaches a worker by no command line, no name and no file of others."""
    gate = tmp_path / CANARY
    future = engine.submit(calls.wait_for, str(gate))
    eventually(lambda: begun(gate), what="the call at work")
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not [line for line in lines if CANARY.encode() in line]
    gate.touch()
    future.result(TIMEOUT_S)
    assert CANARY not in repr(Call(calls.add, (CANARY,), {"times": CANARY}))


LAUNCHER = """
import sys
from pathlib import Path
from hpsearch.engine.engines import make_engine
from tests.engine import calls
from tests.engine.fleets import on_this_machine
folder = Path(sys.argv[2])
engine = make_engine(on_this_machine(sys.argv[1], folder=folder, workers=2), storage="sqlite:///none.db")
secret = sys.stdin.read()
for name in "abc":
    engine.submit(calls.wait_for, str(folder / name), timeout_s=float("1e3"), secret=secret)
import signal
signal.pause()
"""


@pytest.mark.parametrize(
    "name", ["local", "dask", "slurm", pytest.param("ray", marks=[pytest.mark.long, needs_ray])]
)
def test_fault_74_a_launcher_that_is_killed_leaves_no_secret_in_a_file(name, tmp_path):
    """No file of the engine's holds an argument, neither while calls wait and run nor after a kill."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, name, str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        launcher.stdin.write(CANARY.encode())
        launcher.stdin.close()
        eventually(lambda: len(list(tmp_path.glob("[abc].*"))) >= 2, what="two calls at work")
        assert files_with(tmp_path, CANARY) == []
        os.kill(launcher.pid, signal.SIGKILL)
        launcher.wait()
        assert files_with(tmp_path, CANARY) == []
    finally:
        kill_group(launcher)
        for gate in "abc":
            (tmp_path / gate).touch()


def files_with(folder, secret):
    """Return the files below a folder that hold a text, as it is or as base64 writes it."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [path] if any(form in content for form in forms_of(secret)) else []
    return found


def forms_of(secret):
    """Return a text as bytes, plain and inside base64 with each of its three beginnings."""
    inside = [b64encode(b"x" * n + secret.encode())[4:-4] for n in range(3)]
    return [secret.encode(), *inside]


def test_a_job_without_the_environment_of_its_launcher_says_what_to_do(monkeypatch):
    """Where sbatch does not export the environment, the search ends with the option that does."""
    monkeypatch.delenv(CALL, raising=False)
    returned, answer = JobCall()()
    assert not returned
    assert isinstance(answer, EngineError)
    assert "--export=ALL" in str(answer)


def test_the_end_waits_for_what_is_at_work(engine):
    """Shutting down returns once everything has answered; twice does no harm."""
    futures = [engine.submit(calls.add, n, n) for n in range(2)]
    engine.shutdown()
    assert [future.result(0) for future in futures] == [0, 2]
    engine.shutdown()


def test_the_folder_of_slurm_is_private_and_goes(tmp_path):
    """Calls lie in files: nobody else may enter their folder, and nothing of it is left."""
    engine = ENGINES["slurm"](on_this_machine("slurm", folder=tmp_path, workers=1))
    (folder,) = (tmp_path / "jobs").iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert engine.submit(calls.add, 1, 1).result(TIMEOUT_S) == 2
    eventually(lambda: not list(folder.glob("*.pkl")), what="the end of the files")
    engine.shutdown()
    assert not list((tmp_path / "jobs").iterdir())


@pytest.mark.parametrize(
    ("fleet", "message"),
    [
        (
            FleetSpec(engine="slurm"),
            "engine slurm: expected the commands of Slurm on this machine, found no sbatch",
        ),
        (
            FleetSpec(engine="slurm", options={"cluster": "nearby"}),
            'engine slurm: expected cluster "slurm" or "local", found \'nearby\'',
        ),
        (
            FleetSpec(engine="dask", options={"tiemout": 3}),
            r"engine dask: expected a scheduler of Dask, found: .*tiemout",
        ),
        (
            FleetSpec(engine="dask", address="tcp://127.0.0.1:9", options={"timeout": 0.1}),
            r"engine dask at tcp://127\.0\.0\.1:9: expected a scheduler of Dask, found: Timed out",
        ),
    ],
    ids=["no slurm", "cluster", "option", "address"],
)
def test_an_engine_that_cannot_be_used_says_why(fleet, message, monkeypatch):
    """One line names the engine, what was expected, and what was found."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match=message):
        make_engine(fleet, storage=SQLITE)


@pytest.mark.parametrize(
    ("name", "library"), [("dask", "distributed"), ("slurm", "submitit"), ("ray", "ray")]
)
def test_a_missing_extra_is_named(name, library, monkeypatch):
    """The message has the command that installs what is missing."""
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(
        EngineError, match=rf"expected the package {library}, found none: .*hpsearch\[{name}\]"
    ):
        make_engine(FleetSpec(engine=name), storage=SQLITE)


def test_workers_elsewhere_are_not_given_a_file(monkeypatch):
    """SQLite is refused where an engine's workers are on other machines; the message says what to use."""
    monkeypatch.setattr(ENGINES["dask"], "here", property(lambda _engine: False))
    fleet = FleetSpec(engine="dask", workers=1)
    with pytest.raises(
        EngineError, match=r"engine dask: expected a database that other machines .* postgresql"
    ):
        make_engine(fleet, storage=SQLITE)
    make_engine(fleet, storage="postgresql+psycopg://u@h/d").shutdown()
