"""The fleet: the workers that one launcher starts and watches."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress

from hpsearch.defaults import TimeLimits
from hpsearch.engine.base import Engine
from hpsearch.engine.subprocess_call import WorkerDiedError
from hpsearch.errors import HpsearchError
from hpsearch.search import Stage
from hpsearch.store import Control, Ledger, Snapshot, Study
from hpsearch.worker import Stop, run_worker

POLL_S = 0.2
RESPAWNS = 6
"""So many worker processes may die before the next trial is settled: one trial may kill four of them."""
ENDED = (Control.STOP, Control.CANCEL)


class InterruptedStudyError(HpsearchError):
    """The study was asked to end before it was settled; starting it again goes on from there."""


class Fleet:
    """Workers of one study, kept at work.

    Args:
        engine: What launches them.
        ledger: Where the study is.
        study: The study.
        size: How many of them there are to be.
        limits: How long each waits, holds its trials, and goes on when asked to end.
        base: Where they look for the data first.
        max_memory: GiB that data and networks may take, where the study's file says so.
    """

    def __init__(  # noqa: PLR0913 - what a launcher knows
        self,
        engine: Engine,
        ledger: Ledger,
        study: Study,
        *,
        size: int,
        limits: TimeLimits,
        base: str | None = None,
        max_memory: float | None = None,
    ) -> None:
        self._engine = engine
        self._ledger = ledger
        self._study = study
        self._size = size
        self._limits = limits
        self._base = base
        self._max_memory = max_memory
        self._deaths = 0
        self._settled = -1
        self._passed_on = 0
        self._asked = Control.RUN
        self._seen: Snapshot | None = None

    def run(self, stop: Stop, on_status: Callable[[Snapshot], None] | None) -> None:
        """Keep the fleet at work until the study is settled or is asked to end."""
        futures: dict[Future[bool], int] = {}
        try:
            for place in range(0 if stop.draining else self._size):
                futures[self._launch(delivers=place == 0)] = place
            while futures:
                self._show(on_status)
                self._pass_on(stop)
                done, _ = wait(futures, timeout=POLL_S, return_when=FIRST_COMPLETED)
                for future in done:
                    self._collect(future, futures, stop)
                if not futures and not stop.draining and self._unjudged() and not self._told_to_end():
                    futures[self._launch(delivers=True)] = 0
        except BaseException:
            with suppress(HpsearchError):  # a database that cannot be reached stops them as well
                self._ask(Control.STOP)
            self._engine.shutdown()
            raise
        self._show(on_status)
        if (stop.draining or self._told_to_end()) and self._ledger.verdict(self._study) is None:
            raise InterruptedStudyError(self._stopped_text())

    def _stopped_text(self) -> str:
        """Return how far the study has come, and what to do."""
        snapshot = self._ledger.snapshot(self._study)
        search, confirm = snapshot.search, snapshot.confirm
        where = f"with {search.settled} of {search.end} trials settled"
        if confirm is not None:
            where = f"with {confirm.settled} of {confirm.end} confirming runs settled"
        if snapshot.stage == Stage.DELIVER:
            where = "while the winner was judged"
        return f"study {self._study.name!r}: stopped {where}; the same command goes on"

    def _launch(self, *, delivers: bool) -> Future[bool]:
        return self._engine.submit(
            run_worker,
            self._ledger.database.secret_url,
            self._study.name,
            fleet=self._size,
            delivers=delivers,
            limits=self._limits,
            base=self._base,
            max_memory=self._max_memory,
            allow=True,  # the study came from a file that a person has started
        )

    def _collect(self, future: Future[bool], futures: dict[Future[bool], int], stop: Stop) -> None:
        """Take a worker's answer; call off the others when all is done, and replace a worker that left early.

        A worker leaves early when it dies, or when another program asks it to end.
        """
        place = futures.pop(future)
        if future.cancelled():
            return
        lost = WorkerDiedError("workers are asked to end again and again")
        try:
            if future.result():
                self._engine.call_off()
                return
        except WorkerDiedError as error:
            lost = error
        if stop.draining or self._told_to_end():
            return
        settled = self._ledger.snapshot(self._study).search.settled
        self._deaths = 1 if settled > self._settled else self._deaths + 1
        self._settled = settled
        if self._deaths > RESPAWNS * self._size:
            raise lost
        futures[self._launch(delivers=place == 0)] = place

    def _pass_on(self, stop: Stop) -> None:
        """Pass at most one request on at each look, and the second one again and again.

        Two signals that reach a process together count as one, so an abort could be taken for a drain.
        """
        if stop.aborting or self._passed_on < stop.requests:
            self._ask(Control.CANCEL if stop.aborting else Control.STOP)
            self._passed_on += 1

    def _ask(self, control: Control) -> None:
        """Ask the workers to end: by the engine, or where it does not reach them, by the ledger."""
        if not self._engine.terminate() and self._asked is not control:
            self._ledger.set_control(self._study, control)
            self._asked = control

    def _show(self, on_status: Callable[[Snapshot], None] | None) -> None:
        if on_status is not None:
            self._seen = self._ledger.snapshot(self._study, self._seen)
            on_status(self._seen)

    def _told_to_end(self) -> bool:
        return self._ledger.row(self._study).control in ENDED

    def _unjudged(self) -> bool:
        snapshot = self._ledger.snapshot(self._study)
        return snapshot.verdict is not None and not snapshot.verdict.final
