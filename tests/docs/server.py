"""``hpsearch`` and ``python`` for shells: one process imports everything, then forks for each call.

A page has dozens of commands, and each would import for a second what the one before it did. The files
named ``hpsearch`` and ``python`` in the server's folder hand arguments, folder, environment and the three
standard files to the server over a socket, and end with the exit code that comes back.
"""

import atexit
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.machine.fork_server import fork_servers
from tests.machine.loaded import load

CLIENT = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    socket.send_fds(server, [b"."], [0, 1, 2])
    server.sendall(json.dumps([sys.argv, os.getcwd(), dict(os.environ)]).encode())
    server.shutdown(socket.SHUT_WR)
    sys.exit(int(server.recv(16) or 70))
"""
NAMES = ("hpsearch", "python")


class Commands:
    """A folder for the front of ``PATH``, and the server behind it."""

    def __init__(self, folder, environment):
        self.folder = Path(folder)
        address = str(self.folder / "socket")
        for name in NAMES:
            (self.folder / name).write_text(CLIENT.format(python=sys.executable, address=address))
            (self.folder / name).chmod(0o755)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.docs.server", address],
            env=environment,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._server.stdout.readline() == b"ready\n"

    def close(self):
        """End the server and whatever of its children is left."""
        with suppress(ProcessLookupError):
            os.killpg(self._server.pid, signal.SIGKILL)
        self._server.communicate()


def serve(address):
    """Answer calls until the process is killed."""
    load("sklearn.datasets", "rich.progress")
    fork_servers()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        os.write(1, b"ready\n")
        while True:
            call, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _answer(call)
            call.close()


def _answer(call):
    """Run a call in a child, tell its exit code, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, files, _, _ = socket.recv_fds(call, 1, 3)
    request = b"".join(iter(lambda: call.recv(65536), b""))
    child = os.fork()
    if child == 0:
        call.close()
        _become(files, *json.loads(request))
    for file in files:
        os.close(file)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    with suppress(OSError):
        call.sendall(str(code if code >= 0 else 128 - code).encode())
    os._exit(0)


def _become(files, arguments, folder, environment):
    """Be the process that was called for."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115
    sys.modules["__main__"].__package__ = None  # or messages would call the program by this module's name
    sys.argv = [Path(arguments[0]).name, *arguments[1:]]
    code = 1
    try:
        code = _run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as an interpreter does
        sys.excepthook(*sys.exc_info())
    finally:
        atexit._run_exitfuncs()
        with suppress(OSError):
            sys.stdout.flush()
        os._exit(code)


def _run():
    """Run ``hpsearch ...``, ``python FILE`` or ``python -c CODE``."""
    if sys.argv[0] == "hpsearch":
        from hpsearch.cli import main  # noqa: PLC0415 - it prints errors to the stderr of this moment

        main()
    sys.path.insert(0, "")
    del sys.argv[0]
    if sys.argv[0] == "-c":
        del sys.argv[0]
        exec(compile(sys.argv[0], "<string>", "exec"), {"__name__": "__main__"})
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
