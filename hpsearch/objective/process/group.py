"""A group of processes that evaluates a trial: started cleanly, watched, and ended as a whole."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from hpsearch.objective.process import guard
from hpsearch.objective.process.log import TrialLog
from hpsearch.objective.process.memory import group_bytes

TICK_S = 0.1
"""So often what is asked of the worker is looked at while a trial runs."""
MEMORY_S = 0.2
"""So often its memory is looked at, where it has a limit: a look takes a few milliseconds."""
LINE_BYTES = 2**20
"""A longer line is no message."""
GIB = 2**30
_CHUNK = 2**16
_DRAIN = 2**24
"""So much is read at most of what a trial had printed when it ended: a process left behind may go on."""


class TrialLimit(Exception):  # noqa: N818 - no error of the program
    """A trial took more time or memory than it may."""


class ProcessGroup:
    """A process with all that it starts, as a session of its own; it ends when this process dies.

    Messages come as lines from one pipe; whatever comes from the other is the log of the trial in hand.

    Args:
        argv: The program and its arguments.
        folder: Its working folder.
        variables: Its environment.
        pass_fds: Descriptors that it inherits.
        messages: The descriptor that messages are read from; ``None`` for the process's standard output.
        given: What it reads from its standard input.
        held: Descriptors of the caller that are closed at its end.

    Raises:
        OSError: It cannot be started.
    """

    def __init__(  # noqa: PLR0913 - what a process is started with
        self,
        argv: Sequence[str],
        *,
        folder: Path,
        variables: Mapping[str, str],
        pass_fds: Sequence[int] = (),
        messages: int | None = None,
        given: bytes | None = None,
        held: Sequence[int] = (),
    ) -> None:
        own = messages is None
        theirs, life = os.pipe()
        try:
            self.process = subprocess.Popen(  # noqa: S603 - the study's own program
                [sys.executable, "-I", "-S", guard.__file__, str(theirs), *argv],
                cwd=folder,
                env=dict(variables),
                pass_fds=(theirs, *pass_fds),
                stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE if own else subprocess.STDOUT,
                start_new_session=True,
                bufsize=0,
            )
        except BaseException:
            for descriptor in (life, *held):
                os.close(descriptor)
            raise
        finally:
            os.close(theirs)
        assert self.process.stdout is not None
        printed = self.process.stdout.fileno()
        self._messages = printed if messages is None else messages
        self._logs = [self.process.stderr.fileno()] if self.process.stderr else [printed]
        self._selector = selectors.DefaultSelector()
        for descriptor in (self._messages, *self._logs):
            os.set_blocking(descriptor, False)
            self._selector.register(descriptor, selectors.EVENT_READ)
        self._given = memoryview(given or b"")
        self._held = {life, *held}
        if self.process.stdin is not None:
            os.set_blocking(self.process.stdin.fileno(), False)
            self._selector.register(self.process.stdin, selectors.EVENT_WRITE)
        self._open = {self._messages, *self._logs}
        self._rest = bytearray()
        self.log = TrialLog()

    def lines(self, timeout_s: float) -> list[bytes]:
        """Return the lines that have come, after waiting for the first of them for so long."""
        found: list[bytes] = []
        for key, _ in self._selector.select(timeout_s):
            if key.fd in self._logs:
                self.log.add(self._read(key.fd))
            elif key.fd == self._messages:
                found += self._split(self._read(key.fd))
            else:
                self._write()
        return found

    @property
    def silent(self) -> bool:
        """Whether no message can come any more: the process has ended, or has closed its pipe."""
        return self._messages not in self._open or self.process.poll() is not None

    @property
    def over(self) -> bool:
        """Whether ``end`` was called: nothing can be read any more."""
        return not self._held

    def rest(self) -> list[bytes]:
        """Return the lines that had come when it ended, and take in what it had printed."""
        found: list[bytes] = []
        read = 0
        while read < _DRAIN and (ready := [key.fd for key, _ in self._selector.select(0)]):
            taken = 0
            for descriptor in ready:
                if descriptor not in self._open:
                    continue
                data = self._read(descriptor)
                taken += len(data)
                if descriptor in self._logs:
                    self.log.add(data)
                else:
                    found += self._split(data)
            if not taken:
                break
            read += taken
        if self._rest:
            found.append(bytes(self._rest))
            self._rest.clear()
        return found

    def drain(self) -> None:
        """Take in what has been printed so far."""
        read = 0
        while read < _DRAIN:
            taken = sum(self._take(descriptor) for descriptor in self._logs if descriptor in self._open)
            if not taken:
                return
            read += taken

    def end(self, *, closed: Sequence[int] = ()) -> int:
        """Kill all that is alive in the group; return the exit status of the process.

        Args:
            closed: Held descriptors that are closed already.
        """
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        code = self.process.wait()
        # A process that had left its parent may have been started meanwhile.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.over:
            return code
        self._selector.close()
        for descriptor in self._held.difference(closed):
            os.close(descriptor)
        self._held.clear()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        return code

    def ask_to_end(self) -> None:
        """Send SIGTERM to the whole group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGTERM)

    def _take(self, descriptor: int) -> int:
        data = self._read(descriptor)
        self.log.add(data)
        return len(data)

    def _read(self, descriptor: int) -> bytes:
        """Return what is there; an end is forgotten."""
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data and descriptor in self._open:
            self._open.discard(descriptor)
            self._selector.unregister(descriptor)
        return data

    def _split(self, data: bytes) -> list[bytes]:
        self._rest += data
        *whole, rest = bytes(self._rest).split(b"\n")
        self._rest = bytearray(rest)
        if len(rest) > LINE_BYTES:
            whole.append(rest)
            self._rest.clear()
        return whole

    def _write(self) -> None:
        """Write what the process is given, as far as it takes it now."""
        assert self.process.stdin is not None
        try:
            self._given = self._given[os.write(self.process.stdin.fileno(), self._given[:_CHUNK]) :]
        except BlockingIOError:
            return
        except OSError:  # it does not read
            self._given = memoryview(b"")
        if not self._given:
            self._selector.unregister(self.process.stdin)
            self.process.stdin.close()


