"""The end of a study: the winner and the ensemble, judged once on the test split."""

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
    best = winner(spec.confirm, history, settled.confirmed, rows=settled.objective.validation_rows)
    if best is None:
        return None
    members = [int(n) for n in ranking(history)[: spec.confirm.ensemble]]
    winners = _winning_runs(settled, best.number)
    tasks = winners + [_task(settled, SearchPlan(spec), history, n) for n in members]
    outcomes = settled.objective.train(tasks, on_epoch=lambda _place, _curve: stop.check())
    networks = [outcome.network for outcome in outcomes]
    ensemble = networks[len(winners) :]
    return Delivery(
        number=best.number,
        value=best.value,
        params=spec.space.external(tuple(history.internal[best.number])),
        seeds=spec.confirm.seeds if settled.plan else 0,
        mean=best.mean,
        interval=best.interval,
        test_accuracy=settled.objective.test_accuracy(networks[: len(winners)]),
        ensemble=len(members),
        ensemble_test_accuracy=settled.objective.ensemble_test_accuracy(ensemble) if ensemble else None,
    )


def _winning_runs(settled: Settled, number: int) -> list[Task]:
    """Return the trainings of the winner: its confirming runs, or its trial alone."""
    if settled.plan is None or settled.confirmed is None:
        return [_task(settled, SearchPlan(settled.spec), settled.history, number)]
    seeds = settled.spec.confirm.seeds
    first = settled.plan.finalists.index(number) * seeds
    return [_task(settled, settled.plan, settled.confirmed, n) for n in range(first, first + seeds)]


def _task(settled: Settled, plan: Plan, history: History, number: int) -> Task:
    """Return the training of a trial that ran to the end."""
    settings = plan.settings(tuple(history.internal[number]))
    return Task(config=settled.objective.config(settings), seed=plan.seed(number))
