"""The start of a group of processes: run as a file, it leaves a guard behind and becomes a program.

The guard ends the whole group when the worker has died, whatever its processes are doing. It is no child of
the program, so that a function may wait for all its children.
"""

import os
import signal
import sys
from contextlib import suppress

NOT_STARTED = 127
"""The exit code of a program that cannot be started, as a shell has it."""


def main() -> None:
    """Start the guard; become the program that the other arguments are."""
    life, argv = int(sys.argv[1]), sys.argv[2:]
    if (pid := os.fork()) == 0:
        if os.fork() == 0:
            watch(life)
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(life)
    # Python ignores some signals, and a worker more of them: a program would go on ignoring them.
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    try:
        os.execvp(argv[0], argv)  # noqa: S606 - the study's own program
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(NOT_STARTED)


def watch(life: int) -> None:
    """Wait for the end of a pipe, which is the end of the worker; then end the group."""
    with suppress(BaseException):
        # The whole group is asked to end before it is ended: the guard stays until then.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for descriptor in range(256):
            if descriptor != life:
                with suppress(OSError):
                    os.close(descriptor)
        while os.read(life, 1):  # nothing is ever sent
            pass
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
