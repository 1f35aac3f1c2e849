"""Python reads this at its start, wherever it lies on ``PYTHONPATH``: a clock that is wrong.

``HPSEARCH_TEST_CLOCK_S`` says by how many seconds it is ahead. Clocks that only count, such as
``time.monotonic``, go right.
"""

import ctypes
import gc
import os
import time
from datetime import UTC, datetime, timedelta

_AHEAD_S = int(os.environ.get("HPSEARCH_TEST_CLOCK_S", "0"))
_time, _time_ns, _now = time.time, time.time_ns, datetime.now


def _wrong_now(_cls, tz=None):
    return _now(tz) + timedelta(seconds=_AHEAD_S)


def _wrong_utcnow(_cls):
    return _wrong_now(_cls, UTC).replace(tzinfo=None)


if _AHEAD_S:
    time.time = lambda: _time() + _AHEAD_S
    time.time_ns = lambda: _time_ns() + _AHEAD_S * 10**9
    # In the type itself: extensions were compiled against it, and take no other in its place.
    _methods = gc.get_referents(vars(datetime))[0]
    _methods |= {"now": classmethod(_wrong_now), "utcnow": classmethod(_wrong_utcnow)}
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime))
