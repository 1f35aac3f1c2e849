"""The process that calls a function, and the pipes to it."""

import json
import os
import secrets
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hpsearch.objective.process import runner
from hpsearch.objective.process.group import GIB, ProcessGroup, Watch
from hpsearch.objective.process.log import LogStream
from hpsearch.objective.process.memory import PROC
from hpsearch.objective.process.variables import short_seed, trial_variables
from hpsearch.objective.task import Task
from hpsearch.types import Json

GOODBYE_S = 2.0
"""A process that is no longer needed may take so long to end by itself."""
AHEAD_BYTES = 2**15
"""Requests of one claim are sent together, as far as they fit into half of what a pipe holds."""


class ProcessEndedError(Exception):
    """The process has ended without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function that trials call, as another process finds it.

    Attributes:
        folder: The working folder of its process, and where its imports are looked for first.
        where: Its file or module as the study file names it.
        name: Its name there.
        file: Its file; ``None`` for a module on Python's path.
        variables: Further variables of the process; it has the variables of the worker as well.
        pass_fds: Descriptors that its process inherits.
    """

    folder: Path
    where: str
    name: str
    file: Path | None
    variables: Mapping[str, str] = field(default_factory=dict)
    pass_fds: Sequence[int] = ()


class KeptProcess:
    """The process that calls the function, and the pipes to it.

    Args:
        function: The function.
        memory_gib: GiB that its processes may take, or ``None``.

    Attributes:
        group: The process, and all that it starts.
        curve: What the trial in hand has reported.
        told: Whether that trial was told to stop.
        begun: Whether it has said that it has begun.
        calls: How many trials it was asked for.
    """

    def __init__(self, function: Function, *, memory_gib: float | None) -> None:
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        theirs = (requests, answers)
        self.curve: list[float] = []
        self.told = self.begun = False
        self.calls = 0
        try:
            self.group = ProcessGroup(
                [sys.executable, "-P", runner.__file__, *map(str, theirs)],
                folder=function.folder,
                variables=trial_variables(function.variables),
                pass_fds=(*theirs, *function.pass_fds),
                messages=self._answers,
                held=(self._requests, self._answers),
            )
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        mark = f"\0hpsearch {secrets.token_hex(16)} "
        self._logs = LogStream(mark.encode())
        self.group.log = self._logs
        self._inbox: deque[bytes] = deque()
        self._ahead: deque[tuple[int, Task]] = deque()
        self._serial = self._last = 0
        self.send(
            {
                "folder": str(function.folder),
                "file": None if function.file is None else str(function.file),
                "module": None if function.file is not None else function.where,
                "where": function.where,
                "function": function.name,
                "mark": mark,
                # Where the system does not tell what a process takes, the process limits itself.
                "address_space": None if memory_gib is None or PROC.is_dir() else int(memory_gib * GIB),
            }
        )

    def begin(self, task: Task, following: Sequence[Task], given: Json) -> None:
        """Ask for a trial, and for those after it as far as a pipe holds them: none waits for this process.

        Args:
            task: The trial.
            following: The trials after it.
            given: What the function is called with before a trial.
        """
        self.curve, self.told, self.begun = [], False, False
        self.calls += 1
        if not self._ahead:
            self._send_ahead([task, *following], given)
        self._serial = self._ahead.popleft()[0]

    def expects(self, task: Task) -> bool:
        """Return whether a task is the next one that it was asked for, or it was asked for none."""
        return not self._ahead or self._ahead[0][1] is task

    def has_begun(self, task: Task) -> bool:
        """Return whether a task was begun that it was asked for ahead, as far as it has said."""
        self._inbox += self.group.rest()
        begun = [json.dumps({"begun": serial}).encode() for serial, one in self._ahead if one is task]
        return any(line in begun for line in self._inbox)

    def log(self) -> str | None:
        """Return what the trial has printed."""
        return self._logs.text_of(self._serial)

    def _send_ahead(self, tasks: Sequence[Task], given: Json) -> None:
        """Send requests in one piece, the first of them whatever its size."""
        data = b""
        for task in tasks:
            line = json.dumps({"serial": self._last + 1, "given": given} | _request(task)).encode() + b"\n"
            if data and len(data) + len(line) > AHEAD_BYTES:
                break
            self._last += 1
            self._ahead.append((self._last, task))
            data += line
        self._write(data)

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message; where the process is gone, the next look finds that out."""
        self._write(json.dumps(message).encode() + b"\n")

    def _write(self, data: bytes) -> None:
        with suppress(BrokenPipeError):
            os.write(self._requests, data)

    def message(self, watch: Watch) -> dict[str, Any]:
        """Return the next message, after waiting for it.

        Raises:
            TrialLimit: The trial takes too long, or too much memory.
            ProcessEndedError: The process has ended, or has written what is no message.
        """
        while not self._inbox:
            lines = watch.lines()
            if not lines and self.group.silent:
                lines = self.group.rest()
                if not lines:
                    raise ProcessEndedError("its process ended before it returned")
            self._inbox += lines
        return _read(self._inbox.popleft())

    def leave(self) -> None:
        """Let the process end by itself, for a moment; then end all that is left."""
        if self._ahead:  # it would go on with what it was asked for
            self.group.end()
            return
        os.close(self._requests)
        with suppress(subprocess.TimeoutExpired):
            self.group.process.wait(GOODBYE_S)
        self.group.end(closed=(self._requests,))


def _request(task: Task) -> dict[str, Any]:
    """Return what a process is told of a trial."""
    return {
        "params": dict(task.settings),
        "number": task.number,
        "seed": short_seed(task.seed),
        "attempt": task.attempt,
        "folder": str(task.folder),
    }


def _read(line: bytes) -> dict[str, Any]:
    """Return a line as a message.

    Raises:
        ProcessEndedError: It is none.
    """
    try:
        message = json.loads(line)
    except ValueError as error:
        raise ProcessEndedError("its process wrote into hpsearch's own pipe") from error
    if not isinstance(message, dict) or len(message) != 1:
        raise ProcessEndedError("its process wrote into hpsearch's own pipe")
    return message
