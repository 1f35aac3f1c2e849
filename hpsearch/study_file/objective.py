"""The objective of a study as its file names it: the metric and the loss."""

from dataclasses import dataclass

from hpsearch.errors import did_you_mean
from hpsearch.metrics import METRICS
from hpsearch.space.checks import expect

DEFAULT_METRICS = {"classification": "accuracy", "regression": "r2"}
"""Task -> the metric that it has by default."""

NUMBER_LOSSES = ("squared_error", "absolute_error", "huber")
"""Losses of a regression; the first is the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveSpec:
    """What a trial minimizes, and what it is judged by.

    Attributes:
        metric: What is measured on validation and test rows; ``None`` for the task's own: accuracy, or R2.
        loss: The loss that a regression minimizes; ``None`` for the squared error.
    """

    metric: str | None = None
    loss: str | None = None

    def __post_init__(self) -> None:
        for key, value, known in (
            ("metric", self.metric, tuple(METRICS)),
            ("loss", self.loss, NUMBER_LOSSES),
        ):
            hint = did_you_mean(value, list(known)) if value is not None else ""
            expect(value is None or value in known, key, f"one of {', '.join(known)}{hint}", value)

    @property
    def task(self) -> str | None:
        """The task that follows from the metric or the loss; ``None`` where neither is named."""
        if self.metric is not None:
            return metric_task(self.metric)
        return "regression" if self.loss is not None else None


def metric_task(metric: str) -> str:
    """Return the task that a metric measures, by its name."""
    return "classification" if METRICS[metric].for_classes else "regression"
