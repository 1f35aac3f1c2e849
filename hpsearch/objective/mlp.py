"""The objective that trains a multi-layer perceptron: settings to lanes, curves to outcomes."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cached_property, partial
from typing import Any, get_args

import numpy as np

from hpsearch.data import Dataset
from hpsearch.errors import did_you_mean
from hpsearch.metrics import METRICS, Predicted, PredictionKind
from hpsearch.nn import OPTIMIZERS, MLPConfig, Network, SettingError
from hpsearch.nn.training.stacks import run_stacks
from hpsearch.objective.data import training_data
from hpsearch.objective.outcome_cache import OutcomeCache
from hpsearch.objective.task import Ending, EpochEnd, Outcome, Task
from hpsearch.objective.versions import divergence_rule, present_names
from hpsearch.space import Parameter, Space, Value
from hpsearch.space.checks import key_text, show
from hpsearch.space.conditions import WHEN
from hpsearch.study_file import Setting, StudySpec
from hpsearch.types import Float64Array, FloatArray

CLASSES_MOST = 30
"""With more classes no table says which class is taken for which: it would have a thousand cells."""


class MLPObjective:
    """The objective of a study whose trials train a multi-layer perceptron.

    Args:
        spec: The study.
        dataset: Its examples.
        cache: Keeps outcomes, so that no task is trained twice; without one nothing is kept.
        refit: Whether to train on the validation rows as well.

    Attributes:
        dataset: Its examples.
        metric: What its trials are judged by.
    """

    def __init__(
        self, spec: StudySpec, dataset: Dataset, *, cache: OutcomeCache | None = None, refit: bool = False
    ) -> None:
        self._spec, self.dataset, self.metric = spec, dataset, spec.metric
        self._cache = OutcomeCache(room=0) if cache is None else cache
        self._data = training_data(spec, dataset, refit=refit)

    def refitting(self) -> "MLPObjective":
        """Return an objective that trains on training and validation rows together; its curves are NaN."""
        return MLPObjective(self._spec, self.dataset, refit=True)

    @property
    def validation_rows(self) -> int:
        """Number of rows that score a trial; with folds all rows outside the test split."""
        return len(self._data.y if self._data.folds is not None else self._data.y_val)

    def config(self, settings: Mapping[str, Setting]) -> MLPConfig:
        """Return the network that a trial's settings name, over the study's fixed ones."""
        named = present_names({**self._spec.model, **settings}, version=self._spec.version)
        return MLPConfig(**named)  # type: ignore[arg-type]  # it refuses other types

    def train(
        self,
        tasks: Sequence[Task],
        *,
        on_epoch: Callable[[EpochEnd], None] = lambda _end: None,
    ) -> list[Outcome]:
        """Train tasks in stacks and return their outcomes in order.

        Args:
            tasks: The tasks, of any structures.
            on_epoch: Called after each epoch of each stack; an exception of its own ends the training.
        """
        # Training is a pure function of config, seed and rows: a task that was trained here needs no stack.
        kept = {place: self._cache.find(task) for place, task in enumerate(tasks)}
        outcomes = {place: outcome for place, outcome in kept.items() if outcome is not None}
        missing = {place: task for place, task in enumerate(tasks) if place not in outcomes}
        for stack in run_stacks(missing, data=self._data, divergence=divergence_rule(self._spec.version)):
            ended = {
                place: self._outcome(ending, curve, stack.networks(place))
                for place, curve in stack.curves.items()
                if (ending := _ending(tasks[place], curve, diverged=place in stack.diverged))
            }
            # The lanes that have ended leave first: the report and the next epoch see the others only.
            stack.drop(ended)
            outcomes |= ended
            going = {p: self._measured(curve) for p, curve in stack.curves.items() if p not in ended}
            on_epoch(EpochEnd(curves=going, ended=ended, state=stack.state))
        for place, outcome in outcomes.items():
            self._cache.put(tasks[place], outcome)
        return [outcomes[place] for place in range(len(tasks))]

    def _outcome(self, ending: Ending, curve: Sequence[float], networks: tuple[Network, ...]) -> Outcome:
        return Outcome(ending=ending, curve=self._measured(curve), networks=networks, worst=self._worst)

    def _measured(self, curve: Sequence[float]) -> tuple[float, ...]:
        """Return the metric where the network has scores, of which more is better."""
        return tuple(self.metric.sign * score for score in curve)

    @property
    def constant_score(self) -> float:
        """The score of the best constant prediction on the rows that score a trial."""
        return self.metric.sign * self._constant

    @cached_property
    def _constant(self) -> float:
        data, n_classes = self.dataset, len(self.dataset.classes)
        truth = data.y_train if self._spec.data.folds > 1 else data.y_val
        return self.metric.constant(truth, truth, n_classes)

    @property
    def _worst(self) -> float:
        return self.metric.failure(self._constant)

    def continues(self, task: Task) -> bool:
        """Return whether a task can go on from ``since``: that was its config, on as many rows."""
        if task.since is None:
            return False
        data, lanes = self._data, task.since.lanes
        rows, n_lanes = (
            (len(data.X), 1) if data.folds is None else (data.folds.train.shape[1], len(data.folds))
        )
        sizes = (data.n_features, *task.config.hidden, data.n_outputs)
        wanted = (task.config, sizes, data.blocks, rows, "float32", len(task.since.curve))
        return len(lanes) == n_lanes and all(
            (lane.config, lane.sizes, lane.blocks, len(lane.order), str(lane.parameters.dtype), lane.epoch)
            == wanted
            and lane.epoch < task.config.epochs
            for lane in lanes
        )

    def validation_parts(self, networks: Sequence[Network]) -> Float64Array:
        """Return the value of the metric plus the influence of each row that scores a trial, ``(n,)``.

        With folds the part of a row comes from the networks that were trained without it.

        Args:
            networks: The networks of one training.
        """
        data, folds = self._data, self._data.folds
        if folds is None:
            predicted = _predicted(networks[0], data.X_val, self.metric.takes)
            return self.metric.parts(data.y_val, predicted)
        held = [own[:n] for own, n in zip(folds.held, folds.counts, strict=True)]
        found = [
            self.metric.parts(data.y[own], _predicted(network, data.X[own], self.metric.takes))
            for network, own in zip(networks, held, strict=True)
        ]
        value = float(np.mean([parts.mean() for parts in found]))
        whole = np.full(len(data.X), value)
        for own, parts in zip(held, found, strict=True):
            # A row of a smaller fold counts for more in the mean over folds.
            whole[own] += (parts - value) * len(data.X) / (len(folds) * len(own))
        return whole

    def test_scores(self, networks: Sequence[Network]) -> dict[str, float]:
        """Return metric -> mean of its value on the test rows over networks, of every metric of the task."""
        X = self.dataset.X_test
        found = [self._test_scores(partial(_predicted, network, X)) for network in networks]
        return {name: float(np.mean([scores[name] for scores in found])) for name in found[0]}

    def ensemble_test_scores(self, networks: Sequence[Network]) -> dict[str, float]:
        """Return metric -> value on the test rows of the average of networks' predictions."""
        return self._test_scores(self._averaged(networks))

    def test_parts(self, network: Network) -> Float64Array:
        """Return the value of the metric plus each test row's influence, ``(n,)``."""
        predicted = _predicted(network, self.dataset.X_test, self.metric.takes)
        return self.metric.parts(self.dataset.y_test, predicted)

    def ensemble_test_parts(self, networks: Sequence[Network]) -> Float64Array:
        """Return these parts of the average of networks' predictions, ``(n,)``."""
        return self.metric.parts(self.dataset.y_test, self._averaged(networks)(self.metric.takes))

    def test_confusion(self, networks: Sequence[Network]) -> tuple[tuple[int, ...], ...]:
        """Return the test rows of each class that networks predict as each, ``(classes, classes)``.

        The counts are summed over the networks. There are none of a regression, nor of more than 30 classes.
        """
        n, truth = len(self.dataset.classes), self.dataset.y_test
        if not self.metric.for_classes or n > CLASSES_MOST:
            return ()
        predicted = [_predicted(one, self.dataset.X_test, PredictionKind.LABELS) for one in networks]
        counts = sum(np.bincount(truth * n + one, minlength=n * n) for one in predicted)
        return tuple(map(tuple, np.reshape(counts, (n, n)).tolist()))

    def test_constant(self) -> float:
        """Return the metric on the test rows for the best constant prediction of the training rows."""
        data = self.dataset
        return self.metric.constant(data.y_test, data.y_train, len(data.classes))

    def _averaged(self, networks: Sequence[Network]) -> Callable[[PredictionKind], Predicted]:
        """Return the average of networks' predictions of the test rows, in the form that is asked for."""
        whole = PredictionKind.PROBABILITIES if self.metric.for_classes else PredictionKind.VALUES
        mean = np.mean([_predicted(one, self.dataset.X_test, whole) for one in networks], axis=0)
        return lambda kind: mean.argmax(axis=1) if kind is PredictionKind.LABELS else mean

    def _test_scores(self, predicted: Callable[[PredictionKind], Predicted]) -> dict[str, float]:
        truth = self.dataset.y_test
        fitting = [metric for metric in METRICS.values() if metric.for_classes == self.metric.for_classes]
        found = {metric.name: metric.of(truth, predicted(metric.takes)) for metric in fitting}
        return {name: value for name, value in found.items() if not math.isnan(value)}


