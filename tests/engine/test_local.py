"""Calls in processes of their own: answers, errors, deaths."""

import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from multiprocessing import forkserver

import pytest

from hpsearch.engine import ONE_THREAD, LocalEngine, WorkerDiedError
from hpsearch.errors import ExitCode, HpsearchError
from tests.cli.program import eventually
from tests.engine import calls
from tests.test_limits import STUDY

TIMEOUT_S = 180

DRIVER = """
import json, os
from hpsearch.engine import LocalEngine
from tests.engine import calls
from tests.test_limits import STUDY
before = dict(os.environ)
print(json.dumps(LocalEngine().submit(calls.surroundings).result()))
assert dict(os.environ) == before
"""

LAUNCHER = """
import os, signal, sys
from pathlib import Path
from hpsearch.engine import LocalEngine
from tests.cli.program import eventually
from tests.engine import calls
from tests.test_limits import STUDY
gate = Path(sys.argv[1])
LocalEngine().submit(calls.wait_for, str(gate))
eventually(lambda: list(gate.parent.glob(f"{gate.name}.*")))
os.kill(os.getpid(), signal.SIGKILL)
"""


HELPERS = """
import os, signal, sys
from multiprocessing import forkserver, resource_tracker
from hpsearch.engine import LocalEngine
from tests.engine import calls
from tests.test_limits import STUDY
engine = LocalEngine()
for names in (["tracker"], ["server"], ["tracker", "server"]):
    assert engine.submit(calls.add, 1, 1).result() == 2
    tracker, server = resource_tracker._resource_tracker, forkserver._forkserver
    pids = {"tracker": tracker._pid, "server": server._forkserver_pid}
    for name in names:
        os.kill(pids[name], signal.SIGKILL)
assert engine.submit(calls.add, 1, 1).result() == 2
"""


VANISHED = """
import os, socket
from multiprocessing import forkserver
from hpsearch.engine.local import PRELOAD, LocalEngine
from tests.engine import calls
from tests.test_limits import STUDY
engine = LocalEngine(preload=PRELOAD)
assert engine.submit(calls.add, 1, 1).result() == 2
server = forkserver._forkserver
with socket.socket(socket.AF_UNIX) as client:
    client.connect(server._forkserver_address)
os.waitpid(server._forkserver_pid, 0)
"""
"""A client that asks for a process and is gone before it has said which."""


@pytest.fixture
def engine():
    """Return an engine; whatever it still runs is ended with the test."""
    engine = LocalEngine()
    yield engine
    engine.shutdown(cancel_futures=True)


def waiting(engine, gate, *, n=1):
    """Start calls that wait for a gate to open; return futures by process id once they are all there."""
    futures = [engine.submit(calls.wait_for, str(gate)) for _ in range(n)]
    found = eventually(lambda: (p := list(gate.parent.glob(f"{gate.name}.*"))) and len(p) == n and p)
    return futures, [int(path.suffix[1:]) for path in found]


def test_a_call_returns_its_result(engine):
    """Arguments go out, the result comes back, and each call has a process of its own."""
    assert isinstance(engine, Executor)
    sums = [engine.submit(calls.add, n, 1, times=2) for n in range(3)]
    assert [future.result(TIMEOUT_S) for future in sums] == [2, 4, 6]
    assert list(engine.map(calls.add, [1, 2], [3, 4], timeout=TIMEOUT_S)) == [4, 6]


def test_a_call_that_raises_fails_its_future(engine):
    """The error is the call's own, and the engine goes on."""
    future = engine.submit(calls.fail, "no good")
    with pytest.raises(ValueError, match=r"^no good\nin the worker process:\nTraceback"):
        future.result(TIMEOUT_S)
    assert engine.submit(calls.add, 1, 1).result(TIMEOUT_S) == 2


def test_an_answer_that_cannot_be_read_fails_its_future(engine):
    """An error that cannot be unpickled here is not waited for in vain."""
    future = engine.submit(calls.fail_stubbornly)
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        future.result(TIMEOUT_S)


@pytest.mark.parametrize(("call", "arguments", "code"), [(calls.leave, (3,), 3), (calls.die, (), -9)])
def test_a_process_that_ends_without_an_answer_is_told(engine, call, arguments, code):
    """Whether it left or was killed, the error says how, belongs to the family, and is one line."""
    future = engine.submit(call, *arguments)
    with pytest.raises(WorkerDiedError, match=rf"ended without an answer, with exit code {code};") as died:
        future.result(TIMEOUT_S)
    assert isinstance(died.value, HpsearchError)
    assert died.value.exit_code is ExitCode.FAILED
    assert "\n" not in str(died.value)


def test_fault_1_a_killed_process_takes_no_other_with_it(engine, tmp_path):
    """One of three is killed: its own future fails, the other two answer."""
    futures, pids = waiting(engine, tmp_path / "gate", n=3)
    os.kill(pids[0], signal.SIGKILL)
    done, others = wait(futures, timeout=TIMEOUT_S, return_when=FIRST_COMPLETED)
    (killed,) = done
    with pytest.raises(WorkerDiedError, match=f"worker process {pids[0]} .*exit code -9"):
        killed.result()
    (tmp_path / "gate").touch()
    assert {future.result(TIMEOUT_S) for future in others} == set(pids[1:])


