"""Signs of life for the trials in hand, from a thread of their own."""

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from hpsearch.store import Claim, Control, Ledger, Spent
from hpsearch.worker.stop import Aborted, Stop

BEATS_A_LEASE = 12
"""A lease outlives several reports that are lost."""


class LostError(Exception):
    """Every trial in hand has been taken over, or settled, by somebody else."""


class Heartbeat:
    """Extends the leases of claims, stores their curves while they train, and hears what workers are to do.

    Use it as a context around a training, and call ``curve`` after each epoch of a trial: it raises what the
    thread has found out since. A thread that died is found out too, so no trial goes on without a lease.

    Args:
        ledger: Where the claims are.
        worker_id: Who holds them.
        claims: The claims.
        stop: Asked to end when the study is to be cancelled.
        spent: Says where the worker's time went so far.
        every_s: Seconds between two reports; a twelfth of the lease by default.
    """

    def __init__(  # noqa: PLR0913 - what it tells, and to whom
        self,
        ledger: Ledger,
        worker_id: int,
        claims: Sequence[Claim],
        *,
        stop: Stop,
        spent: Callable[[], Spent] = lambda: None,
        every_s: float | None = None,
    ) -> None:
        self._ledger = ledger
        self._worker_id = worker_id
        self._claims = claims
        self._stop = stop
        self._spent = spent
        self._every_s = every_s or ledger.lease_s / BEATS_A_LEASE
        self._curves: list[tuple[float, ...]] = [()] * len(claims)
        self._ended = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def curve(self, place: int, curve: tuple[float, ...]) -> None:
        """Note the curve so far of the claim at ``place``.

        Raises:
            Aborted: The training was asked to end at once.
            LostError: No claim is held any more.
            StorageError: The database cannot be reached.
        """
        self._stop.check()
        if self._error is not None:
            raise self._error
        if not self._thread.is_alive():
            raise RuntimeError("the thread that keeps the leases alive has died")
        self._curves[place] = curve

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ended.wait(self._every_s):
                curves = list(zip(self._claims, self._curves, strict=True))
                beat = self._ledger.report(self._worker_id, curves, spent=self._spent())
                if beat.control is Control.CANCEL:
                    raise Aborted  # noqa: TRY301 - raised again in the training
                if not beat.held:
                    raise LostError  # noqa: TRY301 - as above
        except BaseException as error:  # noqa: BLE001 - raised again in the training
            self._error = error
            self._ended.wait()  # a thread that has ended otherwise has died
