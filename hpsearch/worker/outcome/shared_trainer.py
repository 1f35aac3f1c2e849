"""Trainings for a verdict, shared out among the workers of a study through the ledger."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from hpsearch.errors import StorageError
from hpsearch.objective import Ending, Evaluator, JudgedRows, Outcome, Task, TaskReport
from hpsearch.store import Ledger, Spent, Study
from hpsearch.worker.loop.heartbeat import SAVE_S
from hpsearch.worker.loop.kept_outcomes import (
    MOST_BYTES,
    kept_bytes,
    midway_bytes,
    resumed,
    training_key,
)
from hpsearch.worker.loop.loop import LONGEST_WAIT_S, MOST_LOOKS_PER_S, SHORTEST_WAIT_S, SWEEP_S
from hpsearch.worker.loop.stop import Aborted, Stop
from hpsearch.worker.outcome.baseline import baseline_tasks
from hpsearch.worker.outcome.trainings import LocalTrainer
from hpsearch.worker.session import Settled

EXTENSIONS_A_LEASE = 4
"""A lease outlives several reports that are lost."""


class MissingTrainingError(Exception):
    """The ledger does not keep a training: the worker that judges does it, and this one can do no more."""


class SharedTrainer:
    """Trains for a verdict together with the other workers of the study.

    Each worker asks for the same trainings in the same order, because what they are follows from the ledger.
    It trains what no other worker has, then waits for the rest.

    Args:
        ledger: Where the study is.
        settled: The study.
        worker_id: This worker.
        stop: How it is asked to end early.
        fleet: How many workers are expected.
        judges: Whether this worker judges: it trains itself what the ledger does not keep.
        spent: Says where its time went so far.
    """

    def __init__(  # noqa: PLR0913 - one worker is made of these
        self,
        ledger: Ledger,
        settled: Settled,
        *,
        worker_id: int,
        stop: Stop,
        fleet: int,
        judges: bool,
        spent: Callable[[], Spent] = lambda: None,
    ) -> None:
        self._ledger, self._study, self._last = ledger, settled.study, settled.last
        self._search = settled.evaluator
        self._worker_id, self._stop, self._fleet = worker_id, stop, fleet
        self._judges, self._spent = judges, spent
        # The fits of the baseline come last. They are counted from the first training on.
        fits = baseline_tasks(settled.spec)
        self._last_of_all = [training_key(task, JudgedRows.TEST, refit=True) for task in fits]

    def __call__(self, evaluator: Evaluator, tasks: Sequence[Task], rows: JudgedRows) -> list[Outcome]:
        """Return the outcomes of tasks in order.

        Raises:
            MissingTrainingError: The worker that judges has to train some of them.
            Aborted: The training was asked to end.
        """
        refit = evaluator is not self._search
        keys = [training_key(task, rows, refit=refit) for task in tasks]
        wanted = dict(zip(keys, tasks, strict=True))
        found = self._shared(evaluator, wanted, rows)
        found |= self._kept([key for key in wanted if key not in found])
        left = {key: task for key, task in wanted.items() if key not in found}
        if left and not self._judges:
            raise MissingTrainingError
        here = LocalTrainer(self._stop)(evaluator, list(left.values()), rows) if left else []
        found |= dict(zip(left, here, strict=True))
        return [found[key] for key in keys]

    def _shared(
        self, evaluator: Evaluator, wanted: Mapping[str, Task], rows: JudgedRows
    ) -> dict[str, Outcome]:
        """Train what no other worker has until every training has ended; return what was trained here."""
        found: dict[str, Outcome] = {}
        order = dealt(list(wanted), self._fleet)
        waited_s = 0.0
        while True:
            claimed = self._ledger.claim_trainings(
                self._study,
                order,
                worker_id=self._worker_id,
                limit=self._limit(evaluator, len(order)),
                later=self._last_of_all if rows is JudgedRows.TEST else (),
            )
            if claimed.keys:
                found |= self._train(evaluator, {key: wanted[key] for key in claimed.keys}, rows)
                waited_s = 0.0
            elif not claimed.left:
                return found
            elif self._stop.draining:
                raise Aborted
            else:
                waited_s = self._wait(waited_s)

    def _wait(self, waited_s: float) -> float:
        """Sleep a while, longer each time; return how long the worker has waited in all."""
        longest_s = max(LONGEST_WAIT_S, self._fleet / MOST_LOOKS_PER_S)
        pause_s = min(max(SHORTEST_WAIT_S, waited_s), longest_s)
        self._stop.wait(pause_s)
        if waited_s >= SWEEP_S:
            self._ledger.sweep(self._last)
            self._ledger.beat(self._worker_id, spent=self._spent())
            return longest_s
        return waited_s + pause_s

    def _limit(self, evaluator: Evaluator, total: int) -> Callable[[int], int]:
        """Return how many of the free trainings this worker takes: none once it is asked to end."""
        share = math.ceil(total / self._fleet)
        return lambda free: 0 if self._stop.draining else evaluator.at_once(share, free=free)

    def _train(
        self, evaluator: Evaluator, claimed: Mapping[str, Task], rows: JudgedRows
    ) -> dict[str, Outcome]:
        """Train what was claimed, and store what judging it takes."""
        held = _Held(self._ledger, self._study, self._worker_id, list(claimed), self._stop, self._spent)
        try:
            tasks = self._resumed(evaluator, claimed)
            trained = evaluator.evaluate(tasks, on_report=held.on_report)
            found = [kept_bytes(self._search, outcome, rows) for outcome in trained]
        except BaseException:
            with suppress(StorageError):  # their leases run out
                data = {key: kept_bytes(self._search, outcome, rows) for key, outcome in held.ended.items()}
                self._ledger.store_trainings(self._study, data)
                self._ledger.free_trainings(self._study, self._worker_id)
            raise
        self._ledger.store_trainings(self._study, dict(zip(claimed, found, strict=True)))
        outcomes = zip(claimed, trained, strict=True)
        return {key: outcome for key, outcome in outcomes if outcome.ending is not Ending.FAILED}

    def _resumed(self, evaluator: Evaluator, claimed: Mapping[str, Task]) -> list[Task]:
        """Return tasks, each from where a worker before has got to; else from its start."""
        midway = self._ledger.midway_trainings(self._study, list(claimed))
        return [
            resumed(evaluator, task, midway[key]) if key in midway else task for key, task in claimed.items()
        ]

    def _kept(self, keys: Sequence[str]) -> dict[str, Outcome]:
        """Return what the ledger keeps of trainings, as outcomes that can be judged."""
        judge = self._search.judge
        assert judge is not None
        kept = self._ledger.kept_trainings(self._study, keys) if keys else {}
        read = {key: judge.unpack(data) for key, data in kept.items()}
        return {key: outcome for key, outcome in read.items() if outcome is not None}


class _Held:
    """The trainings that a worker has in hand: their leases, and where they have got to.

    Attributes:
        ended: Key -> outcome of those that have ended.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it extends and stores, and when
        self,
        ledger: Ledger,
        study: Study,
        worker_id: int,
        keys: Sequence[str],
        stop: Stop,
        spent: Callable[[], Spent],
    ) -> None:
        self._ledger, self._study, self._worker_id = ledger, study, worker_id
        self._keys, self._stop, self._spent = keys, stop, spent
        self._extended_at = self._saved_at = time.monotonic()
        self.ended: dict[str, Outcome] = {}

    def on_report(self, report: TaskReport) -> None:
        """Extend the leases now and then; store where the trainings are before the worker has to end.

        Raises:
            Aborted: The training was asked to end.
        """
        now = time.monotonic()
        self.ended |= {self._keys[place]: outcome for place, outcome in report.ended.items()}
        try:
            self._stop.check()
        except Aborted:
            self._save(report)
            raise
        if now - self._saved_at >= SAVE_S:
            self._save(report)
            self._saved_at = now
        if now - self._extended_at >= self._ledger.lease_s / EXTENSIONS_A_LEASE:
            self._ledger.extend_trainings(self._study, self._worker_id)
            self._ledger.beat(self._worker_id, spent=self._spent())
            self._extended_at = now

    def _save(self, report: TaskReport) -> None:
        """Store where the trainings of a stack have got to."""
        found = {}
        for place, curve in report.curves.items():
            state = report.state(place)
            if state is not None and len(data := midway_bytes(len(curve), state)) <= MOST_BYTES:
                found[self._keys[place]] = data
        self._ledger.save_trainings(self._study, self._worker_id, found)


def dealt(keys: Sequence[str], hands: int) -> list[str]:
    """Return keys in such an order that equal parts of it, one a worker, are alike.

    Example:
        >>> dealt(["a", "b", "c", "d", "e"], 2)
        ['a', 'c', 'e', 'b', 'd']
    """
    return [key for place in range(hands) for key in keys[place::hands]]
