"""The end of a study: the winner and the ensemble, judged once on the test split."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hpsearch.nn import Network
from hpsearch.objective import Ending, Outcome, Task
from hpsearch.search import Candidate, History, Plan, SearchPlan, Winner, ranking, winner
from hpsearch.store import Delivery
from hpsearch.study_file import Purpose, child_seed
from hpsearch.worker.loop.stop import Stop
from hpsearch.worker.session import Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The networks that a settled study comes down to.

    Attributes:
        best: The winner.
        judged: Its networks, one a seed.
        ensemble: The networks of the ensemble; none where it is turned off.
    """

    best: Winner
    judged: Sequence[Network]
    ensemble: Sequence[Network]


def train_again(settled: Settled, stop: Stop) -> Trained | None:
    """Return the networks of a settled study, or ``None`` when no trial was completed.

    They are trained again: the same configurations and seeds give the same bits, so nothing needs to be
    kept while the search runs. With ``refit`` they learn from the validation rows as well, and the winner
    with seeds that it has not been chosen by.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    spec = settled.spec
    candidates = settled.plan.candidates if settled.plan else ()
    rows = settled.objective.validation_rows
    best = winner(candidates, spec.space, settled.history, settled.confirmed, rows=rows)
    if best is None:
        return None
    judged = list(_judged(settled, best))
    members = list(_members(settled, best))
    outcomes = _train(settled, judged + members, stop)
    return Trained(
        best=best,
        judged=[outcome.network for outcome in outcomes[: len(judged)]],
        ensemble=_whole(outcomes[len(judged) :]),
    )


def deliver(settled: Settled, stop: Stop) -> Delivery | None:
    """Return what a settled study found, or ``None`` when no trial was completed.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    trained = train_again(settled, stop)
    if trained is None:
        return None
    spec, best, ensemble = settled.spec, trained.best, trained.ensemble
    return Delivery(
        number=best.candidate.number,
        value=best.value,
        params=spec.space.external(best.candidate.internal),
        seeds=best.runs,
        mean=best.mean,
        interval=best.interval,
        test_accuracy=settled.objective.test_accuracy(trained.judged),
        ensemble=len(ensemble),
        ensemble_test_accuracy=settled.objective.ensemble_test_accuracy(ensemble) if ensemble else None,
        default=best.candidate.default,
        default_mean=best.default_mean,
        tied=tuple(candidate.label for candidate in best.tied),
        refit=spec.confirm.refit,
    )


def _judged(settled: Settled, best: Winner) -> Iterator[Task]:
    """Yield the trainings of the winner: its confirming runs, or its trial alone; refits have new seeds."""
    tasks = list(_runs(settled, [best.candidate])) or [_unconfirmed(settled, best)]
    if not settled.spec.confirm.refit:
        yield from tasks
        return
    for place in range(settled.spec.confirm.seeds):
        yield Task(config=tasks[0].config, seed=child_seed(settled.spec.seed, Purpose.REFIT, place))


def _members(settled: Settled, best: Winner) -> Iterator[Task]:
    """Yield the trainings of the ensemble: the best trials, then the runs of the winner and of its equals."""
    size = settled.spec.confirm.ensemble
    if size:
        plan = SearchPlan(settled.spec)
        for number in ranking(settled.spec.space, settled.history)[:size]:
            yield _task(settled, plan, settled.history, int(number))
        yield from _runs(settled, [best.candidate, *best.tied])


def _runs(settled: Settled, candidates: Sequence[Candidate]) -> Iterator[Task]:
    """Yield the confirming runs of candidates, but for those that failed."""
    if settled.plan is None or settled.confirmed is None:
        return
    wanted = {candidate.internal for candidate in candidates}
    for number in settled.confirmed.valued:
        if settled.confirmed.point(number) in wanted:
            yield _task(settled, settled.plan, settled.confirmed, int(number))


def _unconfirmed(settled: Settled, best: Winner) -> Task:
    """Return a training of the winner where it has no confirming run that can be trained again."""
    search = SearchPlan(settled.spec)
    settings = (settled.plan or search).settings(best.candidate.internal)
    return Task(config=settled.objective.config(settings), seed=search.seed(best.candidate.number or 0))


def _task(settled: Settled, plan: Plan, history: History, number: int) -> Task:
    """Return the training of a trial that was not stopped at a rung."""
    settings = plan.settings(history.point(number))
    return Task(config=settled.objective.config(settings), seed=plan.seed(number))


def _train(settled: Settled, tasks: Sequence[Task], stop: Stop) -> list[Outcome]:
    """Train tasks, each that is there twice once."""
    objective = settled.objective.refitting() if settled.spec.confirm.refit else settled.objective
    different = {(task.config, task.seed): task for task in tasks}
    trained = objective.train(list(different.values()), on_epoch=lambda _end: stop.check())
    outcomes = dict(zip(different, trained, strict=True))
    return [outcomes[task.config, task.seed] for task in tasks]


def _whole(outcomes: Sequence[Outcome]) -> list[Network]:
    """Return the networks that were trained to the end."""
    return [outcome.network for outcome in outcomes if outcome.ending is Ending.COMPLETE]
