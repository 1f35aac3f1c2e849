"""The delivery of a study: winner and ensemble are trained again and judged once on the test split."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hpsearch.nn import Network
from hpsearch.objective import Ending, MLPObjective, Outcome, Task
from hpsearch.search import (
    DEFAULT,
    Candidate,
    EnsembleScore,
    History,
    Plan,
    SearchPlan,
    Verdict,
    ranking,
    winner,
)
from hpsearch.search.confirmation.finalists import near
from hpsearch.search.confirmation.interval import interval, judged_interval
from hpsearch.search.confirmation.race import Standing
from hpsearch.study_file import Purpose, child_seed
from hpsearch.types import Float64Array
from hpsearch.worker.loop.stop import Stop
from hpsearch.worker.session import Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The networks that a settled study comes down to.

    Attributes:
        verdict: The verdict of the race, without what the test rows say.
        judged: The winner's networks, one a seed.
        ensemble: The networks of the ensemble; none where it is turned off.
    """

    verdict: Verdict
    judged: Sequence[Network]
    ensemble: Sequence[Network]


def train_again(settled: Settled, stop: Stop, verdict: Verdict | None = None) -> Trained | None:
    """Return the networks of a settled study, or ``None`` when no trial was completed.

    They are trained again: the same configurations and seeds give the same bits, so nothing needs to be
    kept while the search runs. With ``refit`` they learn from the validation rows as well, and the winner
    with seeds that it has not been chosen by.

    Args:
        settled: The study.
        stop: How the training is asked to end early.
        verdict: Its verdict, where it is known.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    verdict = _raced(settled, stop) if verdict is None else verdict
    if verdict is None:
        return None
    judged = list(_judged(settled, verdict))
    members = list(_members(settled, verdict))
    objective = settled.objective.refitting() if settled.spec.confirm.refit else settled.objective
    outcomes = _train(objective, judged + members, stop)
    return Trained(
        verdict=verdict,
        judged=[outcome.network for outcome in outcomes[: len(judged)]],
        ensemble=_whole(outcomes[len(judged) :]),
    )


def deliver(settled: Settled, stop: Stop) -> Verdict | None:
    """Return the verdict of a settled study with intervals and what the test rows say.

    It is ``None`` when no trial was completed.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    trained = train_again(settled, stop)
    if trained is None:
        return None
    objective, members, ensemble = settled.objective, trained.ensemble, None
    if members:
        scores = objective.ensemble_test_scores(members)
        ends = _test_interval(objective, scores, objective.ensemble_test_parts(members)[None])
        ensemble = EnsembleScore(size=len(members), test=scores, interval=ends)
    judged, dataset = trained.judged, objective.dataset
    test = objective.test_scores(judged)
    parts = np.array([objective.test_parts(network) for network in judged])
    return replace(
        trained.verdict,
        test=test,
        test_interval=_test_interval(objective, test, parts),
        confusion=objective.test_confusion(judged),
        classes=tuple(map(str, dataset.classes)),
        rows={"train": len(dataset.X_train), "validation": len(dataset.X_val), "test": len(dataset.X_test)},
        constant=objective.test_constant(),
        ensemble=ensemble,
        refit=settled.spec.confirm.refit,
    )


def _test_interval(
    objective: MLPObjective, scores: Mapping[str, float], parts: Float64Array
) -> tuple[float, float] | None:
    """Return the interval of the study's metric on the test rows; ``None`` where they do not define it."""
    value = scores.get(objective.metric.name)
    if value is None or not np.isfinite(parts).all():
        return None
    return judged_interval(value, parts, objective.metric)


def _raced(settled: Settled, stop: Stop) -> Verdict | None:
    """Return the verdict of the race, with its interval; the winner alone is looked at in version 1.

    From version 2 on all candidates answer the validation rows: they are compared on them, pair by pair.
    """
    candidates = settled.plan.candidates if settled.plan else ()
    worst = settled.objective.metric.worst_score
    by_rows = settled.spec.version > 1 and settled.confirmed is not None
    parts = _parts(settled, candidates, stop) if by_rows else ()
    verdict = winner(
        candidates,
        settled.spec.space,
        settled.history,
        settled.confirmed,
        worst=worst,
        parts=parts,
        constant=settled.objective.constant_score,
    )
    if verdict is None or settled.confirmed is None or verdict.seeds < 2 or verdict.estimate is None:
        return verdict
    label = DEFAULT if verdict.number is None else verdict.number
    place = [candidate.label for candidate in candidates].index(label)
    mine = parts[place] if parts else _parts(settled, candidates[place : place + 1], stop)[0]
    standing, metric = Standing.of(candidates, settled.confirmed, worst=worst), settled.objective.metric
    ends = interval(standing, place, estimate=verdict.estimate, parts=metric.sign * mine, metric=metric)
    return replace(verdict, interval=ends)


