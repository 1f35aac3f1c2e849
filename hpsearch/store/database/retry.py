"""Retries of a transaction: how often, and for how long."""

import random
import time
from collections.abc import Callable

SHORTEST_PAUSE_S = 0.0003
PAUSE_S = 0.003
LONGEST_PAUSE_S = 0.03

FIRST_BACKOFF_S = 0.02
LONGEST_BACKOFF_S = 2.0


class Backoff:
    """The retries of one transaction, for so many seconds from its first failure on.

    Args:
        seconds: How long.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline: float | None = None
        self._backoff_s = FIRST_BACKOFF_S

    def wait(self) -> bool:
        """Pause after a failure, longer each time; return ``False``, at once, when patience is over."""
        now = time.monotonic()
        if self._deadline is None:
            self._deadline = now + self._seconds
        left_s = self._deadline - now
        if left_s <= 0:
            return False
        # Half of it at random: those who failed together do not come back together.
        pause_s = random.uniform(self._backoff_s / 2, self._backoff_s)  # noqa: S311 - decides nothing
        time.sleep(min(pause_s, left_s))
        self._backoff_s = min(2 * self._backoff_s, LONGEST_BACKOFF_S)
        return True


def poll(attempt: Callable[[], bool], *, patience_s: float) -> bool:
    """Try until an attempt succeeds; return whether one did.

    The pauses are short and random: a lock that is held for a millisecond is had soon after. They grow
    to a hundredth of the time waited, so that a long wait costs little, and late comers gain little.
    """
    began = time.monotonic()
    while not attempt():
        waited_s = time.monotonic() - began
        if waited_s >= patience_s:
            return False
        longest_s = min(max(PAUSE_S, waited_s / 100), LONGEST_PAUSE_S)
        time.sleep(random.uniform(SHORTEST_PAUSE_S, longest_s))  # noqa: S311 - decides nothing
    return True
