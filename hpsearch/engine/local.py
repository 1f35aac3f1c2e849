"""Workers as processes of this machine, forked from a server that has imported everything once."""

import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, ParamSpec, TypeVar

from hpsearch.cgroups import usable_cores
from hpsearch.engine.base import Engine
from hpsearch.engine.subprocess_call import WorkerDiedError, answer_call, deaf_to_interrupts
from hpsearch.engine.subprocess_environment import nothing_of_caller, variables_of_subprocess
from hpsearch.limits import LimitError, expect_limits, limit_behind

P = ParamSpec("P")
T = TypeVar("T")

PAUSE_S = 0.02
STARTS = 6
"""So often a worker process is tried to be started: the server it comes from may be killed meanwhile."""
PRELOAD = ("hpsearch.engine.preload",)
"""What the server imports: NumPy and SQLAlchemy; neither Optuna nor scikit-learn."""


class LocalEngine(Engine):
    """Runs each call in a process of its own; one that dies takes no other with it.

    The processes ignore Ctrl-C, which a terminal sends to all of them at once: the owner of the engine
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
        expect_limits(workers=1)
        with _at_start(), deaf_to_interrupts():
            resource_tracker.ensure_running()  # unblocks SIGINT when it starts, so it starts before
            with deaf_to_interrupts():
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
            process = self._context.Process(target=answer_call, args=(sender, fn, args, kwargs))
            try:
                with _at_start():
                    process.start()
            except (EOFError, OSError) as error:
                receiver.close()
                if limit := limit_behind(error):
                    raise LimitError(f"a worker cannot be started: {limit}, or take fewer workers") from error
                if attempt == STARTS - 1:
                    raise WorkerDiedError("the process that starts workers dies again and again") from error
                time.sleep(PAUSE_S * 2**attempt)  # a dying process counts as alive a little longer
            else:
                return process, receiver
            finally:
                sender.close()
        raise AssertionError("unreachable: the last start returns or raises")

    @property
    def here(self) -> bool:
        """Yes, all of them."""
        return True

    @property
    def cores(self) -> int:
        """The cores that this process may use."""
        return usable_cores()

    def call_off(self) -> None:
        """Nothing: every call has begun when ``submit`` returns."""

    def terminate(self) -> bool:
        """Send SIGTERM to every process."""
        for process in self._processes:
            if process.is_alive():
                process.terminate()
        return True

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


def _wait(process: ForkServerProcess, receiver: Connection, future: Future[Any]) -> None:
    """Run in a thread of the caller: hand a process's answer to its future."""
    try:
        returned, answer = receiver.recv()
    except (EOFError, OSError):  # it died before its answer, or in the middle of it
        process.join()
        returned, answer = False, WorkerDiedError.of(process.pid, process.exitcode)
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
def _at_start() -> Iterator[None]:
    """Start processes inside: they take nothing over from the caller, and Python is silent."""
    with variables_of_subprocess(), nothing_of_caller(), warnings.catch_warnings():
        # Python's resource tracker may have been killed. It is started again, and holds nothing of hpsearch.
        warnings.filterwarnings("ignore", "resource_tracker: process died")
        yield
