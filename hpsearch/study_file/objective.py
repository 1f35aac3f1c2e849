"""The objective of a study as its file names it: the metric and the loss."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from hpsearch.errors import did_you_mean
from hpsearch.metrics import METRICS
from hpsearch.space.checks import expect, key_text

BALANCED = "balanced"
"""The class weights that give every class the same part in the loss."""

ClassWeight: TypeAlias = str | Mapping[str, float]
"""``BALANCED``, or class -> weight; a class that is not named has 1."""

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
        class_weight: How much a row of a class counts in the loss: ``"balanced"`` gives every class the same
            part, whatever its rows, a table names a weight for each; ``None`` for 1.
    """

    metric: str | None = None
    loss: str | None = None
    class_weight: ClassWeight | None = None

    def __post_init__(self) -> None:
        for key, value, known in (
            ("metric", self.metric, tuple(METRICS)),
            ("loss", self.loss, NUMBER_LOSSES),
        ):
            hint = did_you_mean(value, list(known)) if value is not None else ""
            expect(value is None or value in known, key, f"one of {', '.join(known)}{hint}", value)
        if isinstance(self.class_weight, str):
            expect(
                self.class_weight == BALANCED, "class_weight", f'"{BALANCED}" or a table', self.class_weight
            )
        elif self.class_weight is not None:
            expect(self.class_weight, "class_weight", "a weight for a class at least", "an empty table")
            for label, weight in self.class_weight.items():
                ok = 0 <= weight < math.inf
                expect(ok, f"class_weight.{key_text(label)}", "a number, 0 or more", weight)

    @property
    def kind(self) -> str:
        """What a trial evaluates: ``"mlp"``, a network that hpsearch trains."""
        return "mlp"

    @property
    def task(self) -> str | None:
        """The task that follows from the metric or the loss; ``None`` where neither is named."""
        if self.metric is not None:
            return metric_task(self.metric)
        if self.class_weight is not None:
            return "classification"
        return "regression" if self.loss is not None else None


def metric_task(metric: str) -> str:
    """Return the task that a metric measures, by its name."""
    return "classification" if METRICS[metric].for_classes else "regression"
