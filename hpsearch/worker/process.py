"""A worker as a process of its own, started by an engine."""

import multiprocessing
import signal
import threading

from hpsearch.defaults import TimeLimits
from hpsearch.signals import WATCH, notice
from hpsearch.store import Ledger, StaleTermsError
from hpsearch.worker.loop.stop import Aborted, Stop
from hpsearch.worker.outcome.delivery import deliver
from hpsearch.worker.session import Settled, work


def run_worker(url: str, name: str, *, fleet: int, delivers: bool, limits: TimeLimits) -> bool:
    """Work on a study until it is settled; return whether it is.

    SIGTERM asks to end: once to finish what is in training as far as the notice reaches, twice to hand it
    back at the next epoch; the death of the process that launched the worker asks once.

    Args:
        url: The database.
        name: The study.
        fleet: How many workers are expected.
        delivers: Whether this worker judges the winner at the end.
        limits: How long to wait for the database, to hold trials, and to go on when asked to end.
    """
    stop = Stop(notice_s=limits.notice_s)
    stop.obey([signal.SIGTERM])
    WATCH.begin()
    _watch_parent(stop)
    with notice(limits.notice_s):
        return _work(url, name, stop, fleet=fleet, delivers=delivers, limits=limits)


def _work(  # noqa: PLR0913 - what run_worker is given
    url: str, name: str, stop: Stop, *, fleet: int, delivers: bool, limits: TimeLimits
) -> bool:
    ledger = Ledger(url, lease_s=limits.lease_s, patience_s=limits.patience_s)
    try:
        settled = work(ledger, name, stop=stop, fleet=fleet)
        if settled is not None and delivers:
            settled = store_verdict(ledger, settled, stop, fleet=fleet)
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
