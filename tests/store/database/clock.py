"""A clock that only pauses move: how long something waits does not depend on what else the machine does."""


class Clock:
    """Stands in for the module ``time`` where pauses are made.

    Attributes:
        now_s: The time, in seconds since it was made.
    """

    def __init__(self):
        self.now_s = 0.0

    def monotonic(self):
        """Return the time."""
        return self.now_s

    def sleep(self, seconds):
        """Let time pass."""
        self.now_s += seconds
