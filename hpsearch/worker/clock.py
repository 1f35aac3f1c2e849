"""Where a worker's time goes."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from hpsearch.store import Activity


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
        {'training': 2.5, 'database': 0.0, 'proposals': 0.0, 'idle': 0.0}
    """

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        # One tuple, replaced as a whole: whoever reads it in between sees the one before.
        self._state: tuple[Mapping[Activity, float], Activity | None, float] = (
            dict.fromkeys(Activity, 0.0),
            None,
            0.0,
        )

    @contextmanager
    def on(self, activity: Activity) -> Iterator[None]:
        """Count the time inside; activities do not lie in each other."""
        spent, _, _ = self._state
        began = self._now()
        self._state = spent, activity, began
        try:
            yield
        finally:
            took = self._now() - began
            self._state = {**spent, activity: spent[activity] + took}, None, 0.0

    def spent(self) -> dict[str, float]:
        """Return activity -> seconds so far, what is under way included, as JSON holds it."""
        now = self._now()  # before the state: what ends in between is then counted to its end, not beyond
        spent, activity, began = self._state
        running = 0.0 if activity is None else max(now - began, 0.0)
        return {str(a): s + (running if a is activity else 0.0) for a, s in spent.items()}
