"""A worker as a process of its own, started by an engine."""

import multiprocessing
import signal
import threading

from hpsearch.defaults import NOTICE_S
from hpsearch.store import Ledger, StaleTermsError
from hpsearch.worker.loop.stop import Aborted, Stop
from hpsearch.worker.outcome.delivery import deliver
from hpsearch.worker.session import Settled, work


def run_worker(  # noqa: PLR0913 - it crosses to another process, so it is plain values
    url: str,
    name: str,
    *,
    fleet: int,
    delivers: bool,
    lease_s: float,
    patience_s: float,
    notice_s: float = NOTICE_S,
    artifacts: str | None = None,
) -> bool:
    """Work on a study until it is settled; tell whether it is.

    SIGTERM asks to end: once to finish what is in training as far as the notice reaches, twice to hand it
    back at the next epoch; the death of the process that launched the worker asks once.

    Args:
        url: The database.
        name: The study.
        fleet: How many workers are expected.
        delivers: Whether this worker judges the winner at the end.
        lease_s: How long a trial outlives the last sign of life of its worker, in seconds.
        patience_s: How long to wait for a database that is locked or away, in seconds.
        notice_s: The time from the first request to the end, in seconds.
        artifacts: Where the study's files are, as seen from this machine; where the study says if ``None``.
    """
    stop = Stop(notice_s=notice_s)
    stop.obey([signal.SIGTERM])
    _watch_parent(stop)
    ledger = Ledger(url, lease_s=lease_s, patience_s=patience_s)
    try:
        settled = work(ledger, name, stop=stop, fleet=fleet, artifacts=artifacts)
        if settled is not None and delivers:
            settled = store_verdict(ledger, settled, stop, fleet=fleet, artifacts=artifacts)
    except Aborted:
        return False
    finally:
        ledger.close()
    return settled is not None


def store_verdict(
    ledger: Ledger, settled: Settled, stop: Stop, *, fleet: int = 1, artifacts: str | None = None
) -> Settled | None:
    """Judge the winner of a settled study, unless that has been done.

    When the study has changed meanwhile, it is worked on again: what is returned is what was judged, or
    ``None`` when asked to end before.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    if ledger.verdict(settled.study) is not None:
        return settled
    verdict = deliver(settled, stop)
    try:
        if verdict is not None:
            ledger.set_verdict(settled.study, verdict, reopened=settled.reopened)
    except StaleTermsError:
        again = work(ledger, settled.study.name, stop=stop, fleet=fleet, artifacts=artifacts)
        if again is None:
            return None
        return store_verdict(ledger, again, stop, fleet=fleet, artifacts=artifacts)
    return settled


def _watch_parent(stop: Stop) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            stop.request()

        threading.Thread(target=watch, name="parent", daemon=True).start()
