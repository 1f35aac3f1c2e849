"""The server that workers are forked from, itself a fork of a command: it imports nothing anew."""

import os
import sys
from contextlib import suppress
from multiprocessing import util
from pathlib import Path


def fork_servers():
    """Have this process fork what ``multiprocessing`` starts with a new interpreter: servers and trackers.

    A server imports for 0.4 s what its parent has imported already. It runs the same line as elsewhere, in
    a process of its own that has the descriptors it is given and no other.
    """
    util.spawnv_passfds = _fork


def _fork(_path, arguments, descriptors):
    """Run the Python code that ends a command line in a fork; return its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        kept = {0, 1, 2, *descriptors}
        for descriptor in {int(path.name) for path in Path("/proc/self/fd").iterdir()} - kept:
            with suppress(OSError):  # the folder that was listed is closed already
                os.close(descriptor)
        exec(arguments[-1], {"__name__": "__main__"})  # the line is that of multiprocessing
        code = 0
    except SystemExit:
        code = 0
    except BaseException:  # noqa: BLE001 - as an interpreter does
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)
