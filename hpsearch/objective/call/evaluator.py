"""The evaluator of a user's function: it is called in a process that is kept between trials."""

import json
import os
import secrets
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from hpsearch.objective.code import SUFFIX, Code, call_parts
from hpsearch.objective.process import runner
from hpsearch.objective.process.group import (
    GIB,
    ProcessGroup,
    TrialLimit,
    Watch,
    exit_text,
)
from hpsearch.objective.process.log import LogStream
from hpsearch.objective.process.memory import PROC
from hpsearch.objective.process.trials import ProcessEvaluator, Tell, completed, failed, stopped
from hpsearch.objective.process.variables import short_seed, trial_variables
from hpsearch.objective.task import Outcome, Task
from hpsearch.study_file import StudySpec

GOODBYE_S = 2.0
"""A process that is no longer needed may take so long to end by itself."""
AHEAD_BYTES = 2**15
"""Requests of one claim are sent together, as far as they fit into half of what a pipe holds."""


class _EndedError(Exception):
    """The process has ended without an answer."""


class CallEvaluator(ProcessEvaluator):
    """Calls a function for each task, in one process that is kept between them.

    Args:
        spec: The study.
        code: The function's code.
    """

    def __init__(self, spec: StudySpec, code: Code) -> None:
        super().__init__(spec)
        self._code = code
        self._runner: _Runner | None = None

    def close(self) -> None:
        """End the process, and what it has left behind."""
        if self._runner is not None:
            self._runner.leave()
            self._runner = None

    def _ready(self, task: Task) -> "_Runner":
        """Return a process for a task: the one that is kept, unless it has ended or has another task."""
        kept, self._runner = self._runner, None  # until it has answered
        if kept is not None and not kept.expects(task):
            kept.group.end()
            kept = None
        if kept is not None and kept.group.silent and not kept.has_begun(task):
            kept.leave()  # a thread of an earlier trial has ended it
            kept = None
        return kept or _Runner(self._spec, self._code)

    def _run(self, task: Task, tell: Tell) -> Outcome:
        objective = self._spec.objective
        called = self._ready(task)
        watch = Watch(
            called.group,
            timeout_s=objective.timeout,
            memory_gib=objective.memory,
            on_tick=lambda: tell(tuple(called.curve)),
        )
        try:
            called.begin(task, self._following)
            answer = self._answer(called, task, watch, tell)
        except TrialLimit as error:
            called.group.drain()
            called.group.end()
            answer = {"error": str(error), "traceback": None}
        except _EndedError as error:
            called.group.rest()
            with suppress(subprocess.TimeoutExpired):  # it has closed its pipe, and is about to end
                called.group.process.wait(GOODBYE_S)
            why = f"{error}: {exit_text(called.group.end())}"
            answer = {"error": why, "traceback": None}
        except BaseException:
            called.group.end()
            raise
        else:
            if answer["left"]:  # what it has left behind would disturb the trials after it
                called.group.end()
            else:
                self._runner = called
        return _outcome(answer, tuple(called.curve), told=called.told, log=called.log())

    def _answer(self, called: "_Runner", task: Task, watch: Watch, tell: Tell) -> Mapping[str, Any]:
        """Return what the process answers in the end; its reports before that are added to the curve.

        Raises:
            TrialLimit: It takes too long, or too much memory.
            _EndedError: It has ended, or has written what is no answer.
        """
        while True:
            message = called.message(watch)
            if "report" in message:
                called.curve.append(message["report"][1])
                called.send({"stop": self._stops(task, called.curve)})
                tell(tuple(called.curve))
            elif "told" in message:
                called.told = True
            elif "done" in message:
                called.group.drain()
                answer: Mapping[str, Any] = message["done"]
                return answer


def _outcome(answer: Mapping[str, Any], curve: tuple[float, ...], *, told: bool, log: str | None) -> Outcome:
    """Return the outcome of an answer; a trial that was told to stop is stopped, however it ends."""
    if told:
        return stopped(curve, log=log)
    if answer.get("error") is not None:
        return failed(answer["error"], error=answer["traceback"], log=log)
    numbers = answer.get("numbers", {})
    return completed(answer["value"], curve, numbers=numbers, test=answer.get("test"), log=log)


class _Runner:
    """The process that calls the function, and the pipes to it.

    Args:
        spec: The study.
        code: The function's code.

    Attributes:
        group: The process, and all that it starts.
        curve: What the trial in hand has reported.
        told: Whether that trial was told to stop.
    """

    def __init__(self, spec: StudySpec, code: Code) -> None:
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        theirs = (requests, answers)
        self.curve: list[float] = []
        self.told = False
        try:
            self.group = ProcessGroup(
                [sys.executable, "-P", runner.__file__, *map(str, theirs)],
                folder=code.folder,
                variables=trial_variables(),
                pass_fds=theirs,
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
        memory = spec.objective.memory
        where, function = call_parts(spec.objective.call or "")
        is_file = where.endswith(SUFFIX)
        self.send(
            {
                "folder": str(code.folder),
                "file": str(code.files[where]) if is_file else None,
                "module": None if is_file else where,
                "where": where,
                "function": function,
                "mark": mark,
                # Where the system does not tell what a process takes, the process limits itself.
                "address_space": None if memory is None or PROC.is_dir() else int(memory * GIB),
            }
        )

    def begin(self, task: Task, following: Sequence[Task]) -> None:
        """Ask for a trial, and for those after it as far as a pipe holds them: none waits for this process.

        Args:
            task: The trial.
            following: The trials after it.
        """
        self.curve, self.told = [], False
        if not self._ahead:
            self._send_ahead([task, *following])
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

    def _send_ahead(self, tasks: Sequence[Task]) -> None:
        """Send requests in one piece, the first of them whatever its size."""
        data = b""
        for task in tasks:
            line = json.dumps({"serial": self._last + 1} | _request(task)).encode() + b"\n"
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
            _EndedError: The process has ended, or has written what is no message.
        """
        while not self._inbox:
            lines = watch.lines()
            if not lines and self.group.silent:
                lines = self.group.rest()
                if not lines:
                    raise _EndedError("its process ended before it returned")
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
        _EndedError: It is none.
    """
    try:
        message = json.loads(line)
    except ValueError as error:
        raise _EndedError("its process wrote into hpsearch's own pipe") from error
    if not isinstance(message, dict) or len(message) != 1:
        raise _EndedError("its process wrote into hpsearch's own pipe")
    return message
