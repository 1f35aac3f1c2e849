"""The interface of an engine, and its errors."""

from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor, Future, InvalidStateError
from concurrent.futures import wait as wait_for
from contextlib import suppress
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

from hpsearch.engine.subprocess_call import Answer, Call, WorkerDiedError
from hpsearch.errors import HpsearchError

P = ParamSpec("P")
T = TypeVar("T")


class EngineError(HpsearchError):
    """The engine cannot be used: not installed, not reachable, or given what it does not know."""


class Engine(Executor):
    """Launches workers: an executor whose calls have a process of their own each.

    Its futures fail with what the call has raised, or with ``WorkerDiedError`` where the process was lost.
    """

    @property
    @abstractmethod
    def here(self) -> bool:
        """Whether all that it launches runs on this machine."""

    @property
    @abstractmethod
    def cores(self) -> int:
        """The number of workers that it has room for.

        Raises:
            EngineError: It cannot tell.
        """

    @abstractmethod
    def call_off(self) -> None:
        """Cancel the futures of calls that have not begun."""

    @abstractmethod
    def terminate(self) -> bool:
        """Ask every call to end once more; tell whether that reaches those that have begun."""


class RemoteEngine(Engine):
    """An engine whose processes no signal of this one reaches: what has begun must be asked otherwise.

    Each call is sent as one that runs in a process of its own wherever it arrives (``Call``).
    """

    def __init__(self) -> None:
        self._sent: dict[Future[Any], Any] = {}

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Send a call; its future may be cancelled until a process has begun it."""
        future: Future[T] = Future()
        self._sent[future] = self._send(Call(fn, args, kwargs), future)
        future.add_done_callback(self._forget)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Wait for every call to end, or for those that have begun with ``cancel_futures``; then leave."""
        if cancel_futures:
            self.call_off()
        if wait:
            wait_for(list(self._sent))
        self._leave()

    @abstractmethod
    def _leave(self) -> None:
        """Give back what the engine holds."""

    @abstractmethod
    def _send(self, call: Call, future: Future[Any]) -> Any:
        """Send a call, whose answer will be given to ``settle``; return what it is known by here."""

    @abstractmethod
    def _has_begun(self, sent: Any) -> bool:
        """Return whether a call is at work somewhere, as far as is known."""

    @abstractmethod
    def _cancel(self, sent: Any) -> None:
        """Take back a call that has not begun."""

    def call_off(self) -> None:
        """Cancel the futures of calls that have not begun."""
        for future, sent in list(self._sent.items()):
            if not self._has_begun(sent):
                future.cancel()

    def terminate(self) -> bool:
        """Call off what has not begun; what has begun is not reached."""
        self.call_off()
        return False

    def _forget(self, future: Future[Any]) -> None:
        sent = self._sent.pop(future, None)
        if future.cancelled():
            future.set_running_or_notify_cancel()  # wakes who waits; only once is allowed
            if sent is not None:
                self._cancel(sent)


def settle(
    future: Future[Any],
    fetch: Callable[[], Answer],
    *,
    lost: tuple[type[BaseException], ...],
    where: str,
) -> None:
    """Give a call's answer to its future, unless that was cancelled.

    Args:
        future: The future.
        fetch: Returns the answer.
        lost: What ``fetch`` raises when the process that was to answer is gone.
        where: Who was to answer, as a message names it.
    """
    answer: Any
    try:
        returned, answer = fetch()
    except lost as error:
        why = str(error).partition("\n")[0] or type(error).__name__
        returned, answer = False, WorkerDiedError(f"a worker of {where} was lost: {why}")
    except BaseException as error:  # noqa: BLE001 - nothing of the call itself: it answers for its own errors
        last = str(error).strip().rpartition("\n")[2] or type(error).__name__
        found = f"{type(error).__name__}: {last}"
        returned, answer = False, EngineError(f"{where}: expected an answer of hpsearch, found {found}")
    with suppress(InvalidStateError):  # cancelled
        if returned:
            future.set_result(answer)
        else:
            future.set_exception(answer)


def library(name: str, *, engine: str) -> Any:
    """Return a module that an engine needs.

    Raises:
        EngineError: It is not installed; the message names the extra.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = f"engine {engine}: expected the package {error.name}, found none"
        raise EngineError(f"{missing}: pip install 'hpsearch[{engine}]'") from None
