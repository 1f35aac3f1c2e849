"""The process that calls a function of Python for one trial after the other, kept between them."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hpsearch.objective.process.group import TrialLimit, Watch, exit_text
from hpsearch.objective.process.kept_process import GOODBYE_S, Function, KeptProcess, ProcessEndedError
from hpsearch.objective.process.trials import Tell
from hpsearch.objective.task import Task
from hpsearch.types import Json


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
        self._runner: KeptProcess | None = None

    def close(self) -> None:
        """End the process, and what it has left behind."""
        if self._runner is not None:
            self._runner.leave()
            self._runner = None

    def call(self, task: Task, tell: Tell, *, given: Json = None, following: Sequence[Task] = ()) -> Answer:
        """Call the function for a task and return its answer.

        Args:
            task: The task.
            tell: Told the curve several times a second; what it raises ends the call, and leaves no process.
            given: What the function is called with before the trial; ``None`` for the trial alone.
            following: The tasks that it is called for next, so that they are asked for together.
        """
        called = self._ready(task)
        watch = Watch(
            called.group,
            timeout_s=self._timeout_s,
            memory_gib=self._memory_gib,
            on_tick=lambda: tell(tuple(called.curve)),
        )
        try:
            called.begin(task, following, given)
            found = self._found(called, task, watch, tell)
        except TrialLimit as error:
            called.group.drain()
            called.group.end()
            found = {"error": str(error), "traceback": None}
        except ProcessEndedError as error:
            called.group.rest()
            with suppress(subprocess.TimeoutExpired):  # it has closed its pipe, and is about to end
                called.group.process.wait(GOODBYE_S)
            why = f"{error}: {exit_text(called.group.end())}"
            if called.calls > 1 and not called.begun:  # it was ended by an earlier trial
                return self.call(task, tell, given=given, following=following)
            found = {"error": why, "traceback": None}
        except BaseException:
            called.group.end()
            raise
        else:
            if found["left"]:  # what it has left behind would disturb the trials after it
                called.group.end()
            else:
                self._runner = called
        return Answer(found=found, curve=tuple(called.curve), told=called.told, log=called.log())

    def _ready(self, task: Task) -> "KeptProcess":
        """Return a process for a task: the one that is kept, unless it has ended or has another task."""
        kept, self._runner = self._runner, None  # until it has answered
        if kept is not None and not kept.expects(task):
            kept.group.end()
            kept = None
        if kept is not None and kept.group.silent and not kept.has_begun(task):
            kept.leave()  # a thread of an earlier trial has ended it
            kept = None
        return kept or KeptProcess(self._function, memory_gib=self._memory_gib)

    def _found(self, called: "KeptProcess", task: Task, watch: Watch, tell: Tell) -> Mapping[str, Any]:
        """Return what the process answers in the end; its reports before that are added to the curve.

        Raises:
            TrialLimit: It takes too long, or too much memory.
            ProcessEndedError: It has ended, or has written what is no answer.
        """
        while True:
            message = called.message(watch)
            if "report" in message:
                called.curve.append(message["report"][1])
                called.send({"stop": self._stops(task, called.curve)})
                tell(tuple(called.curve))
            elif "begun" in message:
                called.begun = True
            elif "told" in message:
                called.told = True
            elif "done" in message:
                called.group.drain()
                answer: Mapping[str, Any] = message["done"]
                return answer
