"""Who a worker process is."""

import os

from hpsearch.store import WorkerIdentity
from hpsearch.store.identity import process_name, this_host
from hpsearch.worker.environment import environment


def this_worker() -> WorkerIdentity:
    """Return the identity of the running process."""
    pid = os.getpid()
    return WorkerIdentity(
        host=this_host(), process=process_name(pid) or f"{pid}", pid=pid, environment=environment()
    )
