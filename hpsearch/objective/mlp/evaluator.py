"""The evaluator that trains a multi-layer perceptron: settings to lanes, curves to outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from hpsearch.data import Dataset
from hpsearch.nn import MLPConfig, ModelFileError, Network, lanes_from_bytes
from hpsearch.nn.training.stacks import StackEpoch, TrainingState, run_stacks
from hpsearch.nn.training.steered import SteeredTraining
from hpsearch.objective.mlp.layers import network_config
from hpsearch.objective.mlp.predictions import NetworkPredictions, networks_of
from hpsearch.objective.mlp.training import MLPOutcome, MLPState, MLPTask
from hpsearch.objective.mlp.versions import divergence_rule, present_names
from hpsearch.objective.protocol import ResumeError
from hpsearch.objective.rows.data import training_data
from hpsearch.objective.rows.judge import RowJudge
from hpsearch.objective.rows.metric import row_metric
from hpsearch.objective.rows.outcome_cache import OutcomeCache
from hpsearch.objective.task import Ending, OnReport, Outcome, Task, TaskReport
from hpsearch.study_file import Setting, StudySpec


class MLPEvaluator:
    """Trains a multi-layer perceptron for each task.

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
        self,
        spec: StudySpec,
        dataset: Dataset,
        *,
        cache: OutcomeCache[MLPOutcome] | None = None,
        refit: bool = False,
    ) -> None:
        self._spec, self.dataset, self.metric = spec, dataset, row_metric(spec)
        self._cache = OutcomeCache[MLPOutcome](room=0) if cache is None else cache
        self._data = training_data(spec, dataset, refit=refit)

    @cached_property
    def judge(self) -> RowJudge:
        """What judges networks by the rows of the study."""
        predictions = NetworkPredictions(self.dataset, self._data)
        return RowJudge(
            self.dataset, self._data, metric=self.metric, constant=self._constant, predictions=predictions
        )

    def refitting(self) -> "MLPEvaluator":
        """Return one that trains on training and validation rows together; its curves are NaN."""
        return MLPEvaluator(self._spec, self.dataset, refit=True)

    def keeping(self) -> "MLPEvaluator":
        """Return itself: outcomes hold their networks."""
        return self

    def models(self, outcomes: Sequence[Outcome]) -> list[Network]:
        """Return the network of each training, with the labels of the data."""
        return [replace(network, classes=self.dataset.labels) for network in networks_of(outcomes)]

    def at_once(self, share: int, *, free: int) -> int:  # noqa: ARG002 - a stack of its share trains best
        """Return ``most``: lanes of one stack cost little more than one."""
        return share

    def close(self) -> None:
        """Do nothing: it holds no process and no file."""

    def config(self, settings: Mapping[str, Setting]) -> MLPConfig:
        """Return the network that a trial's settings name, over the study's fixed ones."""
        return network_config(present_names({**self._spec.model, **settings}, version=self._spec.version))

    def steered(self, settings: Mapping[str, Setting], *, seed: int) -> SteeredTraining:
        """Return the training of a trial's settings as one whose rates may change between its epochs."""
        rule = divergence_rule(self._spec.version)
        return SteeredTraining(self.config(settings), seed=seed, data=self._data, divergence=rule)

    def evaluate(self, tasks: Sequence[Task], *, on_report: OnReport = lambda _: None) -> list[MLPOutcome]:
        """Train the networks of tasks in stacks and return their outcomes in order."""
        return self.train([self._training(task) for task in tasks], on_report=on_report)

    def train(self, tasks: Sequence[MLPTask], *, on_report: OnReport = lambda _: None) -> list[MLPOutcome]:
        """Train networks in stacks and return their outcomes in order.

        Args:
            tasks: The trainings, of any structures.
            on_report: Called after each epoch of each stack; an exception of its own ends the training.
        """
        # Training is a pure function of config, seed and rows: a task that was trained here needs no stack.
        kept = {place: self._cache.find((task.config, task.seed)) for place, task in enumerate(tasks)}
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
            on_report(TaskReport(curves=going, ended=ended, state=partial(_state, stack)))
        for place, outcome in outcomes.items():
            self._cache.put((tasks[place].config, tasks[place].seed), outcome)
        return [outcomes[place] for place in range(len(tasks))]

    def resume(self, task: Task, *, curve: tuple[float, ...], data: bytes, source: str) -> Task:
        """Return a task that goes on from where an earlier attempt has got to.

        Raises:
            ResumeError: The data are damaged, or of another training.
        """
        try:
            lanes = lanes_from_bytes(data, source=source)
        except ModelFileError as error:
            raise ResumeError(str(error)) from error
        resumed = replace(task, since=MLPState(training=TrainingState(curve=curve, lanes=lanes)))
        if not self._continues(self._training(resumed)):
            raise ResumeError("its checkpoint is of another training")
        return resumed

    def _training(self, task: Task) -> MLPTask:
        since = task.since.training if isinstance(task.since, MLPState) else None
        return MLPTask(config=self.config(task.settings), seed=task.seed, stops=task.stops, since=since)

    def _outcome(self, ending: Ending, curve: Sequence[float], networks: tuple[Network, ...]) -> MLPOutcome:
        return MLPOutcome.of(ending, self._measured(curve), networks, worst=self._worst)

    def _measured(self, curve: Sequence[float]) -> tuple[float, ...]:
        """Return the metric where the network has scores, of which more is better."""
        return tuple(self.metric.sign * score for score in curve)

    @cached_property
    def _constant(self) -> float:
        data, n_classes = self.dataset, len(self.dataset.classes)
        truth = data.y_train if self._spec.data.folds > 1 else data.y_val
        return self.metric.constant(truth, truth, n_classes)

    @property
    def _worst(self) -> float:
        return self.metric.failure(self._constant)

    def _continues(self, task: MLPTask) -> bool:
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


def _state(stack: StackEpoch, place: int) -> MLPState:
    return MLPState(training=stack.state(place))


def _ending(task: MLPTask, curve: Sequence[float], *, diverged: bool) -> Ending | None:
    if diverged:
        return Ending.DIVERGED
    if len(curve) >= task.config.epochs:
        return Ending.COMPLETE
    return Ending.STOPPED if task.stops(curve) else None
