"""Python reads this at its start, wherever it lies on ``PYTHONPATH``: a clock that is wrong.

``HPSEARCH_TEST_CLOCK_S`` says by how many seconds it is ahead. Clocks that only count, such as
``time.monotonic``, go right.
"""

import datetime
import os
import time

_AHEAD_S = int(os.environ.get("HPSEARCH_TEST_CLOCK_S", "0"))
_right = (time.time, time.time_ns, datetime.datetime)


class _Like(type):
    """A date that the C code of Python makes is one of these, too."""

    def __instancecheck__(cls, instance):
        return isinstance(instance, _right[2])

    def __subclasscheck__(cls, other):
        return issubclass(other, _right[2])


class _Wrong(_right[2], metaclass=_Like):
    __slots__ = ()

    @classmethod
    def now(cls, tz=None):
        """Return the wrong time, in a zone."""
        return _right[2].now(tz) + datetime.timedelta(seconds=_AHEAD_S)

    @classmethod
    def utcnow(cls):
        """Return the wrong time, in UTC."""
        return cls.now(datetime.UTC).replace(tzinfo=None)


if _AHEAD_S:
    _Wrong.__module__, _Wrong.__name__, _Wrong.__qualname__ = "datetime", "datetime", "datetime"
    time.time = lambda: _right[0]() + _AHEAD_S
    time.time_ns = lambda: _right[1]() + _AHEAD_S * 10**9
    datetime.datetime = _Wrong
