"""The imports of the server that workers are forked from: all that a worker needs, before the first fork."""

import gc
import sys
from contextlib import suppress
from typing import Any

gc.disable()  # all that is imported stays: to look through it again and again takes a tenth of the time

import hpsearch.worker.process  # noqa: E402, F401 - so that it is there
from hpsearch.worker.environment import environment  # noqa: E402

with suppress(OSError):  # a worker says what is wrong: without its server there would be none
    environment()  # it is remembered, so no worker has to look at the machine again


def _end_in_silence(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """Print no traceback of a launcher that was killed while it asked for a process."""
    if kind is not EOFError:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _end_in_silence  # of the server alone: a process that it forks prints its own errors
gc.freeze()  # no collection writes to what is there now: the forks share its pages
gc.enable()
