"""The delivery of a study: winner and ensemble are trained again and judged once on the test split."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from hpsearch.errors import HpsearchError
from hpsearch.metrics import Measure
from hpsearch.objective import Ending, Evaluator, Judge, Judged, Outcome, RowEvaluator, Task
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
from hpsearch.search.confirmation.interval import interval, judged_interval, mean_interval, seed_interval
from hpsearch.search.confirmation.race import Standing
from hpsearch.study_file import EVIDENCE_SINCE, Purpose, child_seed
from hpsearch.types import Float64Array
from hpsearch.worker.loop.stop import Stop
from hpsearch.worker.outcome.baseline import judge_baseline
from hpsearch.worker.session import Settled


class RepeatedTrialError(HpsearchError):
    """A trial that had a value fails when it is repeated: this machine has less memory, or other versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The trainings that a settled study comes down to.

    Attributes:
        verdict: The verdict of the race, without what the test rows say.
        judged: The winner's trainings, one a seed.
        ensemble: The trainings of the ensemble; none where it is turned off.
    """

    verdict: Verdict
    judged: Sequence[Outcome]
    ensemble: Sequence[Outcome]


def train_again(settled: Settled, stop: Stop, verdict: Verdict) -> Trained:
    """Return the trainings of a settled study.

    They are trained again: the same settings and seeds give the same bits, so nothing needs to be
    kept while the search runs. With ``refit`` they learn from the validation rows as well, and the winner
    with seeds that it has not been chosen by.

    Args:
        settled: The study.
        stop: How the training is asked to end early.
        verdict: Its verdict.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    judged = list(_judged(settled, verdict))
    members = list(_members(settled, verdict))
    with ExitStack() as stack:
        evaluator = settled.evaluator
        if settled.spec.confirm.refit:
            evaluator = stack.enter_context(closing(evaluator.refitting()))
        outcomes = _train(evaluator, judged + members, stop)
    return Trained(
        verdict=verdict,
        judged=outcomes[: len(judged)],
        ensemble=_whole(outcomes[len(judged) :]),
    )


def deliver(settled: Settled, stop: Stop) -> Verdict | None:
    """Return the verdict of a settled study with intervals and what the test rows say.

    It is ``None`` when no trial was completed.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    judge = settled.evaluator.judge
    if judge is None:
        return _by_values(settled)
    verdict = _raced(settled, judge, stop)
    return None if verdict is None else _by_rows(train_again(settled, stop, verdict), settled, judge, stop)


def _by_rows(trained: Trained, settled: Settled, judge: Judge, stop: Stop) -> Verdict:
    """Return a verdict with what the test rows say of the winner, the ensemble and the baseline."""
    metric, ensemble = settled.evaluator.metric, None
    if trained.ensemble:
        found = judge.judge_ensemble(trained.ensemble)
        ends = _test_interval(found, metric)
        ensemble = EnsembleScore(size=len(trained.ensemble), test=found.scores, interval=ends)
    found = judge.judge(trained.judged)
    evaluator = cast("RowEvaluator", settled.evaluator)
    baseline = judge_baseline(settled.spec, evaluator, found, on_report=lambda _: stop.check())
    return replace(
        trained.verdict,
        baseline=baseline,
        test=found.scores,
        test_interval=_test_interval(found, metric),
        confusion=found.confusion,
        classes=found.classes,
        rows=found.rows,
        constant=found.constant,
        ensemble=ensemble,
        refit=settled.spec.confirm.refit,
    )


def _by_values(settled: Settled) -> Verdict | None:
    """Return the verdict of a study whose trials are known by their values alone.

    The interval is of new seeds: there are no rows to compare by. Where there is no noise there is none.
    """
    candidates, metric = _candidates(settled), settled.evaluator.metric
    worst = metric.worst_score
    verdict = winner(
        candidates, settled.spec.space, settled.history, settled.confirmed, worst=worst, by_values=True
    )
    if verdict is None:
        return None
    test, ends = _given_test(settled, verdict)
    verdict = replace(verdict, by_values=True, test=test, test_interval=ends)
    if settled.plan and settled.confirmed is not None and settled.plan.noiseless(settled.confirmed):
        return replace(verdict, noiseless=True, estimate=None)
    if settled.confirmed is None or verdict.seeds < 2 or verdict.estimate is None:
        return verdict
    standing = Standing.of(candidates, settled.confirmed, worst=worst)
    ends = seed_interval(standing, _place(candidates, verdict), estimate=verdict.estimate, metric=metric)
    return replace(verdict, interval=ends)


def _given_test(settled: Settled, verdict: Verdict) -> tuple[dict[str, float], tuple[float, float] | None]:
    """Return the mean of the test values that the winner's runs gave, and its interval over seeds.

    There is none unless each of them gave one.
    """
    metric, tests = settled.evaluator.metric, settled.tests
    numbers: Sequence[int | None] = [verdict.number]
    if settled.confirmed is not None:
        point, confirmed = _point(settled, verdict.number), settled.confirmed
        numbers = [int(n) for n in confirmed.valued if confirmed.point(n) == point]
    values = [tests.get(number) for number in numbers if number is not None]
    found = np.array([value for value in values if value is not None])
    if not values or len(found) < len(values):
        return {}, None
    mean = float(found.mean())
    return {metric.name: mean}, mean_interval(found) if np.ptp(found) else None


def _candidates(settled: Settled) -> tuple[Candidate, ...]:
    return settled.plan.candidates if settled.plan else ()


def _place(candidates: Sequence[Candidate], verdict: Verdict) -> int:
    """Return the place of the winner among the candidates."""
    label = DEFAULT if verdict.number is None else verdict.number
    return [candidate.label for candidate in candidates].index(label)


def _test_interval(found: Judged, metric: Measure) -> tuple[float, float] | None:
    """Return the interval of the study's metric on the test rows; ``None`` where they do not define it."""
    value = found.scores.get(metric.name)
    if value is None or not np.isfinite(found.parts).all():
        return None
    return judged_interval(value, found.parts, metric)


