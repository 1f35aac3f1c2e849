"""Workers as processes of this machine, forked from a server that has imported everything once."""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from hpsearch.errors import HpsearchError

P = ParamSpec("P")
T = TypeVar("T")

ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""One BLAS thread a process: the cores belong to the workers."""


PAUSE_S = 0.02
STARTS = 6
"""So often a worker process is tried to be started: the server it comes from may be killed meanwhile."""
PRELOAD = ("hpsearch.worker",)
"""What the server imports: NumPy and SQLAlchemy; neither Optuna nor scikit-learn."""


class WorkerDiedError(HpsearchError):
    """A worker process ended without an answer: a signal killed it, or it left by itself."""


class LocalEngine(Executor):
    """Runs each call in a process of its own; one that dies takes no other with it.

    The processes ignore Ctrl-C, which a terminal sends to all of them at once: whoever holds the engine
    decides, and passes requests on with ``terminate``.

    Args:
        preload: Modules that the server imports before the first fork.
    """

    def __init__(self, *, preload: Sequence[str] = ()) -> None:
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._processes: list[ForkServerProcess] = []
        self._threads: list[threading.Thread] = []

    def warm_up(self) -> None:
        """Start the server now, so that it imports while the caller does something else."""
        resource_tracker.ensure_running()  # unblocks SIGINT when it starts, so it starts before
        with _environment(ONE_THREAD), _no_main(), _deaf_to_interrupts():
            forkserver.ensure_running()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start ``fn`` in a new process; its future fails with ``WorkerDiedError`` when that dies."""
        process, receiver = self._start(fn, args, kwargs)
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        thread = threading.Thread(target=_wait, args=(process, receiver, future), daemon=True)
        thread.start()
        self._processes.append(process)
        self._threads.append(thread)
        return future

    def _start(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> tuple[ForkServerProcess, Connection]:
        """Return a new process and where it answers; a server that was killed is started again."""
        for attempt in range(STARTS):
            self.warm_up()
            receiver, sender = self._context.Pipe(duplex=False)
            process = self._context.Process(target=_call, args=(sender, fn, args, kwargs))
            try:
                with _no_main():
                    process.start()
            except (EOFError, OSError) as error:
                receiver.close()
                if attempt == STARTS - 1:
                    raise WorkerDiedError("the process that starts workers dies again and again") from error
                time.sleep(PAUSE_S * 2**attempt)  # a dying process counts as alive a little longer
            else:
                return process, receiver
            finally:
                sender.close()
        raise AssertionError("unreachable: the last start returns or raises")

    def terminate(self) -> None:
        """Send SIGTERM to every process."""
        for process in self._processes:
            if process.is_alive():
                process.terminate()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Wait for every process to end; with ``cancel_futures`` ask them to."""
        if cancel_futures:
            self.terminate()
        if wait:
            for thread in self._threads:
                thread.join()


def prepare_engine() -> LocalEngine:
    """Return an engine for workers whose server is already importing."""
    engine = LocalEngine(preload=PRELOAD)
    engine.warm_up()
    return engine


def _call(sender: Connection, fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
    """Run in the new process: answer (whether it returned, what it returned or raised)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _answer(sender, True, fn(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - the caller's future raises it
        error.add_note("in the worker process:\n" + traceback.format_exc())
        _answer(sender, False, error)


def _answer(sender: Connection, returned: bool, answer: Any) -> None:  # noqa: FBT001 - half of what is sent
    with suppress(BrokenPipeError):  # who asked has died, so nobody waits for it
        sender.send((returned, answer))


def _wait(process: ForkServerProcess, receiver: Connection, future: Future[Any]) -> None:
    """Run in a thread of the caller: hand a process's answer to its future."""
    try:
        returned, answer = receiver.recv()
    except (EOFError, OSError):  # it died before its answer, or in the middle of it
        process.join()
        future.set_exception(
            WorkerDiedError(
                f"worker process {process.pid} ended without an answer, with exit code {process.exitcode}; "
                "was it killed, or is there too little memory?"
            )
        )
        return
    except Exception as error:  # noqa: BLE001 - an answer that cannot be unpickled must not be waited for
        returned, answer = False, error
    finally:
        receiver.close()
    process.join()
    if returned:
        future.set_result(answer)
    else:
        future.set_exception(answer)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let processes started here inherit a blocked SIGINT.

    The server ignores it only once it has imported everything: until then Ctrl-C would end it with a
    traceback.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _no_main() -> Iterator[None]:
    """Hide the caller's main module: a worker needs nothing of it.

    Otherwise every process would run the caller's script again up to its main guard, and a script without
    one would start workers without end.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
