"""Requests to a worker to end: the first drains within its notice, the second hands back at once."""

import signal
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType

from hpsearch.defaults import NOTICE_S

TRAINING = 0.75
"""The share of a notice that goes on with training; the rest is for storing what has been trained."""


class Aborted(Exception):  # noqa: N818 - not an error: it was asked for
    """The training was asked to end at the next epoch."""


class Stop:
    """Counts requests to end.

    Args:
        notice_s: What is in training may go on for ``TRAINING`` of so many seconds after the first request.

    Attributes:
        notice_s: The notice.
        requests: How many there were: 0 go on, 1 drain, 2 or more abort.
        signal: The number of the last signal that asked, or ``None``.
    """

    def __init__(self, *, notice_s: float = NOTICE_S) -> None:
        self.requests = 0
        self.signal: int | None = None
        self.notice_s = notice_s
        self._asked_at: float | None = None
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
        late = self._asked_at is not None and time.monotonic() - self._asked_at >= TRAINING * self.notice_s
        return late or self.requests >= 2

    @property
    def phase(self) -> int:
        """The phase that was asked for: 0 go on, 1 drain, 2 abort."""
        return self.draining + self.aborting

    def request(self, signal_number: int | None = None) -> None:
        """Ask once more."""
        self._asked_at = self._asked_at or time.monotonic()
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
        """Let each of these signals be a request; only the main thread may call this.

        SIGHUP stays ignored where it is: ``nohup`` asks for that.
        """
        for number in signals:
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def _open(self) -> None:
        with suppress(RuntimeError):  # it is open
            self._gate.release()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.request(number)
