"""The throttle of logins: wrong tokens are answered later and later, from all addresses together."""

import threading
import time
from collections import deque
from collections.abc import Callable

FREE = 5
"""So many wrong tokens a minute cost nothing: people mistype."""
WINDOW_S = 60.0
LONGEST_S = 10.0
MOST = FREE + 5
"""So many are remembered: from there on every answer is held for ``LONGEST_S``."""


class Throttle:
    """Counts wrong tokens, wherever they come from: an attacker has many addresses, a proxy has one for all.

    The right token is never held. So the throttle does not protect a weak one, which ``expect_token``
    refuses; it keeps guesses from being cheap.

    Args:
        clock: Seconds that only rise.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: deque[float] = deque(maxlen=MOST)

    def failed(self) -> float:
        """Note a wrong token; return for how many seconds its answer is to be held."""
        with self._lock:
            now = self._clock()
            while self._failures and now - self._failures[0] >= WINDOW_S:
                self._failures.popleft()
            self._failures.append(now)
            n = len(self._failures)
        return 0.0 if n <= FREE else min(LONGEST_S, 2.0 ** (n - FREE - 1))
