"""Expiry of what dead workers hold."""

from contextlib import suppress

from hpsearch.errors import StorageError
from hpsearch.store.ledger import Ledger
from hpsearch.store.records.records import Study
from hpsearch.store.workers.processes import is_alive, this_host


def sweep(ledger: Ledger, study: Study) -> None:
    """Expire the claims of this machine's workers that are dead, without waiting for their leases."""
    workers = ledger.living_on(study, this_host())
    dead = [worker_id for worker_id, process in workers.items() if not is_alive(process)]
    if dead:
        ledger.bury(dead)


def look_after(ledger: Ledger, study: Study) -> None:
    """Expire every claim without a live worker; do nothing where the database may only be read."""
    with suppress(StorageError):
        sweep(ledger, study)
        ledger.reap(study)