def _predicted(network: Network, X: FloatArray, kind: PredictionKind) -> Predicted:
    """Return what a network predicts of rows, in a form that a metric takes."""
    if kind is PredictionKind.PROBABILITIES:
        return network.predict_proba(X)
    return network.predict(X)


def check_model(spec: StudySpec) -> MLPConfig:
    """Refuse settings and parameters that no network has; return the network of the fixed settings.

    Every choice and both ends of every range are tried, each in a whole point of the space in which the
    parameter is active.

    Raises:
        StudyFileError: Names file, line, key, and what was expected and found.
    """
    known = [field.name for field in fields(MLPConfig)]
    fractions = {field.name for field in fields(MLPConfig) if float in (field.type, *get_args(field.type))}
    for table, names in (("model", spec.model), ("space", spec.space.names)):
        for name in names:
            if name not in known:
                message = f"expected one of {', '.join(known)}{did_you_mean(name, known)}"
                raise spec.document.error(f"{table}.{key_text(name)}", message)
    config = _checked(spec, "model", spec.model)
    for parameter in spec.space:
        if parameter.kind == "int" and parameter.name in fractions:
            low, high = f"{parameter.low}.0", f"{parameter.high}.0"
            raise spec.document.error(
                f"space.{parameter.name}.low", f"expected fractions: write low = {low}, high = {high}"
            )
        for value in parameter.choices or parameter.ends:
            _checked(spec, "space", {**spec.model, **point_with(spec.space, parameter, value)})
    _check_constants_are_read(spec)
    return config


