"""Machines of a network that is not there: network namespaces with a host name and a clock of their own.

A name holds the process that made it, so that a later run finds those which a killed one has left.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from struct import pack
from typing import TypeVar

from hpsearch.store.workers.processes import is_alive, process_name
from tests.chaos.fleet import hit

T = TypeVar("T")

NAMES = Path("/run/netns")
TUN = Path("/dev/net/tun")
DEVICE = "wire"
CLOCK = Path(__file__).resolve().parent / "clock"

_PREFIX = "hps"
_NEW_NETWORK = 0x40000000
_SET_DEVICE = 0x400454CA
_POINT_TO_POINT, _BARE_PACKETS = 0x0001, 0x1000
_libc = ctypes.CDLL(None, use_errno=True)


class HostsUnavailableError(Exception):
    """There can be no namespaces here; the message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A machine.

    Attributes:
        name: What it is called, by itself too.
        address: Its address on the wire.
        ahead_s: How far its clock is ahead of the true one; negative when it is behind.
        namespace: Its network.
        device: The end of the wire in it: a packet is read and written whole.
    """

    name: str
    address: str
    ahead_s: int
    namespace: str
    device: int

    def inside(self, work: Callable[[], T]) -> T:
        """Return what ``work`` does on this machine: its sockets and its processes stay there."""
        return _inside(self.namespace, work)

    def command(self, *program: str) -> list[str]:
        """Return what runs a program on this machine, under its name, in a process that is the program's."""
        named = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', self.name]
        return ["ip", "netns", "exec", self.namespace, *named, *program]

    def environment(self, root: Path) -> dict[str, str]:
        """Return what Python finds in its environment here: this machine's clock, and the sources."""
        return {"PYTHONPATH": f"{CLOCK}:{root}", "HPSEARCH_TEST_CLOCK_S": str(self.ahead_s)}


@contextmanager
def hosts(clocks: dict[str, int]):
    """Give name -> host for names and clocks; the wire between them is the caller's.

    Raises:
        HostsUnavailableError: There can be none here.
    """
    expect_hosts()
    sweep()
    made: dict[str, Host] = {}
    try:
        for place, (name, ahead_s) in enumerate(clocks.items(), start=1):
            made[name] = _make(name, f"10.83.0.{place}", ahead_s)
        yield made
    finally:
        for host in made.values():
            os.close(host.device)
        remove(f"{_PREFIX}.{process_name(os.getpid())}.")


def expect_hosts() -> None:
    """Find out whether namespaces can be made.

    Raises:
        HostsUnavailableError: They cannot.
    """
    if os.name != "posix" or os.geteuid() != 0:
        raise HostsUnavailableError("network namespaces need root: run the tests of tests/hosts as root")
    if missing := [tool for tool in ("ip", "unshare", "hostname") if shutil.which(tool) is None]:
        raise HostsUnavailableError(f"network namespaces need {' and '.join(missing)}: install iproute2")
    trial = f"{_PREFIX}.{process_name(os.getpid())}.trial"
    try:
        _ip("netns", "add", trial)
        os.close(_inside(trial, _open_device))
    except OSError as error:
        raise HostsUnavailableError(f"a TUN device cannot be made here: {error}") from error
    except subprocess.CalledProcessError as error:
        raise HostsUnavailableError(f"`ip` makes no namespace here: {error.stderr.strip()}") from error
    finally:
        remove(trial)


def sweep() -> None:
    """Remove what test processes have left that were killed."""
    for path in NAMES.glob(f"{_PREFIX}.*@*.*"):
        maker = path.name.split(".")[1]
        if not is_alive(maker):
            remove(f"{_PREFIX}.{maker}.")


def remove(prefix: str) -> None:
    """Remove the namespaces whose names begin so, and end what still runs in them."""
    for path in NAMES.glob(f"{prefix}*"):
        for pid in _ip("netns", "pids", path.name).split():
            hit(int(pid), 9)
        _ip("netns", "delete", path.name)


def _make(name: str, address: str, ahead_s: int) -> Host:
    namespace = f"{_PREFIX}.{process_name(os.getpid())}.{name}"
    _ip("netns", "add", namespace)
    device = _inside(namespace, _open_device)
    _ip("-n", namespace, "address", "add", f"{address}/24", "dev", DEVICE)
    for link in ("lo", DEVICE):
        _ip("-n", namespace, "link", "set", link, "up")
    return Host(name=name, address=address, ahead_s=ahead_s, namespace=namespace, device=device)


def _inside(namespace: str, work: Callable[[], T]) -> T:
    """Return what ``work`` does in a thread that has moved into a namespace and ends there."""

    def moved() -> T:
        with (NAMES / namespace).open() as file:
            if _libc.setns(file.fileno(), _NEW_NETWORK) != 0:
                raise OSError(ctypes.get_errno(), f"setns {namespace}")
        return work()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(moved).result()


def _open_device() -> int:
    """Return the end of a wire whose other end is a device of this thread's network."""
    device = os.open(TUN, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        ioctl(device, _SET_DEVICE, pack("16sH22x", DEVICE.encode(), _POINT_TO_POINT | _BARE_PACKETS))
    except OSError:
        os.close(device)
        raise
    return device


def _ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True, timeout=30).stdout
