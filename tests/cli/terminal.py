"""A pseudo-terminal with a command in it, and the pictures that the command has drawn there."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from contextlib import suppress

from rich.cells import cell_len

from tests.cli.program import HPSEARCH

HOME = "\x1b[H"
ALONE = "\x1b[?1049h"
BACK = "\x1b[?1049l"
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """Runs a command of the program in a pseudo-terminal of some size.

    Args:
        program: Where and how commands run.
        arguments: The command's words.
        width: Columns.
        height: Lines.
        command: The words before these; the program by default.
    """

    def __init__(self, program, *arguments, width=80, height=24, command=HPSEARCH):
        self.shown = ""
        environment = program.environment(TERM="xterm-256color", LANG="C.UTF-8")
        del environment["COLUMNS"]
        self._ready, go = os.pipe()
        self.pid, self._door = pty.fork()
        if self.pid == 0:
            os.close(go)
            os.read(self._ready, 1)  # until the terminal has its size
            os.chdir(program.folder)
            os.execve(command[0], [*command, *map(str, arguments)], environment)
        self.resize(width, height)
        os.close(go)
        os.close(self._ready)

    def resize(self, width, height):
        """Give the terminal another size, as dragging a window's corner does."""
        self.size = width, height
        fcntl.ioctl(self._door, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def press(self, keys):
        """Type something."""
        os.write(self._door, keys)

    def read_until(self, condition, *, timeout_s=120.0):
        """Read what the command shows until ``condition(shown)`` holds, or its end."""
        deadline = time.monotonic() + timeout_s
        while not condition(self.shown):
            assert time.monotonic() < deadline, f"not shown in time: {self.shown[-2000:]}"
            if not select.select([self._door], [], [], 0.1)[0]:
                continue
            try:
                chunk = os.read(self._door, 65536)
            except OSError:  # the command has ended
                return
            self.shown += chunk.decode(errors="ignore")

    def end(self, *, timeout_s=120.0):
        """Read to the end; return the exit code."""
        self.read_until(lambda _shown: False, timeout_s=timeout_s)
        os.close(self._door)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def kill(self):
        """End the command if it is still there."""
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

    @property
    def frames(self):
        """The whole pictures so far, each a list of lines without colors."""
        shown, back, _ = self.shown.partition(BACK)
        pictures = shown.split(HOME)[2 : None if back else -1]  # the last one may still be drawn
        return [[line.rstrip() for line in _ESCAPE.sub("", picture).split("\r\n")] for picture in pictures]

    @property
    def rest(self):
        """What stays on the screen behind the pictures."""
        return _ESCAPE.sub("", self.shown.partition(BACK)[2]).replace("\r\n", "\n")


def widest(frame):
    """Return the columns that the widest line of a picture takes."""
    return max(cell_len(line) for line in frame)
