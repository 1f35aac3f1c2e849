"""The identity of this worker process, and what it runs on compared with the first worker."""

import os

from hpsearch.store import Ledger, Reader, Study, WorkerIdentity, differences
from hpsearch.store.workers.processes import process_name, this_host
from hpsearch.worker.environment import environment


def this_worker() -> WorkerIdentity:
    """Return the identity of the running process."""
    pid = os.getpid()
    return WorkerIdentity(
        host=this_host(), process=process_name(pid) or f"{pid}", pid=pid, environment=environment()
    )


def expect_alike(reader: Reader, study: Study) -> None:
    """Refuse this machine for a strict study whose first worker ran on something else.

    Raises:
        ContractError: Names what differs.
    """
    reader.expect_alike(study, environment())


def unlike_first(ledger: Ledger, study: Study) -> str | None:
    """Return how this machine differs from a study's first worker in what changes bits, if it does."""
    first = ledger.first_worker(study)
    others = differences(environment(), first.environment) if first else []
    if first is None or not others:
        return None
    host = first.host.partition("/")[0]
    return (
        f"this machine differs from the first worker of study {study.name!r}, on host {host}: "
        f"{', '.join(others)}; results may differ in the last bits"
    )
