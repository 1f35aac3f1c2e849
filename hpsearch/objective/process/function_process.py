"""The process that calls a function of Python for one trial after the other, kept between them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hpsearch.objective.process import runner
from hpsearch.objective.process.group import GIB, ProcessGroup, TrialLimit, Watch, exit_text
from hpsearch.objective.process.log import TrialLog
from hpsearch.objective.process.memory import PROC
from hpsearch.objective.process.trials import Tell
from hpsearch.objective.process.variables import short_seed, trial_variables
from hpsearch.objective.task import Task
from hpsearch.types import Json

GOODBYE_S = 2.0
"""A process that is no longer needed may take so long to end by itself."""


class _EndedError(Exception):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What has come of a call.

    Attributes:
        found: The value with its further numbers, or the error with its traceback.
        curve: What the trial has reported.
        told: Whether it was told to stop: it is stopped then, however it ends.
        log: What it has printed, or ``None``.
    """

    found: Mapping[str, Any]
    curve: tuple[float, ...]
    told: bool
    log: str | None


class FunctionProcess:
    """Calls a function for tasks, in one process that is kept between them.

    Args:
        function: The function.
        timeout_s: Seconds that a call may take, or ``None``.
        memory_gib: GiB that its processes may take, or ``None``.
        stops: Returns whether a task is to stop after its last report.
    """

    def __init__(
        self,
        function: Function,
        *,
        timeout_s: float | None,
        memory_gib: float | None,
        stops: Callable[[Task, Sequence[float]], bool],
    ) -> None:
        self._function, self._stops = function, stops
        self._timeout_s, self._memory_gib = timeout_s, memory_gib
        self._runner: _Runner | None = None

    def close(self) -> None:
        """End the process, and what it has left behind."""
        if self._runner is not None:
            self._runner.leave()
            self._runner = None

    def call(self, task: Task, tell: Tell, *, given: Json = None) -> Answer:
        """Call the function for a task and return its answer.

        Args:
            task: The task.
            tell: Told the curve several times a second; what it raises ends the call, and leaves no process.
            given: What the function is called with before the trial; ``None`` for the trial alone.
        """
        if (
            self._runner is not None and self._runner.group.silent
        ):  # a thread of an earlier trial has ended it
            self.close()
        called = self._runner or _Runner(self._function, memory_gib=self._memory_gib)
        self._runner = None  # until it has answered
        watch = Watch(
            called.group,
            timeout_s=self._timeout_s,
            memory_gib=self._memory_gib,
            on_tick=lambda: tell(tuple(called.curve)),
        )
        try:
            called.begin(task, given)
            found = self._found(called, task, watch, tell)
        except TrialLimit as error:
            called.group.drain()
            called.group.end()
            found = {"error": str(error), "traceback": None}
        except _EndedError as error:
            called.group.rest()
            with suppress(subprocess.TimeoutExpired):  # it has closed its pipe, and is about to end
                called.group.process.wait(GOODBYE_S)
            why = f"{error}: {exit_text(called.group.end())}"
            found = {"error": why, "traceback": None}
        except BaseException:
            called.group.end()
            raise
        else:
            if found["left"]:  # what it has left behind would disturb the trials after it
                called.group.end()
            else:
                self._runner = called
        return Answer(found=found, curve=tuple(called.curve), told=called.told, log=called.group.log.text())

    def _found(self, called: "_Runner", task: Task, watch: Watch, tell: Tell) -> Mapping[str, Any]:
        """Return what the process answers in the end; its reports before that are added to the curve.

        Raises:
            TrialLimit: It takes too long, or too much memory.
            _EndedError: It has ended, or has written what is no answer.
        """
        while True:
            for message in called.messages(watch):
                if "report" in message:
                    called.curve.append(message["report"][1])
                    called.send({"stop": self._stops(task, called.curve)})
                    tell(tuple(called.curve))
                elif "told" in message:
                    called.told = True
                else:
                    called.group.drain()
                    answer: Mapping[str, Any] = message["done"]
                    return answer


class _Runner:
    """The process that calls the function, and the pipes to it.

    Args:
        function: The function.
        memory_gib: GiB that its processes may take, or ``None``.

    Attributes:
        group: The process, and all that it starts.
        curve: What the trial in hand has reported.
        told: Whether that trial was told to stop.
    """

    def __init__(self, function: Function, *, memory_gib: float | None) -> None:
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        theirs = (requests, answers)
        self.curve: list[float] = []
        self.told = False
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
        self.send(
            {
                "folder": str(function.folder),
                "file": None if function.file is None else str(function.file),
                "module": None if function.file is not None else function.where,
                "where": function.where,
                "function": function.name,
                # Where the system does not tell what a process takes, the process limits itself.
                "address_space": None if memory_gib is None or PROC.is_dir() else int(memory_gib * GIB),
            }
        )

    def begin(self, task: Task, given: Json) -> None:
        """Ask for a trial."""
        self.curve, self.told = [], False
        self.group.log = TrialLog()
        self.send(
            {
                "params": dict(task.settings),
                "number": task.number,
                "seed": short_seed(task.seed),
                "attempt": task.attempt,
                "folder": str(task.folder),
                "given": given,
            }
        )

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message; where the process is gone, the next look finds that out."""
        with suppress(BrokenPipeError):
            os.write(self._requests, json.dumps(message).encode() + b"\n")

    def messages(self, watch: Watch) -> list[dict[str, Any]]:
        """Return the messages that have come within a tick.

        Raises:
            TrialLimit: The trial takes too long, or too much memory.
            _EndedError: The process has ended, or has written what is no message.
        """
        lines = watch.lines()
        if not lines and self.group.silent:
            lines = self.group.rest()
            if not lines:
                raise _EndedError("its process ended before it returned")
        try:
            found = [json.loads(line) for line in lines]
        except ValueError as error:
            raise _EndedError("its process wrote into hpsearch's own pipe") from error
        if not all(isinstance(message, dict) and len(message) == 1 for message in found):
            raise _EndedError("its process wrote into hpsearch's own pipe")
        return found

    def leave(self) -> None:
        """Let the process end by itself, for a moment; then end all that is left."""
        os.close(self._requests)
        with suppress(subprocess.TimeoutExpired):
            self.group.process.wait(GOODBYE_S)
        self.group.end(closed=(self._requests,))
