"""The delivery of a study: winner and ensemble are trained again and judged once on the test split."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from hpsearch.metrics import Measure
from hpsearch.objective import Judge, Judged, JudgedRows, RowEvaluator
from hpsearch.search import DEFAULT, Candidate, EnsembleScore, Verdict, winner
from hpsearch.search.confirmation.interval import interval, judged_interval, mean_interval, seed_interval
from hpsearch.search.confirmation.race import Standing
from hpsearch.study_file import EVIDENCE_SINCE
from hpsearch.types import Float64Array
from hpsearch.worker.loop.stop import Stop
from hpsearch.worker.outcome.baseline import fit_baseline, judge_baseline
from hpsearch.worker.outcome.trainings import (
    LocalTrainer,
    Trained,
    Trainer,
    confirming_runs,
    expect_values,
    point_of,
    train_again,
)
from hpsearch.worker.session import Settled


def deliver(settled: Settled, stop: Stop, train: Trainer | None = None) -> Verdict | None:
    """Return the verdict of a settled study with intervals and what the test rows say.

    It is ``None`` when no trial was completed.

    Args:
        settled: The study.
        stop: How it is asked to end early.
        train: What trains; this worker alone by default.

    Raises:
        Aborted: ``stop`` was asked twice.
    """
    judge, train = settled.evaluator.judge, train or LocalTrainer(stop)
    if judge is None:
        return _by_values(settled)
    verdict = _raced(settled, judge, train)
    return None if verdict is None else _by_rows(train_again(settled, train, verdict), settled, judge, train)


def assist(settled: Settled, train: Trainer) -> None:
    """Do what ``deliver`` trains, and leave the verdict to another worker."""
    judge = settled.evaluator.judge
    if judge is not None and (verdict := _raced(settled, judge, train)) is not None:
        train_again(settled, train, verdict)
        fit_baseline(settled.spec, cast("RowEvaluator", settled.evaluator), train)


def _by_rows(trained: Trained, settled: Settled, judge: Judge, train: Trainer) -> Verdict:
    """Return a verdict with what the test rows say of the winner, the ensemble and the baseline."""
    metric, ensemble = settled.evaluator.metric, None
    if trained.ensemble:
        found = judge.judge_ensemble(trained.ensemble)
        ends = _test_interval(found, metric)
        ensemble = EnsembleScore(size=len(trained.ensemble), test=found.scores, interval=ends)
    found = judge.judge(trained.judged)
    evaluator = cast("RowEvaluator", settled.evaluator)
    baseline = judge_baseline(settled.spec, evaluator, found, train)
    return replace(
        trained.verdict,
        baseline=baseline,
        test=found.scores,
        test_interval=_test_interval(found, metric),
        confusion=found.confusion,
        classes=found.classes,
        rows=found.rows,
        features=found.features,
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
        point, confirmed = point_of(settled, verdict.number), settled.confirmed
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


def _raced(settled: Settled, judge: Judge, train: Trainer) -> Verdict | None:
    """Return the verdict of the race, with its interval; the winner alone is looked at in version 1.

    From version 2 on all candidates answer the validation rows: they are compared on them, pair by pair.
    """
    candidates = _candidates(settled)
    worst = settled.evaluator.metric.worst_score
    by_rows = settled.spec.version > 1 and settled.confirmed is not None
    parts = _parts(settled, judge, candidates, train) if by_rows else ()
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
    mine = parts[place] if parts else _parts(settled, judge, candidates[place : place + 1], train)[0]
    standing, metric = Standing.of(candidates, settled.confirmed, worst=worst), settled.evaluator.metric
    ends = interval(standing, place, estimate=verdict.estimate, parts=metric.sign * mine, metric=metric)
    return replace(verdict, interval=ends)


def _parts(
    settled: Settled, judge: Judge, candidates: Sequence[Candidate], train: Trainer
) -> tuple[Float64Array, ...]:
    """Return what ``Comparison`` takes of candidates: the scores of their runs and the influence of rows.

    The confirming runs answer the validation rows.
    """
    assert settled.confirmed is not None
    metric = settled.evaluator.metric
    standing = Standing.of(candidates, settled.confirmed, worst=metric.worst_score)
    tasks = [list(confirming_runs(settled, [candidate.label])) for candidate in candidates]
    wanted = [task for mine in tasks for task in mine]
    outcomes = iter(expect_values(train(settled.evaluator, wanted, JudgedRows.VALIDATION)))
    found = []
    for mine, runs in zip(tasks, standing.runs, strict=True):
        # A run that failed has no network: every row of it has the run's score.
        parts = np.full((len(runs), judge.validation_rows), runs.min() if len(runs) else 0.0)
        for row, _ in enumerate(mine):
            parts[row] = metric.sign * judge.validation_parts(next(outcomes))
        found.append(parts)
    return tuple(found)
