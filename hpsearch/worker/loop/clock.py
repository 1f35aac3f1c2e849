"""The clock of a worker: seconds by activity."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hpsearch.store import Activity

WAITS = 0.03
"""Of a worker's time: a share of waiting that larger claims do not make up for."""


class Clock:
    """Counts the seconds of each activity; one thread works by it, any other may read it.

    Nothing that a study is made of depends on it.

    Args:
        now: Returns seconds since some moment.

    Example:
        >>> clock = Clock(now=iter([0.0, 2.5, 2.5]).__next__)
        >>> with clock.on(Activity.TRAINING):
        ...     pass
        >>> clock.spent()
        {'training': 2.5, 'database': 0.0, 'proposals': 0.0, 'idle': 0.0, 'judging': 0.0}
    """

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._spent = dict.fromkeys(Activity, 0.0)
        self._running: tuple[Activity, float] | None = None
        # Looking at the time and acting on it is one step: a reader in between would count what then ends
        # a little earlier, and the time would go back.
        self._lock = threading.Lock()

    @contextmanager
    def on(self, activity: Activity) -> Iterator[None]:
        """Count the time inside; activities do not lie in each other."""
        with self._lock:
            began = self._now()
            self._running = activity, began
        try:
            yield
        finally:
            with self._lock:
                self._spent[activity] += self._now() - began
                self._running = None

    @property
    def waits(self) -> bool:
        """Whether more than ``WAITS`` of the time so far was spent on waiting for other workers."""
        spent = self.spent()
        return spent[Activity.IDLE] > WAITS * sum(spent.values())

    def spent(self) -> dict[str, float]:
        """Return activity -> seconds so far, what is under way included, as JSON holds it."""
        with self._lock:
            found = {str(activity): seconds for activity, seconds in self._spent.items()}
            if self._running is not None:
                activity, began = self._running
                found[str(activity)] += self._now() - began
        return found
