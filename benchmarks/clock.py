"""The wall and processor time of a command with all processes that it starts."""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

_PR_SET_CHILD_SUBREAPER = 36
_LONGEST_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A command that has ended.

    Attributes:
        seconds: From its spawn to its end.
        cpu_seconds: Processor time of all its processes; ``None`` where the system does not say.
        done: Its exit code and what it printed.
    """

    seconds: float
    cpu_seconds: float | None
    done: subprocess.CompletedProcess[str]


def run_timed(command: Sequence[str]) -> Timed:
    """Run a command to its end; a process that it leaves behind is waited for, outside the wall time."""
    adopts = _adopt_orphans()
    before_s = _children_s()
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST_S)
    seconds = time.perf_counter() - began
    if not adopts:
        return Timed(seconds=seconds, cpu_seconds=None, done=done)
    with suppress(ChildProcessError):
        while True:
            os.wait()
    return Timed(seconds=seconds, cpu_seconds=_children_s() - before_s, done=done)


def _adopt_orphans() -> bool:
    """Become the parent of processes whose parent ends first; tell whether the system can (Linux only).

    hpsearch's workers come from a server that its launcher does not wait for: without this, their time
    would be counted nowhere.
    """
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def _children_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
