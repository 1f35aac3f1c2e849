"""The baseline: a well-known estimator at its library's own settings, judged beside the winner."""

from contextlib import closing
from dataclasses import replace

from hpsearch.estimators.columns import ONEHOT
from hpsearch.metrics import Measure
from hpsearch.objective import Judged, JudgedRows, Outcome, RowEvaluator, Task
from hpsearch.objective.estimator.evaluator import EstimatorEvaluator
from hpsearch.objective.estimator.named import NAMED_ESTIMATORS
from hpsearch.search import BaselineScore
from hpsearch.search.confirmation.interval import difference_interval, judged_interval
from hpsearch.study_file import ObjectiveSpec, Purpose, StudySpec, child_seed
from hpsearch.study_file.data import WHITENINGS
from hpsearch.worker.outcome.trainings import Trainer


def judge_baseline(
    spec: StudySpec, evaluator: RowEvaluator, winner: Judged, train: Trainer
) -> BaselineScore | None:
    """Return what the test rows say of a study's baseline beside its winner; ``None`` where it has none.

    Args:
        spec: The study.
        evaluator: Its evaluator.
        winner: What the test rows say of the winner.
        train: What fits the baseline.
    """
    name = spec.confirm.baseline
    if name is None:
        return None
    judge, outcomes = evaluator.judge, fit_baseline(spec, evaluator, train)
    assert judge is not None
    problem = next((outcome.reason for outcome in outcomes if outcome.value is None), None)
    if problem is not None:
        return BaselineScore(name=name, problem=problem)
    return _compared(name, judge.judge(outcomes), winner, evaluator.metric)


def fit_baseline(spec: StudySpec, evaluator: RowEvaluator, train: Trainer) -> list[Outcome]:
    """Return the fits of a study's baseline: on the rows that its winner learns from, with as many seeds.

    There are none where the study has no baseline.
    """
    if spec.confirm.baseline is None:
        return []
    dataset, known = evaluator.dataset, NAMED_ESTIMATORS[spec.confirm.baseline]
    objective = ObjectiveSpec(
        estimator=known.path(dataset.task),
        encoding=ONEHOT if spec.data.scaling in WHITENINGS else known.encoding,
        metric=evaluator.metric.name,
    )
    own = replace(spec, objective=objective, model={})
    with closing(EstimatorEvaluator(own, dataset, refit=spec.confirm.refit)) as fitted:
        return train(fitted, baseline_tasks(spec), JudgedRows.TEST)


def baseline_tasks(spec: StudySpec) -> list[Task]:
    """Return the fits of a study's baseline, one a seed; none where the study has no baseline."""
    places = range(spec.confirm.seeds if spec.confirm.baseline is not None else 0)
    seeds = [child_seed(spec.seed, Purpose.BASELINE, place) for place in places]
    return [Task(settings={}, seed=seed) for seed in seeds]


def _compared(name: str, found: Judged, winner: Judged, metric: Measure) -> BaselineScore:
    value = found.scores[metric.name]
    sign = metric.sign
    return BaselineScore(
        name=name,
        test=found.scores,
        interval=judged_interval(value, found.parts, metric),
        lead=sign * (winner.scores[metric.name] - value),
        lead_interval=difference_interval(sign * winner.parts, sign * found.parts),
    )
