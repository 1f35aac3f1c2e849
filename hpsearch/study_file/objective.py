"""The objective of a study as its file names it: the task, the metric, the loss."""

from dataclasses import dataclass

from hpsearch.errors import did_you_mean
from hpsearch.metrics import METRICS, Metric
from hpsearch.space.checks import expect

TASKS = {"classification": "accuracy", "regression": "r2"}
"""Task -> the metric that it has by default; the first is the task of a contract that names none."""

LOSSES_OF_NUMBERS = ("squared_error", "absolute_error", "huber")
"""Losses of a regression; the first is the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveSpec:
    """What a trial learns, and what it is judged by.

    Attributes:
        task: ``"classification"`` or ``"regression"``; ``None`` leaves it to the target column.
        metric: What is measured on validation and test rows; ``None`` for the task's own: accuracy, or R2.
        loss: The loss that a regression minimizes; ``None`` for the squared error.
    """

    task: str | None = None
    metric: str | None = None
    loss: str | None = None

    def __post_init__(self) -> None:
        for key, value, known in (
            ("task", self.task, tuple(TASKS)),
            ("metric", self.metric, tuple(METRICS)),
            ("loss", self.loss, LOSSES_OF_NUMBERS),
        ):
            hint = did_you_mean(value, list(known)) if value is not None else ""
            expect(value is None or value in known, key, f"one of {', '.join(known)}{hint}", value)
        if self.metric is not None and self.task is not None:
            fitting = [name for name in METRICS if _task_of(METRICS[name]) == self.task]
            expected = f"a metric of {self.task}: {', '.join(fitting)}"
            expect(self.metric in fitting, "metric", expected, self.metric)
        numbers = self.loss is None or self.implied_task != "classification"
        expect(numbers, "loss", "none: a classification minimizes the cross-entropy", self.loss)

    @property
    def implied_task(self) -> str | None:
        """The task that is named, or follows from the metric or the loss; ``None`` where nothing says it."""
        if self.task is None and self.metric is not None:
            return _task_of(METRICS[self.metric])
        return "regression" if self.task is None and self.loss is not None else self.task

    @property
    def measured(self) -> Metric:
        """The metric of the study."""
        return METRICS[self.metric or TASKS[self.implied_task or "classification"]]

    def of_task(self, task: str) -> "ObjectiveSpec":
        """Return the objective with the task that the target column has, every default filled in.

        Raises:
            FieldError: The metric or the loss is not one of the task.
        """
        loss = (self.loss or LOSSES_OF_NUMBERS[0]) if task == "regression" else self.loss
        return ObjectiveSpec(task=task, metric=self.metric or TASKS[task], loss=loss)

    def to_json(self) -> dict[str, str]:
        """Return what differs from a classification by accuracy; studies of earlier versions have no more."""
        filled = self.of_task(self.implied_task or "classification")
        record = {"task": filled.task, "metric": filled.metric, "loss": filled.loss}
        usual = {"task": "classification", "metric": "accuracy", "loss": None}
        return {key: value for key, value in record.items() if value is not None and value != usual[key]}


def _task_of(metric: Metric) -> str:
    return "classification" if metric.for_classes else "regression"
