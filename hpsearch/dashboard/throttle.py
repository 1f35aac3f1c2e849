"""The throttle of logins: after a few failures an address has to wait, twice as long each time."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 3
"""So many failures cost nothing: people mistype."""
LONGEST_S = 60.0
MOST = 1000
"""So many addresses are remembered; the oldest one is forgotten first."""


class Throttle:
    """Counts failures by address.

    Args:
        clock: Seconds that only rise.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """Return how long an address has to wait before it may try again."""
        with self._lock:
            _, until = self._failures.get(address, (0, 0.0))
            return max(0.0, until - self._clock())

    def failed(self, address: str) -> None:
        """Note a failure."""
        with self._lock:
            n = self._failures.pop(address, (0, 0.0))[0] + 1
            pause = 0.0 if n <= FREE else min(LONGEST_S, 2.0 ** min(n - FREE - 1, 10))
            self._failures[address] = (n, self._clock() + pause)
            if len(self._failures) > MOST:
                self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget an address's failures."""
        with self._lock:
            self._failures.pop(address, None)
