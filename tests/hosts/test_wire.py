import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from tests.chaos.fleet import ROOT
from tests.cli.program import eventually
from tests.hosts.netns import NAMES, hosts, sweep
from tests.hosts.wire import Wire

PORT = 4711
HOUR_S = 3600

_TELL_THE_TIME = """
import time
from datetime import UTC, datetime
from socket import gethostname
print(time.time(), time.time_ns() / 1e9, datetime.now().timestamp(), datetime.now(UTC).timestamp(),
      datetime.utcnow().replace(tzinfo=UTC).timestamp(), gethostname())
"""
_MAKE_AND_WAIT = """
from tests.hosts.netns import hosts
with hosts({"left": 0, "right": 0}):
    print("made", flush=True)
    input()
"""


@pytest.fixture(scope="module")
def pair(namespaces):
    """Return two hosts an hour apart, one ahead and one behind."""
    del namespaces
    with hosts({"ahead": HOUR_S, "behind": -HOUR_S}) as pair:
        yield pair


@pytest.fixture
def wire(pair):
    """Return a wire between them."""
    with Wire(pair.values()) as wire:
        yield wire


@pytest.fixture
def link(pair, wire):
    """Return the two ends of a TCP connection over the wire, the one that asked for it first."""
    del wire
    far = pair["behind"]
    with closing(far.inside(lambda: socket.create_server((far.address, PORT)))) as listener:
        near = pair["ahead"].inside(lambda: socket.create_connection((far.address, PORT), timeout=10))
        other, _ = listener.accept()
        with closing(near), closing(other):
            for end in (near, other):
                end.settimeout(60)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield near, other


def seconds_of_an_answer(link):
    """Return how long a word takes there and back."""
    near, far = link
    began_s = time.monotonic()
    near.sendall(b"?")
    far.sendall(far.recv(1))
    assert near.recv(1) == b"?"
    return time.monotonic() - began_s


def test_what_is_late_is_late_in_both_directions(wire, link):
    """An answer takes twice the delay."""
    wire.calm(delay_s=0.2)
    assert seconds_of_an_answer(link) >= 0.4


@pytest.mark.long
def test_what_is_lost_is_sent_again(wire, link):
    """A fifth of the packets vanish, and every byte arrives."""
    wire.calm(seed=1, loss=0.2)
    near, far = link
    sent = os.urandom(200_000)
    sender = threading.Thread(target=near.sendall, args=(sent,))
    sender.start()
    received = b""
    while len(received) < len(sent):
        received += far.recv(65536)
    sender.join()
    assert received == sent
    assert wire.routes["ahead", "behind"].lost > 5


@pytest.mark.parametrize("ends", [("ahead", "behind"), ("behind", "ahead")])
def test_a_cut_holds_up_one_direction(wire, link, ends):
    """Nothing arrives while it is cut, everything afterwards, on the same connection."""
    wire.routes[ends].cuts += 1
    near, far = link
    near.settimeout(0.3)
    near.sendall(b"?")
    if ends == ("behind", "ahead"):
        far.sendall(far.recv(1))
    with pytest.raises(TimeoutError, match="timed out"):
        near.recv(1)
    wire.routes[ends].cuts -= 1
    near.settimeout(60)
    if ends == ("ahead", "behind"):
        far.sendall(far.recv(1))
    assert near.recv(1) == b"?"


def test_a_wire_snaps_after_the_packet_that_it_waits_for(wire, link):
    """That one arrives, its answer does not."""
    wire.routes["ahead", "behind"].snaps_at = b"COMMIT"
    near, far = link
    near.sendall(b"COMMIT")
    assert far.recv(6) == b"COMMIT"
    far.sendall(b"done")
    near.settimeout(0.3)
    with pytest.raises(TimeoutError, match="timed out"):
        near.recv(4)
    assert wire.routes["behind", "ahead"].snapped


def test_a_host_has_a_name_and_a_clock_of_its_own(pair):
    """Every clock of Python that shows a time is an hour off, ahead on one host and behind on the other."""
    for name, host in pair.items():
        told = subprocess.run(
            host.command(sys.executable, "-W", "ignore", "-c", _TELL_THE_TIME),
            env=os.environ | host.environment(ROOT),
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        assert told[-1] == name
        assert [round((float(clock) - time.time()) / HOUR_S) for clock in told[:-1]] == [
            host.ahead_s / HOUR_S
        ] * 5


def test_what_a_killed_run_has_left_is_swept(namespaces):
    """A process that made hosts is killed; the next one removes them, and leaves those of the living."""
    del namespaces
    with subprocess.Popen(
        [sys.executable, "-c", _MAKE_AND_WAIT],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as maker:
        assert maker.stdout.readline() == "made\n"
        sweep()
        assert len(left := list(NAMES.glob(f"hps.{maker.pid}@*"))) == 2
        maker.kill()
    sweep()
    assert eventually(lambda: not any(path.exists() for path in left))
