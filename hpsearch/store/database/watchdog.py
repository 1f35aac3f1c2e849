"""A watchdog that ends connections to a silent server, whose own time limits cannot fire."""

import math
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

_NOTHING = (math.inf, None)
_KEY = "hpsearch_watchdog"


class Watchdog:
    """Shuts the sockets of connections that have waited too long for an answer.

    A server whose process is stopped, or whose machine has gone without a word, keeps its socket open: the
    kernel answers for it. Shut down here, the connection counts as lost and the transaction is tried again.
    One thread a watchdog, started with the first transaction.

    Args:
        hang_s: How long an answer may take. The server's own limit of a statement should be shorter.
    """

    def __init__(self, hang_s: float) -> None:
        self._hang_s = hang_s
        self.forget()

    def forget(self) -> None:
        """Begin anew, without the thread and the transactions that a fork has left behind."""
        self._lock = threading.Lock()
        self._waits: dict[int, tuple[float, Any]] = {}
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def listen(self, engine: Engine) -> None:
        """Watch every statement, commit and rollback of an engine."""
        # First of all listeners: the dialect's own talks to the server, too.
        sa.event.listen(engine, "connect", self._on_connect, insert=True)
        sa.event.listen(engine, "checkout", lambda *_: self._end_wait())
        sa.event.listen(engine, "before_cursor_execute", lambda c, *_: self._begin_wait_of(c))
        sa.event.listen(engine, "after_cursor_execute", lambda *_: self._end_wait())
        for name in ("commit", "rollback"):
            sa.event.listen(engine, name, self._begin_wait_of)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Watch what this thread waits for, to the end of its transaction."""
        self._start()
        thread = threading.get_ident()
        outer = self._waits.get(thread, _NOTHING)
        self._waits[thread] = _NOTHING
        try:
            yield
        finally:
            self._waits[thread] = outer

    def close(self) -> None:
        """End the thread."""
        self._ended.set()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or self._ended.is_set():
                self._ended = threading.Event()
                self._thread = threading.Thread(
                    target=self._run, args=(self._ended,), name="watchdog", daemon=True
                )
                self._thread.start()

    def _on_connect(self, driver: Any, record: Any) -> None:
        record.info[_KEY] = self
        self._begin_wait(driver)

    def _begin_wait(self, driver: Any) -> None:
        self._waits[threading.get_ident()] = time.monotonic(), driver

    def _begin_wait_of(self, connection: Connection) -> None:
        if not connection.invalidated:  # a lost one is not waited for
            self._begin_wait(connection.connection.driver_connection)

    def _end_wait(self) -> None:
        self._waits[threading.get_ident()] = _NOTHING

    def _run(self, ended: threading.Event) -> None:
        while not ended.wait(self._hang_s / 10):
            latest = time.monotonic() - self._hang_s
            for began, driver in list(self._waits.values()):
                if began < latest:
                    _shut(driver)


def watched(connection: Connection) -> None:
    """Let the watchdog of a connection know that an answer is waited for, where no event says so."""
    watchdog: Watchdog = connection.info[_KEY]
    watchdog._begin_wait_of(connection)  # noqa: SLF001 - its own module


def _shut(driver: Any) -> None:
    """Shut the socket of a connection down; the thread that waits for it reads its end."""
    with suppress(Exception):  # closed by now: there is nothing to shut
        number = driver.fileno()
        with socket.socket(fileno=os.dup(number)) as copy:
            # The number may have been closed, and given to another file, before it was copied.
            if driver.fileno() == number:
                copy.shutdown(socket.SHUT_RDWR)
