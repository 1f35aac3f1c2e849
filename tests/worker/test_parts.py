"""The small parts of a worker: requests to end, names of processes, signs of life."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hpsearch.errors import StorageError
from hpsearch.objective import TaskReport
from hpsearch.store.workers.processes import is_alive, this_host
from hpsearch.worker import Stop
from hpsearch.worker.identity import this_worker
from hpsearch.worker.loop.checkpoints import Checkpoints
from hpsearch.worker.loop.heartbeat import Heartbeat
from hpsearch.worker.loop.stop import Aborted
from tests.cli.program import eventually


def test_requests_drain_then_abort():
    """None goes on, one drains, two abort; the last signal is remembered."""
    stop = Stop()
    assert (stop.draining, stop.aborting, stop.signal) == (False, False, None)
    stop.check()
    stop.request(signal.SIGTERM)
    assert (stop.draining, stop.aborting, stop.signal) == (True, False, signal.SIGTERM)
    stop.check()
    stop.request()
    assert (stop.draining, stop.aborting, stop.signal) == (True, True, signal.SIGTERM)
    with pytest.raises(Aborted, match=r"^$"):
        stop.check()


def test_a_notice_ends_by_itself():
    """Three quarters of it are for training: then what is claimed is handed back without a second request."""
    stop = Stop(notice_s=0.4)
    assert stop.phase == 0
    stop.request(signal.SIGTERM)
    asked = time.monotonic()
    assert stop.phase == 1
    eventually(lambda: stop.phase == 2)
    assert time.monotonic() - asked >= 0.29
    with pytest.raises(Aborted, match=r"^$"):
        stop.check()


def test_signals_are_requests():
    """Each signal that arrives counts."""
    stop = Stop()
    before = signal.getsignal(signal.SIGUSR1)
    try:
        stop.obey([signal.SIGUSR1])
        for n in (1, 2, 3):
            os.kill(os.getpid(), signal.SIGUSR1)
            eventually(lambda n=n: stop.requests == n)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert stop.signal == signal.SIGUSR1


def test_a_request_wakes_who_waits():
    """A worker that sleeps between two looks ends at once."""
    stop = Stop()
    began = time.monotonic()
    threading.Timer(0.05, stop.request).start()
    stop.wait(30)
    assert time.monotonic() - began < 5
    assert stop.draining


def test_a_wait_without_a_request_ends():
    """Nobody asks, and the worker looks again."""
    stop = Stop()
    stop.wait(0.001)
    assert not stop.draining


INTERRUPTED = """
import faulthandler, random, signal
from hpsearch.worker.loop.stop import Stop
faulthandler.dump_traceback_later(30, exit=True)
for _ in range(2000):
    stop = Stop()
    stop.obey([signal.SIGALRM])
    signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 3e-4))
    while not stop.draining:
        stop.wait(1e-6)
"""


def test_a_signal_in_the_middle_of_a_wait_does_not_hang():
    """Wherever in a wait it arrives: a worker that is idle, or has just been woken, ends when told to."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_this_process_lives():
    """The name of this process holds its id, and says that it is alive."""
    me = this_worker()
    assert me.pid == os.getpid()
    assert me.host == this_host() != ""
    assert me.process.startswith(f"{os.getpid()}@")
    assert is_alive(me.process)


def test_a_process_that_ended_is_dead_even_before_it_is_reaped():
    """A killed child is a zombie until its parent looks; it will not finish any trial."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        fields = _stat(child.pid).rpartition(")")[2].split()
        name = f"{child.pid}@{fields[19]}"
        assert is_alive(name)
        child.kill()
        eventually(lambda: not is_alive(name))


def _stat(pid):
    return Path(f"/proc/{pid}/stat").read_text()


def test_a_later_process_of_the_same_number_is_another():
    """Process ids come round again; the start time tells them apart."""
    pid, _, started = this_worker().process.partition("@")
    assert not is_alive(f"{pid}@{int(started) + 1}")
    assert not is_alive(f"999999999@{started}")


def test_without_a_start_time_a_process_may_live():
    """Where the system does not tell, nobody's trials are taken away."""
    assert is_alive("999999999")


@pytest.fixture
def beating(ledger, study, claims):
    """Return a function that makes the heartbeat of two claims."""
    worker_id, mine = claims
    checkpoints = Checkpoints(ledger, study, evaluator=None, say=print)

    def beating(every_s):
        return Heartbeat(ledger, worker_id, mine, stop=Stop(), checkpoints=checkpoints, every_s=every_s)

    return beating


def epoch_end(*curves):
    """Return the end of an epoch after which these are the curves of the first tasks."""
    return TaskReport(curves=dict(enumerate(curves)), ended={}, state=lambda _place: None)


def test_a_heartbeat_stores_curves_while_they_grow(ledger, study, beating):
    """What a long training has reached can be seen before it ends."""
    with beating(0.01) as heartbeat:
        heartbeat.on_report(epoch_end((0.25,)))
        eventually(lambda: ledger.trial(study, 0).curve == (0.25,))
        heartbeat.on_report(epoch_end((0.25, 0.5), (0.125,)))
        eventually(lambda: ledger.trial(study, 0).curve == (0.25, 0.5))
        eventually(lambda: ledger.trial(study, 1).curve == (0.125,))
    assert "heartbeat" not in {t.name for t in threading.enumerate()}


def test_a_heartbeat_that_fails_ends_the_training(ledger, beating, monkeypatch):
    """A database that is gone for good is told by the next epoch, not at the end of the training."""

    def gone(*_, **_more):
        raise StorageError("the database is gone")

    monkeypatch.setattr(ledger, "report", gone)
    with beating(0.01) as heartbeat, pytest.raises(StorageError, match="the database is gone"):
        eventually(lambda: heartbeat.on_report(epoch_end((0.5,))))


def test_a_heartbeat_does_not_outlive_its_training(beating):
    """An error in the training ends the thread, and the error goes on."""
    with pytest.raises(KeyError, match="broken"), beating(60):
        raise KeyError("broken")
    assert "heartbeat" not in {thread.name for thread in threading.enumerate()}
