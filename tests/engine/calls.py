"""What the tests ask worker processes to do."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class StubbornError(Exception):
    """An error that can be pickled but not unpickled: its constructor takes more than its message."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def add(a, b, *, times=1):
    """Return a number made of its arguments."""
    return (a + b) * times


def fail(message):
    """Raise an ordinary error."""
    raise ValueError(message)


def fail_stubbornly():
    """Raise an error that the caller cannot unpickle."""
    raise StubbornError("this", "that")


def leave(code):
    """End the process without an answer."""
    os._exit(code)


def die():
    """End the process as the kernel does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def wait_for(path, *, timeout_s=60, secret=None):  # noqa: ARG001 - is looked for elsewhere
    """Say that the process is there, by a file of its id; wait until another file appears."""
    Path(f"{path}.{os.getpid()}").touch()
    deadline = time.monotonic() + timeout_s
    while not Path(path).exists():
        if time.monotonic() > deadline:
            raise TimeoutError(path)
        time.sleep(0.005)
    return os.getpid()


def surroundings():
    """Return process id, main module, how SIGINT is handled, and what BLAS was told; wake BLAS up."""
    _ = np.ones((300, 300)) @ np.ones((300, 300))
    return {
        "pid": os.getpid(),
        "main": getattr(sys.modules["__main__"], "__file__", None),
        "interrupt": signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
        "variables": {name: os.environ.get(name) for name in VARIABLES},
        "threads": len(list(Path("/proc/self/task").iterdir())),
    }
