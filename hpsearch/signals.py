"""Signals that end a process, in every phase of it: at once where nothing is held, else within a notice.

A handler in Python waits until the main thread comes back from a call, such as the one that reads a table or
waits for a lock. So a thread of its own reads the signals as they arrive.
"""

import os
import select
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a service manager, a terminal that closes."""
GRACE_S = 3.0
"""After the notice a process may take so long to say how it ended."""

SOON_S = 0.001


class SignalWatch:
    """Ends this process when a signal asks for it; one for the whole process.

    Attributes:
        notices: The notices that hold now, in seconds; the last one counts. Without one the process ends at
            once.
        unfinished: Files that are being written; they go with the process.
    """

    def __init__(self) -> None:
        self.notices: list[float] = []
        self.unfinished: set[Path] = set()
        self._pid = 0
        self._arriving: int | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Watch from now on; only the main thread may call this. A signal that is ignored stays ignored."""
        if self._pid == os.getpid():
            return
        self._pid = os.getpid()
        self._arriving, sending = os.pipe()
        os.set_blocking(sending, False)
        for number in ENDING:
            if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
                signal.signal(number, _pass)
        signal.set_wakeup_fd(sending, warn_on_full_buffer=False)
        threading.Thread(target=self._watch, args=(self._arriving,), name="signals", daemon=True).start()

    def _watch(self, arriving: int) -> None:
        while True:
            select.select([arriving], [], [])
            with self._lock:
                self._obey(os.read(arriving, 1)[0])

    def _obey(self, number: int) -> None:
        if number not in ENDING:
            return
        if not self.notices:
            self._leave(128 + number)
        late = threading.Timer(self.notices[-1] + GRACE_S, self._leave, [128 + number])
        late.daemon = True
        late.start()

    def end_notice(self) -> None:
        """End the notice that holds, once the watch has seen the signals that arrived in it.

        The main thread may be done with a signal before the thread of the watch has read it.
        """
        while self._pid == os.getpid() and self._arriving is not None and self._pending(self._arriving):
            time.sleep(SOON_S)
        with self._lock:
            self.notices.pop()

    def _pending(self, arriving: int) -> bool:
        return bool(select.select([arriving], [], [], 0)[0])

    def _leave(self, code: int) -> NoReturn:
        for path in tuple(self.unfinished):
            with suppress(OSError):
                path.unlink()
        os._exit(code)


WATCH = SignalWatch()


@contextmanager
def notice(seconds: float) -> Iterator[None]:
    """Give this process so many seconds to end by itself when a signal arrives meanwhile.

    Without a watch, as in a user's own program, this changes nothing.
    """
    WATCH.notices.append(seconds)
    try:
        yield
    finally:
        WATCH.end_notice()


def _pass(_number: int, _frame: object) -> None:
    """Do nothing: the watch ends the process."""