def _raced(settled: Settled, judge: Judge, stop: Stop) -> Verdict | None:
    """Return the verdict of the race, with its interval; the winner alone is looked at in version 1.

    From version 2 on all candidates answer the validation rows: they are compared on them, pair by pair.
    """
    candidates = _candidates(settled)
    worst = settled.evaluator.metric.worst_score
    by_rows = settled.spec.version > 1 and settled.confirmed is not None
    parts = _parts(settled, judge, candidates, stop) if by_rows else ()
    verdict = winner(
        candidates,
        settled.spec.space,
        settled.history,
        settled.confirmed,
        worst=worst,
        parts=parts,
        constant=judge.constant_score,
        by_values=settled.spec.version >= EVIDENCE_SINCE,
    )
    if verdict is None or settled.confirmed is None or verdict.seeds < 2 or verdict.estimate is None:
        return verdict
    place = _place(candidates, verdict)
    mine = parts[place] if parts else _parts(settled, judge, candidates[place : place + 1], stop)[0]
    standing, metric = Standing.of(candidates, settled.confirmed, worst=worst), settled.evaluator.metric
    ends = interval(standing, place, estimate=verdict.estimate, parts=metric.sign * mine, metric=metric)
    return replace(verdict, interval=ends)


def _parts(
    settled: Settled, judge: Judge, candidates: Sequence[Candidate], stop: Stop
) -> tuple[Float64Array, ...]:
    """Return what ``Comparison`` takes of candidates: the scores of their runs and the influence of rows.

    The confirming runs answer the validation rows. They are trained again only for that, or taken from what
    this worker has kept.
    """
    assert settled.confirmed is not None
    metric = settled.evaluator.metric
    standing = Standing.of(candidates, settled.confirmed, worst=metric.worst_score)
    tasks = [list(_runs(settled, [candidate.label])) for candidate in candidates]
    outcomes = iter(_train(settled.evaluator, [task for mine in tasks for task in mine], stop))
    found = []
    for mine, runs in zip(tasks, standing.runs, strict=True):
        # A run that failed has no network: every row of it has the run's score.
        parts = np.full((len(runs), judge.validation_rows), runs.min() if len(runs) else 0.0)
        for row, _ in enumerate(mine):
            parts[row] = metric.sign * judge.validation_parts(next(outcomes))
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
        yield Task(settings=tasks[0].settings, seed=child_seed(settled.spec.seed, Purpose.REFIT, place))


def _members(settled: Settled, verdict: Verdict) -> Iterator[Task]:
    """Yield the trainings of the ensemble: the best trials, the runs of the winner and of those near it."""
    size = settled.spec.confirm.ensemble
    if size:
        plan = SearchPlan(settled.spec)
        for number in ranking(settled.spec.space, settled.history)[:size]:
            yield _task(plan, settled.history, int(number))
        if settled.plan is not None and settled.confirmed is not None:
            worst = settled.evaluator.metric.worst_score
            others = near(settled.plan.candidates, settled.confirmed, worst=worst)
            yield from _runs(settled, [verdict.number, *others])


def _runs(settled: Settled, numbers: Sequence[int | str | None]) -> Iterator[Task]:
    """Yield the confirming runs of candidates, without the runs that failed."""
    if settled.plan is None or settled.confirmed is None:
        return
    wanted = {_point(settled, number) for number in numbers}
    for number in settled.confirmed.valued:
        if settled.confirmed.point(number) in wanted:
            yield _task(settled.plan, settled.confirmed, int(number))


def _unconfirmed(settled: Settled, verdict: Verdict) -> Task:
    """Return a training of the winner where it has no confirming run that can be trained again."""
    search = SearchPlan(settled.spec)
    settings = (settled.plan or search).settings(_point(settled, verdict.number))
    return Task(settings=settings, seed=search.seed(verdict.number or 0))


def _task(plan: Plan, history: History, number: int) -> Task:
    """Return the training of a trial that was not stopped at a rung."""
    settings = plan.settings(history.point(number))
    return Task(settings=settings, seed=plan.seed(number))


def _train(evaluator: Evaluator, tasks: Sequence[Task], stop: Stop) -> list[Outcome]:
    """Train tasks, each that is there twice once."""
    different = {task.key: task for task in tasks}
    trained = evaluator.evaluate(list(different.values()), on_report=lambda _: stop.check())
    for outcome in trained:
        if outcome.ending is Ending.FAILED:
            raise RepeatedTrialError(
                f"a trial that had a value has none when it is repeated: {outcome.reason}"
            )
    outcomes = dict(zip(different, trained, strict=True))
    return [outcomes[task.key] for task in tasks]


def _whole(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the trainings that ran to the end."""
    return [outcome for outcome in outcomes if outcome.ending is Ending.COMPLETE]
