"""The process that calls a user's function: run as a file of its own, it imports nothing of hpsearch.

It reads requests from one pipe and answers on another, a line of JSON each. What the function prints goes to
a third, so that nothing printed is ever taken for an answer.
"""

import faulthandler
import importlib
import importlib.util
import json
import math
import os
import random
import reprlib
import resource
import sys
import threading
import traceback
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

MOST_NUMBERS = 1000
"""Numbers that a trial may have beside its value."""
LONGEST = 60
"""Characters of a wrong value that a message shows."""
MARK = "HPSEARCH_TRIAL"
"""A variable that is set where a function is called: a script that starts a study there would never end."""


class Pipes:
    """The two ends of the pipes to the worker: requests come in, answers go out."""

    def __init__(self, requests: int, answers: int) -> None:
        for descriptor in (requests, answers):
            os.set_inheritable(descriptor, False)
        self._requests = os.fdopen(requests, "rb", buffering=0)
        self._answers = answers
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._rest = b""
        self._later: deque[Any] = deque()

    def ask(self, message: Mapping[str, Any], *, reply: bool = True) -> Any:
        """Send a message; return the answer to it, or ``None`` without ``reply``."""
        if os.getpid() != self._pid:
            raise RuntimeError("a trial is reported on by the process that was called, not by a fork of it")
        data = json.dumps(message).encode() + b"\n"
        with self._lock:
            while data:
                data = data[os.write(self._answers, data) :]
            return self._reply() if reply else None

    def read(self) -> Any:
        """Return the next request; ``None`` when the worker has gone."""
        return self._later.popleft() if self._later else self._next()

    def _reply(self) -> Any:
        """Return the answer to a message; requests that were sent ahead of it wait."""
        while (found := self._next()) is not None and "stop" not in found:
            self._later.append(found)
        return found

    def _next(self) -> Any:
        while b"\n" not in self._rest:
            more = self._requests.read(1 << 16)
            if not more:
                return None
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)


class Trial:
    """One trial, as the function sees it.

    Attributes:
        params: Parameters, name -> value.
        number: Its number, from 0.
        seed: A seed of its own, 0 to ``2**31 - 1``: the same for every attempt.
        attempt: How often it has been tried, from 1.
    """

    def __init__(self, request: Mapping[str, Any], pipes: Pipes) -> None:
        self.params: Mapping[str, Any] = MappingProxyType(request["params"])
        self.number: int = request["number"]
        self.seed: int = request["seed"]
        self.attempt: int = request["attempt"]
        self._folder, self._pipes = request["folder"], pipes
        self._step, self._stop = 0, False
        self.told = False

    def report(self, step: int, value: float) -> None:
        """Report a value on the way; steps count 1, 2, 3...

        Raises:
            ValueError: The step is not the next one, or the value is no finite number.
        """
        if isinstance(step, bool) or not hasattr(step, "__index__") or int(step) != self._step + 1:
            expected = f"expected step {self._step + 1}, the next one"
            raise ValueError(f"report: {expected}, found {step!r}: steps count 1, 2, 3")
        number = _number(value, "report: expected")
        self._step += 1
        if not self.told:
            answer = self._pipes.ask({"report": [self._step, number]})
            self._stop = self._stop or bool(answer and answer["stop"])

    def should_stop(self) -> bool:
        """Return whether the trial is to stop; what it returns afterwards no longer matters."""
        if self._stop and not self.told:
            self.told = True
            self._pipes.ask({"told": True}, reply=False)
        return self._stop

    @property
    def checkpoint_dir(self) -> Path:
        """A folder that is kept over the attempts of the trial, and removed when it is settled."""
        path = Path(self._folder)
        path.mkdir(parents=True, exist_ok=True)
        return path


class ReturnError(Exception):
    """The function returned what is no value."""


def main() -> None:
    """Serve requests until the worker closes the pipe."""
    os.environ[MARK] = "1"
    pipes = Pipes(*map(int, sys.argv[1:3]))
    setup = pipes.read()
    if setup is None:
        return
    home = _Setup(setup)
    function = None
    while (request := pipes.read()) is not None:
        pipes.ask({"begun": request["serial"]}, reply=False)
        home.restore(request["seed"])
        trial = Trial(request, pipes)
        try:
            if function is None:
                function = _load(setup)
            given = [] if request["given"] is None else [request["given"]]
            answer = _value(function(*given, trial))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the trial has failed of it
            answer = _failure(error)
        if os.getpid() != home.pid:  # a fork of the function's own has come back as well
            os._exit(0)
        home.flush(request["serial"])
        pipes.ask({"done": answer | {"left": (left := _children())}}, reply=False)
        if left:  # the worker ends this process and what was left behind
            return