def _checked(spec: StudySpec, table: str, settings: Mapping[str, Setting]) -> MLPConfig:
    try:
        config = MLPConfig(**settings)  # type: ignore[arg-type]  # it refuses other types
    except SettingError as error:
        raise spec.document.error(f"{table}.{error.key}", error.problem) from error
    if config.label_smoothing and not spec.metric.for_classes:
        found = f"expected 0 for a regression, which has no labels, found {show(config.label_smoothing)}"
        raise spec.document.error(f"{table}.label_smoothing", found)
    return config


def point_with(space: Space, parameter: Parameter, value: Setting) -> dict[str, Value]:
    """Return a point of the space in which a parameter is active and has this value."""
    wanted: dict[str, Any] = {other.name: other.external(other.ends[0]) for other in space}
    wanted |= {on: among[0] for on, among in space.needs[parameter.name].items()}
    return space.external(space.internal(wanted | {parameter.name: value}))


def _check_constants_are_read(spec: StudySpec) -> None:
    """Refuse a constant that is searched for an optimizer which does not read it."""
    read = {name: [field.name for field in fields(kind)] for name, kind in OPTIMIZERS.items()}  # type: ignore[arg-type]  # all are dataclasses
    for condition in spec.space.conditions:
        readers = [name for name, constants in read.items() if condition.name in constants]
        idle = [name for name in condition.among if name not in readers]
        if condition.on == "optimizer" and readers and idle:
            key = f"space.{condition.name}.{WHEN}.optimizer"
            expected = f"optimizers that read {condition.name} ({', '.join(readers)})"
            raise spec.document.error(key, f"expected {expected}, found {show(idle)}")


def _ending(task: Task, curve: Sequence[float], *, diverged: bool) -> Ending | None:
    if diverged:
        return Ending.DIVERGED
    if len(curve) >= task.config.epochs:
        return Ending.COMPLETE
    return Ending.STOPPED if task.stops(curve) else None
