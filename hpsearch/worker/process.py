"""A worker as a process of its own, started by an engine."""

import multiprocessing
import signal
import threading

from hpsearch.store import Ledger
from hpsearch.worker.delivery import deliver
from hpsearch.worker.session import Settled, work
from hpsearch.worker.stop import Aborted, Stop


def run_worker(url: str, name: str, *, fleet: int, delivers: bool) -> bool:
    """Work on a study until it is settled; tell whether it is.

    SIGTERM asks to end, once to finish what is in training, twice to hand it back; the death of the
    process that launched the worker asks once.

    Args:
        url: The database.
        name: The study.
        fleet: How many workers are expected.
        delivers: Whether this worker judges the winner at the end.
    """
    stop = Stop()
    stop.obey([signal.SIGTERM])
    _watch_parent(stop)
    ledger = Ledger(url)
    try:
        settled = work(ledger, name, stop=stop, fleet=fleet)
        if settled is not None and delivers:
            store_delivery(ledger, settled, stop)
    except Aborted:
        return False
    finally:
        ledger.close()
    return settled is not None


def store_delivery(ledger: Ledger, settled: Settled, stop: Stop) -> None:
    """Judge the winner of a settled study, unless that has been done.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    if ledger.delivery(settled.study) is None:
        delivery = deliver(settled, stop)
        if delivery is not None:
            ledger.set_delivery(settled.study, delivery)


def _watch_parent(stop: Stop) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            stop.request()

        threading.Thread(target=watch, name="parent", daemon=True).start()
