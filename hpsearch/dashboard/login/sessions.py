"""The sessions of a dashboard: random numbers that it remembers until they end."""

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

SESSION_S = 12 * 3600
MOST = 1000
"""So many sessions are open at once; the oldest one ends first."""


class Sessions:
    """Opens sessions and ends them; the end of the process ends all of them.

    Args:
        clock: Seconds that only rise.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ends: OrderedDict[bytes, float] = OrderedDict()

    def open(self) -> str:
        """Return the key of a new session."""
        key = secrets.token_hex(32)
        with self._lock:
            self._ends[_digest(key)] = self._clock() + SESSION_S
            if len(self._ends) > MOST:
                self._ends.popitem(last=False)
        return key

    def holds(self, key: str) -> bool:
        """Return whether a key is that of a session which has not ended."""
        with self._lock:
            return self._ends.get(_digest(key), 0.0) > self._clock()

    def close(self, key: str) -> None:
        """End a session."""
        with self._lock:
            self._ends.pop(_digest(key), None)


def _digest(key: str) -> bytes:
    """Return the hash that is looked up in place of a key: how long that takes says nothing of the key."""
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
