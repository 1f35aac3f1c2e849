"""The baseline: a well-known estimator at its library's own settings, judged beside the winner."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from hpsearch.estimators.columns import ONEHOT
from hpsearch.metrics import Measure
from hpsearch.objective import Judged, RowEvaluator, Task
from hpsearch.objective.estimator.evaluator import EstimatorEvaluator
from hpsearch.objective.estimator.named import NAMED_ESTIMATORS
from hpsearch.search import BaselineScore
from hpsearch.search.confirmation.interval import difference_interval, judged_interval
from hpsearch.study_file import ObjectiveSpec, Purpose, StudySpec, child_seed
from hpsearch.study_file.data import WHITENINGS


def judge_baseline(
    spec: StudySpec, evaluator: RowEvaluator, winner: Judged, *, on_report: Callable[[object], object]
) -> BaselineScore | None:
    """Return what the test rows say of a study's baseline beside its winner; ``None`` where it has none.

    It learns from the same rows as the winner, with as many seeds.

    Args:
        spec: The study.
        evaluator: Its evaluator.
        winner: What the test rows say of the winner.
        on_report: Called several times a second; an exception of its own ends the evaluation.
    """
    name = spec.confirm.baseline
    if name is None:
        return None
    dataset, metric = evaluator.dataset, evaluator.metric
    known = NAMED_ESTIMATORS[name]
    objective = ObjectiveSpec(
        estimator=known.path(dataset.task),
        encoding=ONEHOT if spec.data.scaling in WHITENINGS else known.encoding,
        metric=metric.name,
    )
    own = replace(spec, objective=objective, model={})
    seeds = [child_seed(spec.seed, Purpose.BASELINE, place) for place in range(spec.confirm.seeds)]
    with closing(EstimatorEvaluator(own, dataset, refit=spec.confirm.refit)) as fitted:
        outcomes = fitted.evaluate([Task(settings={}, seed=seed) for seed in seeds], on_report=on_report)
        problem = next((outcome.reason for outcome in outcomes if outcome.value is None), None)
        if problem is not None:
            return BaselineScore(name=name, problem=problem)
        found = fitted.judge.judge(outcomes)
    return _compared(name, found, winner, metric)


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
