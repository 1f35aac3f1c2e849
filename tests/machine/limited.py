"""Commands under limits of the system: open files, processes, address space, size of files."""

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.cli.program import HPSEARCH

MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """A command that has ended: its exit code, what it wrote, and the most memory that it held."""

    code: int
    out: str
    err: str
    seconds: float
    peak_mib: float

    @property
    def lines(self):
        """Return the lines of standard error."""
        return self.err.splitlines()


_LAUNCHER = """
import os, resource, subprocess, sys
limits, user, command = eval(sys.argv[1]), eval(sys.argv[2]), sys.argv[3:]
def confine():
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
code = subprocess.run(command, preexec_fn=confine).returncode
os.write(3, f"{code} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}".encode())
"""
"""A small process between: what a process held before it became another one counts for its peak."""


def run_limited(program, *arguments, limits, user=None, folder=None, timeout_s=120, **environment):
    """Run a command from scratch under limits, ``{resource.RLIMIT_AS: bytes}``, as another user perhaps."""
    command = ["timeout", "--kill-after=5", str(timeout_s), *HPSEARCH, *map(str, arguments)]
    launcher = [sys.executable, "-S", "-E", "-c", _LAUNCHER, repr(limits), repr(user)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as streams:
        names = ("in", "out", "err", "ended")
        paths = [Path(streams, name) for name in names]
        with ExitStack() as open_files:
            _, out, err, ended = (open_files.enter_context(path.open("w+b")) for path in paths)
            process = subprocess.Popen(
                ["bash", "-c", f'exec "$@" 3>&{ended.fileno()}', "-", *launcher, *command],
                cwd=folder or program.folder,
                env=program.environment(**environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                pass_fds=[ended.fileno()],
                start_new_session=True,
            )
            program.launched.append(process)
            process.wait()
        code, peak = paths[3].read_text().split()
        return Limited(
            code=int(code),
            out=paths[1].read_text(),
            err=paths[2].read_text(),
            seconds=time.monotonic() - began,
            peak_mib=int(peak) / 1024,
        )