def test_a_server_that_is_killed_while_it_starts_a_process_is_replaced(engine):
    """The call waits for the server's answer when the server dies; a new server starts the process."""
    assert engine.submit(calls.add, 1, 1, times=1).result(TIMEOUT_S) == 2
    server = forkserver._forkserver._forkserver_pid
    os.kill(server, signal.SIGSTOP)
    futures = []
    thread = threading.Thread(target=lambda: futures.append(engine.submit(calls.add, 2, 1, times=2)))
    thread.start()
    eventually(lambda: "read_signed" in functions(thread), what="a call that waits for the server")
    os.kill(server, signal.SIGKILL)
    thread.join(TIMEOUT_S)
    assert futures[0].result(TIMEOUT_S) == 6
    assert forkserver._forkserver._forkserver_pid != server


@pytest.mark.parametrize("options", [(), ("-W", "error"), ("-W", "always")])
@pytest.mark.sampled
def test_python_s_own_helpers_are_killed_and_replaced_in_silence(program, options):
    """Its resource tracker, the server, both: the next call works, and no warning of Python's is printed."""
    run = program.run(*options, "-c", HELPERS, command=(sys.executable,))
    assert (run.code, run.out, run.err) == (0, "", "")


@pytest.mark.long
def test_a_launcher_that_is_killed_while_it_asks_for_a_process_leaves_no_traceback(program):
    """Python's server ends with an ``EOFError`` then, of which no person needs to know."""
    run = program.run("-c", VANISHED, command=(sys.executable,))
    assert (run.code, run.out, run.err) == (0, "", "")


def functions(thread):
    """Return the names of the functions that a thread is in."""
    frame = sys._current_frames().get(thread.ident)
    return [entry.name for entry in traceback.extract_stack(frame)] if frame else []


def test_a_process_whose_launcher_was_killed_ends_quietly(program):
    """Its answer has nobody to go to; that is no reason for a traceback."""
    program.write("launcher.py", LAUNCHER)
    gate = program.folder / "gate"
    process = program.launch("launcher.py", gate, command=(sys.executable,))
    assert process.wait(TIMEOUT_S) == -signal.SIGKILL
    gate.touch()
    assert process.communicate(timeout=TIMEOUT_S) == ("", "")


def test_terminate_asks_every_process_to_end(engine, tmp_path):
    """SIGTERM reaches all of them; those that have ended already do not matter."""
    assert engine.submit(calls.add, 1, 1).result(TIMEOUT_S) == 2
    futures, _ = waiting(engine, tmp_path / "gate", n=2)
    engine.terminate()
    for future in futures:
        with pytest.raises(WorkerDiedError, match="exit code -15"):
            future.result(TIMEOUT_S)


def test_shutdown_waits_for_answers(engine, tmp_path):
    """After ``shutdown`` every future is done; with ``cancel_futures`` none is waited for."""
    (tmp_path / "gate").touch()
    futures = [engine.submit(calls.wait_for, str(tmp_path / "gate")) for _ in range(2)]
    engine.shutdown()
    assert all(future.done() and future.result() > 0 for future in futures)
    stuck, _ = waiting(engine, tmp_path / "shut")
    engine.shutdown(cancel_futures=True)
    assert isinstance(stuck[0].exception(), WorkerDiedError)


def test_ctrl_c_leaves_workers_alone(engine, tmp_path):
    """A terminal's SIGINT reaches workers too, and they go on until their launcher decides."""
    futures, pids = waiting(engine, tmp_path / "gate")
    os.kill(pids[0], signal.SIGINT)
    (tmp_path / "gate").touch()
    assert futures[0].result(TIMEOUT_S) == pids[0]


def test_the_caller_still_hears_ctrl_c(engine):
    """Blocking SIGINT for the fork server is undone for whoever starts it."""
    engine.warm_up()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


def test_a_worker_has_one_blas_thread_and_no_main_module_of_the_caller(program):
    """The cores belong to the workers; the caller's own environment stays as it is."""
    program.write("driver.py", DRIVER)
    run = program.run("driver.py", command=(sys.executable,), OPENBLAS_NUM_THREADS="2")
    assert run.code == 0, run.err
    found = json.loads(run.out)
    assert found["variables"] == ONE_THREAD
    assert found["threads"] == 1
    assert found["interrupt"]
    assert found["main"] is None or "driver" not in found["main"]


DAEMON = """
import multiprocessing, sys
import hpsearch

def search():
    spec = hpsearch.load_study_file("p.toml")
    try:
        hpsearch.start(spec, storage="sqlite:///p.db", workers=1)
    except hpsearch.HpsearchError as error:
        return str(error)

if __name__ == "__main__":
    with multiprocessing.get_context(sys.argv[1]).Pool(1) as pool:
        print(pool.apply(search))
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.sampled
def test_fault_94_a_daemon_of_multiprocessing_starts_no_search(tmp_path, method):
    """A process that may have no children says so before it writes anything."""
    (tmp_path / "p.toml").write_text(STUDY)
    (tmp_path / "script.py").write_text(DAEMON)
    run = subprocess.run(
        [sys.executable, "script.py", method], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "expected a process that may have processes of its own, found a daemon" in run.stdout, run.stderr
    assert not (tmp_path / "p.db").exists()
