"""How a worker is asked to end: once to finish what it trains, twice to hand it back at once."""

import signal
import threading
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType


class Aborted(Exception):  # noqa: N818 - not an error: somebody asked for it
    """What is in training was asked to end at once."""


class Stop:
    """Counts requests to end.

    Attributes:
        requests: How many there were: 0 go on, 1 drain, 2 or more abort.
        signal: The number of the last signal that asked, or ``None``.
    """

    def __init__(self) -> None:
        self.requests = 0
        self.signal: int | None = None
        # A plain lock, free from the first request on. An Event would not do: its own lock may be held by
        # the very wait that a signal interrupts, and the process would wait for itself.
        self._gate = threading.Lock()
        self._gate.acquire()

    @property
    def draining(self) -> bool:
        """Whether to claim nothing more."""
        return self.requests >= 1

    @property
    def aborting(self) -> bool:
        """Whether to hand back what is claimed, at the next epoch."""
        return self.requests >= 2

    def request(self, signal_number: int | None = None) -> None:
        """Ask once more."""
        self.requests += 1
        self.signal = signal_number or self.signal
        self._open()

    def check(self) -> None:
        """Raise ``Aborted`` when asked to hand back what is claimed."""
        if self.aborting:
            raise Aborted

    def wait(self, timeout_s: float) -> None:
        """Sleep, but not longer than until the first request."""
        if self._gate.acquire(timeout=timeout_s):
            self._open()

    def obey(self, signals: Iterable[signal.Signals]) -> None:
        """Let each of these signals be a request; only the main thread may call this."""
        for number in signals:
            signal.signal(number, self._on_signal)

    def _open(self) -> None:
        with suppress(RuntimeError):  # it is open
            self._gate.release()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.request(number)
