"""The call that an engine sends to a process, which imports what a worker is made of only there.

The launcher of a fleet trains nothing: for it the parts of a worker would be 50 ms until the first trial.
"""

from typing import Any


def run_worker(*args: Any, **kwargs: Any) -> bool:
    """Work on a study until it is settled, as ``process.run_worker`` does, which has the arguments."""
    from hpsearch.worker import process  # noqa: PLC0415 - see above

    return process.run_worker(*args, **kwargs)