class Watch:
    """Watches a trial: the time and the memory it takes, and what the worker is asked.

    Args:
        group: What evaluates it.
        timeout_s: Seconds that it may take, or ``None``.
        memory_gib: GiB that it may take, or ``None``.
        on_tick: Called several times a second; an exception of its own ends the evaluation.
    """

    def __init__(
        self,
        group: ProcessGroup,
        *,
        timeout_s: float | None,
        memory_gib: float | None,
        on_tick: Callable[[], object],
    ) -> None:
        self._group, self._timeout_s, self._memory_gib = group, timeout_s, memory_gib
        self._on_tick = on_tick
        self._began = self._ticked = self._looked = time.monotonic()
        self._late = False

    def lines(self) -> list[bytes]:
        """Return the lines that have come within a tick.

        Raises:
            TrialLimit: The trial takes too long, or too much memory.
        """
        found = self._group.lines(self._tick_s())
        now = time.monotonic()
        if now - self._ticked >= TICK_S:
            self._ticked = now
            self._on_tick()
        if self._timeout_s is not None and now - self._began >= self._timeout_s:
            # An answer that has come in time is read once more; a trial that never ceases to print is not.
            if self._late or not found:
                raise TrialLimit(f"it took longer than objective.timeout = {self._timeout_s:g} s")
            self._late = True
        if self._memory_gib is not None and now - self._looked >= MEMORY_S:
            self._looked = now
            self._expect_memory(self._memory_gib)
        return found

    def _tick_s(self) -> float:
        left_s = TICK_S if self._timeout_s is None else self._began + self._timeout_s - time.monotonic()
        return max(0.0, min(TICK_S, left_s))

    def _expect_memory(self, limit: float) -> None:
        taken = group_bytes(self._group.process.pid)
        if taken is not None and taken > limit * GIB:
            raise TrialLimit(
                f"its processes took {taken / GIB:.2f} GiB, more than objective.memory = {limit:g}"
            )


def exit_text(code: int) -> str:
    """Return how a process ended as the end of a sentence."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
