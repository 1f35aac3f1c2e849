"""The objective that fits an estimator: its settings are checked against the estimator itself."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from hpsearch.data import Dataset
from hpsearch.errors import did_you_mean
from hpsearch.estimators.columns import NATIVE, ONEHOT, ORDINAL
from hpsearch.metrics import PredictionKind
from hpsearch.objective.estimator.description import Description, describe_estimator
from hpsearch.objective.estimator.evaluator import EstimatorEvaluator
from hpsearch.objective.estimator.named import check_baseline
from hpsearch.objective.points import tried_points
from hpsearch.objective.protocol import Inputs
from hpsearch.objective.rows.metric import row_metric
from hpsearch.objective.rows.outcome_cache import OutcomeCache
from hpsearch.space import Parameter, Value
from hpsearch.space.checks import key_text, show
from hpsearch.study_file import MAX_FAILURES, Setting, StudySpec
from hpsearch.study_file.data import WHITENINGS

TASKS = {"classifier": "classification", "regressor": "regression"}
"""Kind of estimator -> task."""
_LISTED = 40


class EstimatorObjective:
    """Fits an estimator for each trial."""

    def check(self, spec: StudySpec) -> StudySpec:
        """Return a study with every default filled in; refuse what the estimator does not take.

        Raises:
            StudyFileError: Names file, line, key, and what was expected and found.
        """
        _refuse_epochs(spec)
        check_baseline(spec)
        points = [("model", spec.model)]
        points += [
            (f"space.{key_text(parameter.name)}", {**spec.model, **point})
            for parameter, point in tried_points(spec.space)
        ]
        found = describe_estimator(spec, points)
        _check_names(spec, found)
        if found.refused is not None:
            key, problem = found.refused
            raise spec.document.error(key, f"{problem}{_growth(spec, key)}")
        spec = _with_task(spec, found)
        _check_metric(spec, found)
        objective = replace(
            spec.objective,
            encoding=_encoding(spec, found),
            max_failures=spec.objective.max_failures or MAX_FAILURES,
        )
        return replace(spec, objective=objective, defaults=dict(_defaults(spec, found.parameters)))

    def check_data(self, spec: StudySpec, dataset: Dataset) -> None:
        """Refuse data of another task than the estimator's.

        Raises:
            StudyFileError: Names file, line, key, and what was expected and found.
        """
        if spec.data.task is not None and dataset.task != spec.data.task:
            what = "a column of numbers" if not dataset.classes else f"{len(dataset.classes)} classes"
            message = f"expected an estimator for {dataset.task}: the target is {what}"
            raise spec.document.error("objective.estimator", message)

    def warnings(self, spec: StudySpec, dataset: Dataset) -> list[str]:  # noqa: ARG002
        """Return the doubts about the data."""
        return list(dataset.doubts)

    def bind(self, spec: StudySpec, inputs: Inputs) -> EstimatorEvaluator:
        """Return what fits the estimators of a study; it starts no process before the first trial."""
        folder = inputs.code().folder if spec.objective.has_code else None
        return EstimatorEvaluator(spec, inputs.data(), folder=folder, cache=OutcomeCache())


def _growth(spec: StudySpec, key: str) -> str:
    """Return how far the range at a key may grow, as a sentence; nothing where it does not grow."""
    for parameter in spec.space:
        if parameter.widens and key == f"space.{key_text(parameter.name)}":
            low, high = parameter.ends
            return f" The range may grow to {low:g} and {high:g}: widen = 0 keeps it as it is."
    return ""


def _refuse_epochs(spec: StudySpec) -> None:
    """Refuse what belongs to a training in epochs."""
    expected = "expected none: an estimator is fitted in one go, without epochs"
    for key, value in (("search.rungs", list(spec.search.rungs)), ("confirm.epochs", spec.confirm.epochs)):
        if value:
            raise spec.document.error(key, f"{expected}, found {show(value)}")


def _check_names(spec: StudySpec, found: Description) -> None:
    known = list(found.parameters)
    for table, names in (("model", spec.model), ("space", spec.space.names)):
        for name in names:
            hint = did_you_mean(name, known)
            if name not in known and (hint or not found.open_ended):
                listed = ", ".join(known[:_LISTED]) + (", ..." if len(known) > _LISTED else "")
                message = f"expected a parameter of {found.name}: {listed}{hint}"
                raise spec.document.error(f"{table}.{key_text(name)}", message)


def _with_task(spec: StudySpec, found: Description) -> StudySpec:
    """Return a study whose task is that of its estimator."""
    task = None if found.kind is None else TASKS.get(found.kind)
    if task is None:
        if found.kind is not None:
            message = f"expected a classifier or a regressor, found a {found.kind}"
            raise spec.document.error("objective.estimator", message)
        return spec
    wanted = spec.data.task or spec.objective.task
    if wanted is not None and wanted != task:
        message = f"expected an estimator for {wanted}, found {found.name}, a {found.kind}"
        raise spec.document.error("objective.estimator", message)
    return replace(spec, data=replace(spec.data, task=task))


def _check_metric(spec: StudySpec, found: Description) -> None:
    metric = row_metric(spec)
    ranks = metric.name == "roc_auc"  # a decision function ranks rows as well as probabilities do
    if metric.takes is PredictionKind.PROBABILITIES and not found.probabilities and not ranks:
        raise spec.document.error(
            "objective.metric",
            f"expected a metric of labels, because {found.name} predicts no probabilities with these "
            f"settings, found {metric.name}",
        )
    if spec.data.weights is not None and not found.weights:
        raise spec.document.error(
            "data.weights", f"expected none: {found.name}.fit takes no weights of rows (sample_weight)"
        )


def _encoding(spec: StudySpec, found: Description) -> str:
    """Return how the estimator is given categories."""
    usual = NATIVE if found.native else ORDINAL if found.trees else ONEHOT
    mixed = spec.data.scaling in WHITENINGS
    encoding = spec.objective.encoding or (ONEHOT if mixed else usual)
    if mixed and encoding != ONEHOT:
        message = (
            f'expected "{ONEHOT}" with data.scaling = {show(spec.data.scaling)}, which mixes all features'
        )
        raise spec.document.error("objective.encoding", f"{message}, found {show(encoding)}")
    if encoding == NATIVE and not found.native:
        message = f"{found.name} takes no columns of categories as they are"
        raise spec.document.error("objective.encoding", f'expected "{ONEHOT}" or "{ORDINAL}": {message}')
    return encoding


def _defaults(spec: StudySpec, known: Mapping[str, Setting | None]) -> Iterator[tuple[str, Value]]:
    """Yield the default of every parameter: the study's where it declares one, else the estimator's own.

    The estimator's is moved to the nearest end of the range where it lies outside. Where it has no number,
    the middle of the range is the default; where it is none of the choices, the first is.
    """
    for parameter in spec.space:
        if parameter.name in spec.defaults:
            yield parameter.name, parameter.external(parameter.internal(spec.defaults[parameter.name]))
        else:
            yield parameter.name, _own_default(parameter, known.get(parameter.name))


def _own_default(parameter: Parameter, value: Setting | None) -> Value:
    if parameter.kind == "choice":
        same = (c for c in parameter.choices if c == value and type(c) is type(value))
        return next(same, parameter.choices[0])
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return parameter.external(parameter.from_unit(0.5))
    low, high = parameter.ends
    return parameter.external(min(max(value, low), high))
