"""Noticing who has died, without waiting for a lease to run out."""

from hpsearch.store import Ledger, Study
from hpsearch.worker.identity import is_alive, this_host


def sweep(ledger: Ledger, study: Study) -> None:
    """Expire the claims of this machine's workers that are dead; those of other machines have leases."""
    workers = ledger.living_on(study, this_host())
    ledger.bury(worker_id for worker_id, process in workers.items() if not is_alive(process))
