"""The evaluator of a user's function: it is called in a process that is kept between trials."""

from hpsearch.objective.code import SUFFIX, Code, call_parts
from hpsearch.objective.process.function_process import Answer, FunctionProcess
from hpsearch.objective.process.kept_process import Function
from hpsearch.objective.process.trials import ProcessEvaluator, Tell, completed, failed, stopped
from hpsearch.objective.task import Outcome, Task
from hpsearch.study_file import StudySpec


class CallEvaluator(ProcessEvaluator):
    """Calls a function for each task, in one process that is kept between them.

    Args:
        spec: The study.
        code: The function's code.
    """

    def __init__(self, spec: StudySpec, code: Code) -> None:
        super().__init__(spec)
        where, name = call_parts(spec.objective.call or "")
        file = code.files[where] if where.endswith(SUFFIX) else None
        self._caller = FunctionProcess(
            Function(folder=code.folder, where=where, name=name, file=file),
            timeout_s=spec.objective.timeout,
            memory_gib=spec.objective.memory,
            stops=self._stops,
        )

    def close(self) -> None:
        """End the process, and what it has left behind."""
        self._caller.close()

    def _run(self, task: Task, tell: Tell) -> Outcome:
        return _outcome(self._caller.call(task, tell, following=self._following))


def _outcome(answer: Answer) -> Outcome:
    """Return the outcome of an answer; a trial that was told to stop is stopped, however it ends."""
    found = answer.found
    if answer.told:
        return stopped(answer.curve, log=answer.log)
    if found.get("error") is not None:
        return failed(found["error"], error=found["traceback"], log=answer.log)
    numbers = found.get("numbers", {})
    return completed(found["value"], answer.curve, numbers=numbers, test=found.get("test"), log=answer.log)
