"""A worker as a process of its own, started by an engine."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from hpsearch.defaults import TimeLimits
from hpsearch.errors import StorageError
from hpsearch.memory import VARIABLE as MEMORY_VARIABLE
from hpsearch.signals import WATCH, notice
from hpsearch.store import Activity, Ledger, StaleTermsError
from hpsearch.worker.identity import this_worker
from hpsearch.worker.loop.stop import Aborted, Stop
from hpsearch.worker.outcome.delivery import assist, deliver
from hpsearch.worker.outcome.shared_trainer import MissingTrainingError, SharedTrainer
from hpsearch.worker.session import Settled, work


def run_worker(  # noqa: PLR0913 - what a launcher knows
    url: str,
    name: str,
    *,
    fleet: int,
    delivers: bool,
    limits: TimeLimits,
    base: str | None = None,
    max_memory: float | None = None,
    allow: bool = False,
) -> bool:
    """Work on a study until it is settled; return whether it is.

    SIGTERM asks to end: once to finish what is in training as far as the notice reaches, twice to hand it
    back at the next epoch; the death of the process that launched the worker asks once.

    Args:
        url: The database.
        name: The study.
        fleet: How many workers are expected.
        delivers: Whether this worker judges the winner at the end.
        limits: How long to wait for the database, to hold trials, and to go on when asked to end.
        base: The folder of its launcher's study file, where it looks for the data first.
        max_memory: GiB that data and networks may take, as the launcher's study file says; no part of the
            contract, so that no database can raise it.
        allow: Whether code that the database names may be run here.
    """
    if max_memory is not None:
        os.environ.setdefault(MEMORY_VARIABLE, str(max_memory))
    stop = Stop(notice_s=limits.notice_s)
    stop.obey([signal.SIGTERM])
    WATCH.begin()
    _watch_parent(stop)
    with (
        notice(limits.notice_s),
        closing(Ledger(url, lease_s=limits.lease_s, patience_s=limits.patience_s)) as ledger,
    ):
        try:
            settled = work(ledger, name, stop=stop, fleet=fleet, base=base, allow=allow)
            if settled is not None and delivers:
                settled = store_verdict(ledger, settled, stop, fleet=fleet, base=base, allow=allow)
            elif settled is not None:
                _help_to_judge(ledger, settled, stop, fleet=fleet)
        except Aborted:
            return False
    return settled is not None


def store_verdict(  # noqa: PLR0913 - what its worker was given
    ledger: Ledger,
    settled: Settled,
    stop: Stop,
    *,
    fleet: int = 1,
    artifacts: str | None = None,
    base: str | None = None,
    allow: bool = False,
) -> Settled | None:
    """Judge the winner of a settled study, unless that has been done.

    When the study has changed meanwhile, it is worked on again: what is returned is what was judged, or
    ``None`` when asked to end before.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    if ledger.verdict(settled.study) is not None:
        return settled
    try:
        with _training(ledger, settled, stop, fleet=fleet, judges=True) as train:
            verdict = deliver(settled, stop, train)
            if verdict is not None:
                ledger.set_verdict(settled.study, verdict, reopened=settled.reopened)
    except StaleTermsError:
        where: dict[str, Any] = {"fleet": fleet, "artifacts": artifacts, "base": base, "allow": allow}
        again = work(ledger, settled.study.name, stop=stop, **where)
        return None if again is None else store_verdict(ledger, again, stop, **where)
    return settled


def _help_to_judge(ledger: Ledger, settled: Settled, stop: Stop, *, fleet: int) -> None:
    """Train what the worker that judges a settled study would train, unless that has been done."""
    if ledger.verdict(settled.study) is None:
        with (
            suppress(MissingTrainingError),
            _training(ledger, settled, stop, fleet=fleet, judges=False) as train,
        ):
            assist(settled, train)


@contextmanager
def _training(
    ledger: Ledger, settled: Settled, stop: Stop, *, fleet: int, judges: bool
) -> Iterator[SharedTrainer]:
    """Give what trains for a verdict with the other workers; this one is at work meanwhile."""
    clock = settled.clock
    worker_id = ledger.enlist(settled.last, this_worker())
    train = SharedTrainer(
        ledger,
        settled,
        worker_id=worker_id,
        stop=stop,
        fleet=fleet,
        judges=judges,
        spent=clock.spent,
    )
    try:
        with clock.on(Activity.JUDGING):
            yield train
    finally:
        with suppress(StorageError):  # the reason why it ends matters more
            ledger.retire(worker_id, spent=clock.spent())


def _watch_parent(stop: Stop) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            stop.request()

        threading.Thread(target=watch, name="parent", daemon=True).start()
