"""Processes that begin at once, to be killed: forks of one that has imported everything; a module to run."""

import base64
import importlib
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent.parent


class Nursery:
    """Runs functions in processes of their own, one at a time; a context.

    Args:
        modules: What is imported before the first fork: the modules of the functions.
        environment: Variables for all of them.
    """

    def __init__(self, *modules: str, **environment: str) -> None:
        self._command = [sys.executable, "-m", "tests.machine.nursery", *modules]
        ours = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        self._environment = os.environ | ours | environment
        self._pid = 0

    def __enter__(self) -> Self:
        """Start the process that forks."""
        pipe = subprocess.PIPE
        self._forks = subprocess.Popen(
            self._command, env=self._environment, stdin=pipe, stdout=pipe, text=True
        )
        return self

    def __exit__(self, *_error: object) -> None:
        """Kill whatever is left, and end."""
        self.kill()
        self._forks.stdin.close()
        self._forks.stdout.close()
        self._forks.wait()

    def start(self, function, *arguments, **named):
        """Call a function in a new process."""
        parcel = base64.b64encode(pickle.dumps((function, arguments, named))).decode()
        self._pid = int(self._ask(parcel))

    def wait(self):
        """Wait for the process; return its exit code, below 0 for the signal that killed it."""
        code = int(self._ask("wait"))
        self._pid = 0
        return code

    def kill(self):
        """Kill the process, if there is one; tell whether it was still at work."""
        if not self._pid:
            return False
        os.kill(self._pid, signal.SIGKILL)  # nobody has waited for it yet: the number is still its own
        return self.wait() == -signal.SIGKILL

    def run(self, function, *arguments, **named):
        """Call a function in a new process to its end; return the exit code."""
        self.start(function, *arguments, **named)
        return self.wait()

    def _ask(self, line):
        self._forks.stdin.write(f"{line}\n")
        self._forks.stdin.flush()
        return self._forks.stdout.readline()


def main():
    """Import, then fork a process for each parcel, and wait for it when told to."""
    for module in sys.argv[1:]:
        importlib.import_module(module)
    child = 0
    for line in sys.stdin:
        if line == "wait\n":
            answer = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        elif not (child := os.fork()):
            call(line)
        else:
            answer = child
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def call(parcel):
    """Call what is in a parcel; end the process without its parent's last words."""
    code = 1
    try:
        function, arguments, named = pickle.loads(base64.b64decode(parcel))
        function(*arguments, **named)
        code = 0
    except BaseException:  # noqa: BLE001 - told by the standard way, then the process ends
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
