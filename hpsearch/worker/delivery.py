"""The end of a study: the winner and the ensemble, judged once on the test split."""

from collections.abc import Sequence

from hpsearch.nn import Network
from hpsearch.objective import Task
from hpsearch.search import History, Plan, SearchPlan, ranking, winner
from hpsearch.store import Delivery
from hpsearch.worker.session import Settled
from hpsearch.worker.stop import Stop


def deliver(settled: Settled, stop: Stop) -> Delivery | None:
    """Return what a settled study found, or ``None`` when no trial was completed.

    The networks are trained again: the same configurations and seeds give the same bits, so nothing
    needs to be kept while the search runs.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    spec, history = settled.spec, settled.history
    best = winner(spec.confirm, history, settled.confirmed)
    if best is None:
        return None
    train = _Retraining(settled, stop)
    networks = train.winner(best.number)
    members = [int(n) for n in ranking(history)[: spec.confirm.ensemble]]
    ensemble = train.networks(SearchPlan(spec), history, members)
    return Delivery(
        number=best.number,
        value=best.value,
        params=spec.space.external(tuple(history.internal[best.number])),
        seeds=spec.confirm.seeds if settled.plan else 0,
        mean=best.mean,
        interval=best.interval,
        test_accuracy=settled.objective.test_accuracy(networks),
        ensemble=len(members),
        ensemble_test_accuracy=settled.objective.ensemble_test_accuracy(ensemble) if ensemble else None,
    )


class _Retraining:
    def __init__(self, settled: Settled, stop: Stop) -> None:
        self._settled = settled
        self._stop = stop

    def winner(self, number: int) -> list[Network]:
        """Return the winner's networks: its confirming runs, or its trial alone."""
        settled = self._settled
        if settled.plan is None or settled.confirmed is None:
            return self.networks(SearchPlan(settled.spec), settled.history, [number])
        seeds = settled.spec.confirm.seeds
        first = settled.plan.finalists.index(number) * seeds
        return self.networks(settled.plan, settled.confirmed, range(first, first + seeds))

    def networks(self, plan: Plan, history: History, numbers: Sequence[int]) -> list[Network]:
        """Return the networks of trials that ran to the end."""
        objective = self._settled.objective
        tasks = [
            Task(config=objective.config(plan.settings(tuple(history.internal[n]))), seed=plan.seed(n))
            for n in numbers
        ]
        outcomes = objective.train(tasks, on_epoch=lambda _place, _curve: self._stop.check())
        return [outcome.network for outcome in outcomes]