class _Setup:
    """What each trial finds as the one before it did: working folder, variables, output, random states."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        self.pid = os.getpid()
        self._folder = setup["folder"]
        self._output = os.dup(1)
        os.set_inheritable(self._output, False)
        self._environment = dict(os.environ)
        self._mark: str = setup["mark"]
        # A crash of the interpreter leaves its traceback in the trial's log.
        faulthandler.enable(self._output)
        if limit := setup["address_space"]:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    def restore(self, seed: int) -> None:
        """Restore it before a trial."""
        os.chdir(self._folder)
        if dict(os.environ) != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)
        for place, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(self._output, place)
            stream = getattr(sys, name)
            if stream is not getattr(sys, f"__{name}__") or stream.closed:
                stream = open(place, "w", closefd=False)  # noqa: SIM115 - open as long as the process
                setattr(sys, name, stream)
                setattr(sys, f"__{name}__", stream)
        random.seed(seed)
        if (numpy := sys.modules.get("numpy")) is not None:
            numpy.random.seed(seed)

    def flush(self, serial: int) -> None:
        """Send on what a trial has printed, and a mark behind it: the next one may begin at once."""
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):  # the trial has closed or replaced it
                stream.flush()
        with suppress(OSError):
            os.write(self._output, f"{self._mark}{serial}\n".encode())


def _load(setup: Mapping[str, Any]) -> Any:
    """Return the function, from a file or from a module."""
    sys.path.insert(0, setup["folder"])
    if setup["file"]:
        path = Path(setup["file"])
        sys.path.insert(0, str(path.parent))
        name = path.stem if path.stem not in sys.modules else f"_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path.name} is no Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    else:
        module = importlib.import_module(setup["module"])
    found: Any = module
    for part in setup["function"].split("."):
        found = getattr(found, part, None)
    if not callable(found):
        what = "none" if found is None else type(found).__name__
        raise ReturnError(f"expected a function {setup['function']} in {setup['where']}, found {what}")
    return found


def _value(found: Any) -> dict[str, Any]:
    """Return what a function has returned as a message; refuse what is no value."""
    if not isinstance(found, Mapping):
        return {"value": _returned(found, "the function returned", "or a dict with one at 'value'")}
    if "value" not in found:
        raise ReturnError("the function returned a dict: expected a number at 'value', found none")
    if len(found) > MOST_NUMBERS:
        raise ReturnError(f"expected at most {MOST_NUMBERS} numbers, found {len(found)}")
    numbers = {
        str(key): _returned(number, f"at {key!r} the function returned") for key, number in found.items()
    }
    value, test = numbers.pop("value"), numbers.pop("test", None)
    return {"value": value, "test": test, "numbers": numbers}


def _returned(found: Any, what: str, also: str = "") -> float:
    try:
        return _number(found, "expected")
    except ValueError:
        raise ReturnError(f"{what} {_shown(found)}: expected a finite number {also}".rstrip()) from None


def _number(found: Any, expected: str) -> float:
    """Return a number of any library as a float."""
    if not isinstance(found, str | bytes | bool | Mapping) and hasattr(found, "__float__"):
        with suppress(Exception):
            number = float(found)
            if math.isfinite(number):
                return number
    raise ValueError(f"{expected} a finite number, found {_shown(found)}")


def _shown(found: Any) -> str:
    text = reprlib.repr(found)  # short, and a repr that raises does no harm
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _failure(error: BaseException) -> dict[str, Any]:
    """Return an exception as a message: a sentence, and the traceback below the function."""
    if isinstance(error, ReturnError):
        return {"error": str(error), "traceback": None}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    frames = [f for f in frames if not f.filename.startswith("<frozen importlib")]
    what = "".join(traceback.format_exception_only(error)).strip()
    if isinstance(error, SystemExit):
        what = f"the function left with sys.exit({_shown(error.code) if error.code is not None else ''})"
    if frames:
        what = f"{what} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})"
    text = "".join(["Traceback (most recent call last):\n", *traceback.format_list(frames), what.strip()])
    return {"error": what, "traceback": text}


def _children() -> bool:
    """Return whether a process that the function has started lives on, as far as the system tells."""
    # Not by pathlib, which takes four times as long, after each trial.
    with suppress(OSError):
        for thread in os.listdir("/proc/self/task"):  # noqa: PTH208
            for pid in _text(f"/proc/self/task/{thread}/children").split():
                state = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
                if state and state[0] != "Z":
                    return True
    return False


def _text(path: str) -> str:
    """Return a file's text; empty where it is gone."""
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
        return file.read()
    return ""


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
