"""Trainings for a verdict, shared out among the workers of a study through the ledger."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from hpsearch.errors import StorageError
from hpsearch.objective import Ending, Evaluator, JudgedRows, Outcome, Task
from hpsearch.store import Ledger, Spent
from hpsearch.worker.loop.kept_outcomes import kept_bytes, training_key
from hpsearch.worker.loop.stop import Aborted, Stop
from hpsearch.worker.outcome.trainings import LocalTrainer
from hpsearch.worker.session import Settled

LOOK_S = 0.02
SWEEP_S = 1.0
EXTENSIONS_A_LEASE = 4


class MissingTrainingError(Exception):
    """Nothing is left that this worker could train for the one that judges."""


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
        swept_at = time.monotonic()
        while True:
            claimed = self._ledger.claim_trainings(
                self._study, order, worker_id=self._worker_id, limit=self._limit(evaluator, len(order))
            )
            if claimed.keys:
                found |= self._train(evaluator, {key: wanted[key] for key in claimed.keys}, rows)
            elif not claimed.left:
                return found
            else:
                self._stop.check()
                if self._stop.draining and not self._judges:
                    raise Aborted
                self._stop.wait(LOOK_S)
                if time.monotonic() - swept_at >= SWEEP_S:
                    self._ledger.sweep(self._last)
                    self._ledger.beat(self._worker_id, spent=self._spent())
                    swept_at = time.monotonic()

    def _limit(self, evaluator: Evaluator, total: int) -> Callable[[int], int]:
        share = math.ceil(total / self._fleet)
        return lambda free: evaluator.at_once(share, free=free)

    def _train(
        self, evaluator: Evaluator, claimed: Mapping[str, Task], rows: JudgedRows
    ) -> dict[str, Outcome]:
        """Train what was claimed, and store what judging it takes."""
        extended_at = time.monotonic()

        def on_report(_report: object) -> None:
            nonlocal extended_at
            self._stop.check()
            if time.monotonic() - extended_at >= self._ledger.lease_s / EXTENSIONS_A_LEASE:
                self._ledger.extend_trainings(self._study, self._worker_id)
                self._ledger.beat(self._worker_id, spent=self._spent())
                extended_at = time.monotonic()

        try:
            trained = evaluator.evaluate(list(claimed.values()), on_report=on_report)
            data = [kept_bytes(self._search, outcome, rows) for outcome in trained]
        except BaseException:
            with suppress(StorageError):  # their leases run out
                self._ledger.free_trainings(self._study, self._worker_id)
            raise
        self._ledger.store_trainings(self._study, dict(zip(claimed, data, strict=True)))
        outcomes = zip(claimed, trained, strict=True)
        return {key: outcome for key, outcome in outcomes if outcome.ending is not Ending.FAILED}

    def _kept(self, keys: Sequence[str]) -> dict[str, Outcome]:
        """Return what the ledger keeps of trainings, as outcomes that can be judged."""
        judge = self._search.judge
        assert judge is not None
        kept = self._ledger.trainings(self._study, keys) if keys else {}
        read = {key: judge.unpack(data) for key, data in kept.items()}
        return {key: outcome for key, outcome in read.items() if outcome is not None}


def dealt(keys: Sequence[str], hands: int) -> list[str]:
    """Return keys in such an order that equal parts of it, one a worker, are alike.

    Example:
        >>> dealt(["a", "b", "c", "d", "e"], 2)
        ['a', 'c', 'e', 'b', 'd']
    """
    return [key for place in range(hands) for key in keys[place::hands]]
