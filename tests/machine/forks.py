"""Commands that run by the hundred: each a fork of one process that has imported everything; a module to run.

A fork takes milliseconds where ``python -m hpsearch`` takes a second, and is a process all the same: its own
arguments, environment, folder, descriptors and exit code, and what an interpreter does when it ends.
"""

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from hpsearch import api, cli, engine
from hpsearch.errors import HpsearchError
from tests.machine.fork_server import fork_servers
from tests.machine.loaded import load

ROOT = Path(__file__).resolve().parent.parent.parent
NO_WORKERS = "no-workers"
KILLED = 137
NOT_WRITTEN = 120
"""The exit code of an interpreter whose last words could not be written."""
WARM_UP = (["list", "--storage", "nothing"], ["show", "1", "--storage", "sqlite:///no/such/folder"])
PAUSE_S = 0.002
ENDING_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command to run.

    Attributes:
        arguments: What stands after ``hpsearch``.
        folder: Where it runs.
        environment: All of its variables.
        streams: The files that it finds as standard input, output and error.
        timeout_s: It is killed after so long, with all that it has started.
    """

    arguments: list[str]
    folder: str
    environment: dict[str, str]
    streams: tuple[str, str, str]
    timeout_s: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a command ended.

    Attributes:
        code: Its exit code; ``KILLED`` when it had to be killed.
        left: Whether processes of it were left behind.
    """

    code: int
    left: bool


@dataclass(slots=True, kw_only=True)
class Forks:
    """Runs commands one after the other; a context.

    Args:
        launches: Whether they may launch workers: a command that is to be refused before need not prepare.
        modules: What is imported before the first command, besides what ``load`` does.
    """

    launches: bool = True
    modules: tuple[str, ...] = ()
    _process: subprocess.Popen = field(init=False)

    def __enter__(self) -> Self:
        """Start the process that forks."""
        environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.machine.forks", *[NO_WORKERS][self.launches :], *self.modules],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_error: object) -> None:
        """End it."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def run(self, call):
        """Run a command to its end."""
        self._process.stdin.write(f"{json.dumps(asdict(call))}\n")
        self._process.stdin.flush()
        return End(**json.loads(self._process.stdout.readline()))


def main():
    """Import, then fork a command for each line."""
    launches = NO_WORKERS not in sys.argv
    app = load(*(name for name in sys.argv[1:] if name != NO_WORKERS))
    for arguments in WARM_UP:
        with suppress(HpsearchError):
            app(arguments, prog_name="hpsearch", standalone_mode=False)
    gc.freeze()
    fork_servers()
    if not launches:
        api.prepare_engine = engine.prepare_engine = lambda: None
    for line in sys.stdin:
        call = Call(**json.loads(line))
        pid = os.fork()
        if not pid:
            become(call)
            run_to_its_end()
        sys.stdout.write(f"{json.dumps(asdict(outcome(pid, call.timeout_s)))}\n")
        sys.stdout.flush()


def become(call):
    """Take over what a command finds when it begins."""
    os.setsid()
    os.chdir(call.folder)
    for number, path in enumerate(call.streams):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), number)
    os.environ.clear()
    os.environ.update(call.environment)
    sys.argv = ["hpsearch", *call.arguments]


def run_to_its_end():
    """Run the command and end as an interpreter does, without taking apart what the parent has imported.

    That would copy every page of the parent: 60 ms of CPU for each command, more than most take.
    """
    try:
        cli.main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - as an interpreter does
        sys.excepthook(*sys.exc_info())
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = NOT_WRITTEN
    os._exit(code)


def outcome(pid, timeout_s):
    """Wait for a command; kill what is left of it."""
    deadline = time.monotonic() + timeout_s
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > deadline:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return End(code=KILLED, left=True)
        time.sleep(PAUSE_S)
    left = is_left(pid)
    if left:
        os.killpg(pid, signal.SIGKILL)
    return End(code=os.waitstatus_to_exitcode(status), left=left)


def is_left(group):
    """Return whether processes of a group live on when they had time to end."""
    deadline = time.monotonic() + ENDING_S
    while lives(group):
        if time.monotonic() > deadline:
            return True
        time.sleep(PAUSE_S)
    return False


def lives(group):
    """Return whether a group has a living process; one that has ended may wait for init to collect it."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, its_group = path.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in "ZX":
                return True
    return False


if __name__ == "__main__":
    main()