def _parts(settled: Settled, candidates: Sequence[Candidate], stop: Stop) -> tuple[Float64Array, ...]:
    """Return what ``Comparison`` takes of candidates: the scores of their runs and the influence of rows.

    The confirming runs answer the validation rows. They are trained again only for that, or taken from what
    this worker has kept.
    """
    assert settled.confirmed is not None
    objective, metric = settled.objective, settled.objective.metric
    standing = Standing.of(candidates, settled.confirmed, worst=metric.worst_score)
    tasks = [list(_runs(settled, [candidate.label])) for candidate in candidates]
    outcomes = iter(_train(objective, [task for mine in tasks for task in mine], stop))
    found = []
    for mine, runs in zip(tasks, standing.runs, strict=True):
        # A run that failed has no network: every row of it has the run's score.
        parts = np.full((len(runs), objective.validation_rows), runs.min() if len(runs) else 0.0)
        for row, _ in enumerate(mine):
            parts[row] = metric.sign * objective.validation_parts(next(outcomes).networks)
        found.append(parts)
    return tuple(found)


def _point(settled: Settled, number: int | str | None) -> tuple[float, ...]:
    """Return the parameters of a candidate: of a trial by its number, else the declared default."""
    if isinstance(number, int):
        return settled.history.point(number)
    assert settled.spec.default is not None
    return settled.spec.default


def _judged(settled: Settled, verdict: Verdict) -> Iterator[Task]:
    """Yield the trainings of the winner: its confirming runs, or its trial alone; refits have new seeds."""
    tasks = list(_runs(settled, [verdict.number])) or [_unconfirmed(settled, verdict)]
    if not settled.spec.confirm.refit:
        yield from tasks
        return
    for place in range(settled.spec.confirm.seeds):
        yield Task(config=tasks[0].config, seed=child_seed(settled.spec.seed, Purpose.REFIT, place))


def _members(settled: Settled, verdict: Verdict) -> Iterator[Task]:
    """Yield the trainings of the ensemble: the best trials, the runs of the winner and of those near it."""
    size = settled.spec.confirm.ensemble
    if size:
        plan = SearchPlan(settled.spec)
        for number in ranking(settled.spec.space, settled.history)[:size]:
            yield _task(settled, plan, settled.history, int(number))
        if settled.plan is not None and settled.confirmed is not None:
            worst = settled.objective.metric.worst_score
            others = near(settled.plan.candidates, settled.confirmed, worst=worst)
            yield from _runs(settled, [verdict.number, *others])


def _runs(settled: Settled, numbers: Sequence[int | str | None]) -> Iterator[Task]:
    """Yield the confirming runs of candidates, without the runs that failed."""
    if settled.plan is None or settled.confirmed is None:
        return
    wanted = {_point(settled, number) for number in numbers}
    for number in settled.confirmed.valued:
        if settled.confirmed.point(number) in wanted:
            yield _task(settled, settled.plan, settled.confirmed, int(number))


def _unconfirmed(settled: Settled, verdict: Verdict) -> Task:
    """Return a training of the winner where it has no confirming run that can be trained again."""
    search = SearchPlan(settled.spec)
    settings = (settled.plan or search).settings(_point(settled, verdict.number))
    return Task(config=settled.objective.config(settings), seed=search.seed(verdict.number or 0))


def _task(settled: Settled, plan: Plan, history: History, number: int) -> Task:
    """Return the training of a trial that was not stopped at a rung."""
    settings = plan.settings(history.point(number))
    return Task(config=settled.objective.config(settings), seed=plan.seed(number))


def _train(objective: MLPObjective, tasks: Sequence[Task], stop: Stop) -> list[Outcome]:
    """Train tasks, each that is there twice once."""
    different = {(task.config, task.seed): task for task in tasks}
    trained = objective.train(list(different.values()), on_epoch=lambda _end: stop.check())
    outcomes = dict(zip(different, trained, strict=True))
    return [outcomes[task.config, task.seed] for task in tasks]


def _whole(outcomes: Sequence[Outcome]) -> list[Network]:
    """Return the networks that were trained to the end."""
    return [outcome.network for outcome in outcomes if outcome.ending is Ending.COMPLETE]
