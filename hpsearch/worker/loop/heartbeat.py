"""Signs of life for the trials in hand, from a thread of their own."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from hpsearch.objective import Ending, Outcome, TaskReport, TaskState
from hpsearch.store import Claim, Control, Ledger, Result, Spent
from hpsearch.worker.loop.checkpoints import Checkpoints
from hpsearch.worker.loop.evaluation import result_of
from hpsearch.worker.loop.stop import Aborted, Stop

BEATS_A_LEASE = 12
"""A lease outlives several reports that are lost."""
TICK_S = 0.1
"""So soon the thread notices that the worker was asked to end."""
SAVE_S = 60.0
"""A worker that is killed loses this much training of a trial, and one epoch."""
LONG = 0.1
"""After an epoch of this share of the notice copies of its lanes are kept: the next one may not end in time.

They cost 1 to 4 % of an epoch; after shorter ones they are made once the notice has begun.
"""


class LostError(Exception):
    """Every trial in hand has been taken over, or settled, by other workers."""


class Heartbeat:
    """Extends the leases of claims, stores what there is of them while they train, and hears what to do.

    Use it as a context around a training, and call ``on_report`` after each epoch: it raises what the thread
    has found out since. A thread that died is found out too, so no trial goes on without a lease.

    Where trials have got to is stored every ``SAVE_S``, when the worker is asked to end, and when its notice
    is nearly over. The thread does it, so an epoch longer than the notice is no hindrance: what it stores
    then was copied when the epoch began.

    Args:
        ledger: Where the claims are.
        worker_id: Who holds them.
        claims: The claims.
        stop: Asked to end when the study is to be cancelled.
        checkpoints: Stores where trials have got to.
        spent: Says where the worker's time went so far.
        every_s: Seconds between two reports; a twelfth of the lease by default.
        save_s: Seconds between two checkpoints of a trial.
    """

    def __init__(  # noqa: PLR0913 - what it tells, and to whom
        self,
        ledger: Ledger,
        worker_id: int,
        claims: Sequence[Claim],
        *,
        stop: Stop,
        checkpoints: Checkpoints,
        spent: Callable[[], Spent] = lambda: None,
        every_s: float | None = None,
        save_s: float = SAVE_S,
    ) -> None:
        self._ledger = ledger
        self._worker_id = worker_id
        self._claims = claims
        self._stop = stop
        self._checkpoints = checkpoints
        self._spent = spent
        self._every_s = every_s or ledger.lease_s / BEATS_A_LEASE
        self._save_s = save_s
        self._curves: list[tuple[float, ...]] = [()] * len(claims)
        self._midway: Mapping[int, TaskState] = {}
        self._results: dict[int, Result] = {}
        self._failed: dict[int, Outcome] = {}
        self._told: set[int] = set()
        self._saved_at = self._epoch_at = time.monotonic()
        self._phase = 0
        self._ended = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    @property
    def results(self) -> list[tuple[Claim, Result]]:
        """The results of the claims whose training has ended."""
        return [(self._claims[place], result) for place, result in self._results.items()]

    @property
    def failed(self) -> list[tuple[Claim, Outcome]]:
        """The outcomes of the claims whose evaluation has failed."""
        return [(self._claims[place], outcome) for place, outcome in self._failed.items()]

    def on_report(self, end: TaskReport) -> None:
        """Note what has come of the claims.

        Raises:
            Aborted: The training was asked to end at once.
            LostError: No claim is held any more.
            StorageError: The database cannot be reached.
        """
        self._note(end)
        try:
            self._look()
        except Aborted:
            self._keep(end)
            raise
        long = time.monotonic() - self._epoch_at >= LONG * self._stop.notice_s
        if long or self._is_due() or self._stop.draining:
            self._keep(end)
        self._epoch_at = time.monotonic()

    def save(self) -> None:
        """Store the results of claims whose training has ended, and where the others have got to.

        Raises:
            StorageError: The database cannot be reached.
        """
        results = {place: result for place, result in list(self._results.items()) if place not in self._told}
        if results:
            self._ledger.finish([(self._claims[place], result) for place, result in results.items()])
            self._told |= results.keys()
        midway = {
            p: where for p, where in self._midway.items() if p not in self._results and p not in self._failed
        }
        self._checkpoints.save({self._claims[place]: where for place, where in midway.items()})

    def __enter__(self) -> Self:
        self._saved_at = self._epoch_at = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _note(self, end: TaskReport) -> None:
        for place, curve in end.curves.items():
            self._curves[place] = curve
        for place, outcome in end.ended.items():
            self._curves[place] = outcome.curve
            if outcome.ending is Ending.FAILED:
                self._failed[place] = outcome
            else:
                self._results[place] = result_of(outcome)

    def _look(self) -> None:
        """Raise what ends the training."""
        self._stop.check()
        if self._error is not None:
            raise self._error
        if not self._thread.is_alive():
            raise RuntimeError("the thread that keeps the leases alive has died")

    def _keep(self, end: TaskReport) -> None:
        states = {place: end.state(place) for place in end.curves}
        self._midway = {place: state for place, state in states.items() if state is not None}

    def _is_due(self) -> bool:
        return self._stop.phase > self._phase or time.monotonic() - self._saved_at >= self._save_s

    def _run(self) -> None:
        beat_at = time.monotonic()
        try:
            while not self._ended.wait(min(TICK_S, self._every_s)):
                if time.monotonic() - beat_at >= self._every_s:
                    self._beat()
                    beat_at = time.monotonic()
                phase = self._stop.phase
                if self._is_due() and (self._midway or self._results):
                    self.save()
                    self._saved_at, self._phase = time.monotonic(), phase
        except BaseException as error:  # noqa: BLE001 - raised again in the training
            self._error = error
            self._ended.wait()  # a thread that has ended otherwise has died

    def _beat(self) -> None:
        pairs = enumerate(zip(self._claims, self._curves, strict=True))
        curves = [pair for place, pair in pairs if place not in self._told]
        beat = self._ledger.report(self._worker_id, curves, spent=self._spent())
        if beat.control is Control.CANCEL:
            raise Aborted
        if curves and not beat.held:
            raise LostError
