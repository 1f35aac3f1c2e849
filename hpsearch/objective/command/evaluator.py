"""The evaluator of a user's command: a group of processes for each trial."""

import math
import time
from collections.abc import Mapping
from typing import Any

from hpsearch.objective.code import Code
from hpsearch.objective.command.words import command_variables, filled_words, given_json, message_of
from hpsearch.objective.process.group import ProcessGroup, TrialLimit, Watch, exit_text
from hpsearch.objective.process.guard import NOT_STARTED
from hpsearch.objective.process.trials import ProcessEvaluator, Tell, completed, failed, stopped
from hpsearch.objective.task import Outcome, Task
from hpsearch.study_file import StudySpec

GRACE_S = 3.0
"""Between SIGTERM and SIGKILL."""
_LAST = 200


class _OutputError(Exception):
    """The command has printed what is no report, or no value."""


class CommandEvaluator(ProcessEvaluator):
    """Runs a command for each task, and reads reports and value from its output.

    Args:
        spec: The study.
        code: The files that the command names.
    """

    def __init__(self, spec: StudySpec, code: Code) -> None:
        super().__init__(spec)
        self._code = code

    def close(self) -> None:
        """Do nothing: no process outlives its trial."""

    def _run(self, task: Task, tell: Tell) -> Outcome:
        objective = self._spec.objective
        words = filled_words(objective.command or (), task, self._spec.space.names)
        group = ProcessGroup(
            words, folder=self._code.folder, variables=command_variables(task), given=given_json(task)
        )
        output = _Output(group)
        watch = Watch(
            group,
            timeout_s=objective.timeout,
            memory_gib=objective.memory,
            on_tick=lambda: tell(tuple(output.curve)),
        )
        try:
            return self._outcome(task, output, watch, tell, words[0])
        except (TrialLimit, _OutputError) as error:
            end_gently(group)
            return failed(str(error), error=None, log=group.log.text())
        except BaseException:
            end_gently(group)
            raise
        finally:
            group.end()

    def _outcome(self, task: Task, output: "_Output", watch: Watch, tell: Tell, program: str) -> Outcome:
        """Return the outcome of a command that ends by itself, or is told to stop.

        Raises:
            TrialLimit: It takes too long, or too much memory.
            _OutputError: It has printed what is no report, or no value.
        """
        group = output.group
        while True:
            over = group.process.poll() is not None
            for line in group.rest() if over else watch.lines():
                if output.take(line):
                    tell(tuple(output.curve))
                    if self._stops(task, output.curve):
                        end_gently(group)
                        return stopped(tuple(output.curve), log=group.log.text())
            if over:
                break
        code, log = group.end(), group.log.text()
        if code:
            last = (log or "").strip().rpartition("\n")[2][:_LAST]
            not_started = code == NOT_STARTED and not output.curve
            said = f"cannot start {program}" if not_started else f"the command ended with {exit_text(code)}"
            return failed(f"{said}: {last}" if last else said, error=None, log=log)
        value, numbers, test = output.value()
        return completed(value, tuple(output.curve), numbers=numbers, test=test, log=log)


class _Output:
    """What a command prints: reports, its value, and all else, which is its log.

    Attributes:
        group: The processes.
        curve: What it has reported.
    """

    def __init__(self, group: ProcessGroup) -> None:
        self.group = group
        self.curve: list[float] = []
        self._last: Mapping[str, Any] | float | None = None

    def take(self, line: bytes) -> bool:
        """Take a line in; return whether it is a report.

        Raises:
            _OutputError: Its step is not the next one, or its value is no finite number.
        """
        message = message_of(line)
        if message is None:
            self.group.log.add(line + b"\n")
            return False
        self._last = message
        if isinstance(message, float) or "step" not in message:
            return False
        step = message["step"]
        if step != len(self.curve) + 1 or isinstance(step, bool):
            expected = f"expected step {len(self.curve) + 1}, the next one"
            raise _OutputError(f"the command reported: {expected}, found {step!r}: steps count 1, 2, 3")
        self.curve.append(_number(message["value"], f"step {step}"))
        return True

    def value(self) -> tuple[float, dict[str, float], float | None]:
        """Return the value, further numbers, and the test value or ``None``.

        Raises:
            _OutputError: It has printed none.
        """
        if self._last is None:
            raise _OutputError(
                'the command printed no value: expected a last line such as 0.5 or {"value": 0.5}'
            )
        found = {"value": self._last} if isinstance(self._last, float) else dict(self._last)
        found.pop("step", None)
        numbers = {str(key): _number(number, str(key)) for key, number in found.items()}
        value, test = numbers.pop("value"), numbers.pop("test", None)
        return value, numbers, test


def _number(found: object, what: str) -> float:
    if isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found):
        return float(found)
    raise _OutputError(f"the command printed {what}: expected a finite number, found {str(found)[:60]}")


def end_gently(group: ProcessGroup) -> None:
    """Ask a group to end, and wait for it a moment; what it prints meanwhile goes to its log."""
    if group.over:
        return
    group.ask_to_end()
    until = time.monotonic() + GRACE_S
    while group.process.poll() is None and time.monotonic() < until:
        for line in group.lines(0.05):
            group.log.add(line + b"\n")
    for line in group.rest():
        group.log.add(line + b"\n")
