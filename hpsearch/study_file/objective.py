"""The objective of a study as its file names it: a network, an estimator, a function, or a command."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hpsearch.errors import did_you_mean
from hpsearch.estimators.columns import ENCODINGS
from hpsearch.metrics import METRICS, Measure
from hpsearch.space.checks import expect, expect_text, key_text
from hpsearch.space.parameter import LONGEST_NAME
from hpsearch.study_file.data import LONGEST_TEXT

BALANCED = "balanced"
"""The class weights that give every class the same part in the loss."""

ClassWeight: TypeAlias = str | Mapping[str, float]
"""``BALANCED``, or class -> weight; a class that is not named has 1."""

DEFAULT_METRICS = {"classification": "accuracy", "regression": "r2"}
"""Task -> the metric that it has by default."""

NUMBER_LOSSES = ("squared_error", "absolute_error", "huber")
"""Losses of a regression; the first is the default."""

PACKAGES = ("sklearn", "lightgbm", "xgboost", "catboost")
"""Packages whose estimators run on every machine: code of others needs leave where a database names it."""

DIRECTIONS = ("maximize", "minimize")
"""Which values of a function or a command are better; the first is the default."""

VALUE = "value"
"""What the value of a function or a command is called by default."""

MAX_FAILURES = 10
"""So many failed trials end a study of a function or a command without any other, by default."""

LIVE_KEYS = ("timeout", "memory", "max_failures")
"""Keys that may change while a study runs: a trial that succeeds does not depend on them."""

_NETWORK_KEYS = ("loss", "class_weight")
_CHOSEN_ONCE = ("estimator", "call", "command")
_OUTSIDE_KEYS = ("direction", *LIVE_KEYS)
_NO_ENCODING = "none without objective.estimator"
_CALL = '"FILE.py:FUNCTION" or "PACKAGE.MODULE:FUNCTION"'
_ESTIMATOR = '"PACKAGE.MODULE.CLASS" or "FILE.py:FUNCTION"'


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveSpec:
    """What a trial evaluates and is judged by.

    Without ``estimator``, ``call`` and ``command`` a trial trains a network, and ``loss`` and
    ``class_weight`` are the network's.

    Attributes:
        metric: What is measured on validation and test rows; ``None`` for the task's own: accuracy, or R2.
            With ``call`` or ``command`` a name of their value for people, any text; ``"value"`` by default.
        loss: The loss that a regression minimizes; ``None`` for the squared error.
        class_weight: How much a row of a class counts in the loss: ``"balanced"`` gives every class the same
            part in the loss, a table names a weight for each; ``None`` for 1.
        estimator: The estimator that a trial fits: ``"PACKAGE.MODULE.CLASS"`` with the interface of
            scikit-learn, or ``"FILE.py:FUNCTION"``, a function beside the study file that returns one.
        encoding: How an estimator is given categories and missing numbers: ``"onehot"``, ``"ordinal"`` or
            ``"native"``; by default as suits it.
        call: The function that a trial calls: ``"FILE.py:FUNCTION"``, the file beside the study file, or
            ``"PACKAGE.MODULE:FUNCTION"``.
        command: The command that a trial runs: a program and its arguments.
        direction: Which values of the function or the command are better: ``"maximize"``, the default, or
            ``"minimize"``.
        timeout: Seconds that an attempt of a trial may take, above 0; ``None`` for no limit.
        memory: GiB that the processes of an attempt may take together, above 0; ``None`` for no limit.
        max_failures: A study ends when this many trials have failed and no other has ended, at least 1; 10 by
            default.
    """

    metric: str | None = None
    loss: str | None = None
    class_weight: ClassWeight | None = None
    estimator: str | None = None
    encoding: str | None = None
    call: str | None = None
    command: tuple[str, ...] | None = None
    direction: str | None = None
    timeout: float | None = None
    memory: float | None = None
    max_failures: int | None = None

    def __post_init__(self) -> None:
        for key in _CHOSEN_ONCE:
            value = getattr(self, key)
            expect(value is None or key == self.kind, key, f"none beside {self.kind}", value)
        expect(self.encoding is None or self.kind == "estimator", "encoding", _NO_ENCODING, self.encoding)
        if self.kind == "mlp":
            self._expect_network()
        elif self.kind == "estimator":
            self._expect_estimator()
        else:
            self._expect_outside()

    def _expect_network(self) -> None:
        _expect_known("metric", self.metric, tuple(METRICS))
        _expect_known("loss", self.loss, NUMBER_LOSSES)
        if isinstance(self.class_weight, str):
            expect(
                self.class_weight == BALANCED, "class_weight", f'"{BALANCED}" or a table', self.class_weight
            )
        elif self.class_weight is not None:
            expect(self.class_weight, "class_weight", "a weight for a class at least", "an empty table")
            for label, weight in self.class_weight.items():
                ok = 0 <= weight < math.inf
                expect(ok, f"class_weight.{key_text(label)}", "a number, 0 or more", weight)
        for key in _OUTSIDE_KEYS:
            value = getattr(self, key)
            expect(value is None, key, "none without objective.call or objective.command", value)

    def _expect_estimator(self) -> None:
        _expect_known("metric", self.metric, tuple(METRICS))
        _expect_known("encoding", self.encoding, ENCODINGS)
        expect_text("estimator", self.estimator or "", longest=LONGEST_TEXT)
        where, mark, name = (self.estimator or "").rpartition(":")
        parts = [name] if mark else name.split(".")
        ok = (where if mark else len(parts) > 1) and all(map(str.isidentifier, parts))
        expect(ok, "estimator", _ESTIMATOR, self.estimator)
        expect(self.direction is None, "direction", "none: the metric has its own", self.direction)
        self._expect_no_network()
        self._expect_limits()

    def _expect_no_network(self) -> None:
        for key in _NETWORK_KEYS:
            value = getattr(self, key)
            expect(value is None, key, f"none with {self.kind}: it belongs to a network", value)

    def _expect_outside(self) -> None:
        self._expect_no_network()
        if self.metric is not None:
            expect_text("metric", self.metric, longest=LONGEST_NAME)
        if self.call is not None:
            expect_text("call", self.call, longest=LONGEST_TEXT)
            where, _, name = self.call.rpartition(":")
            expect(where and all(map(str.isidentifier, name.split("."))), "call", _CALL, self.call)
        else:
            words = self.command or ()
            expect(words and words[0].strip(), "command", "a program and its arguments", list(words))
            for place, word in enumerate(words):
                expect("\0" not in word, f"command[{place}]", "a text without zeros", word)
        ok = self.direction is None or self.direction in DIRECTIONS
        expect(ok, "direction", f"one of {', '.join(DIRECTIONS)}", self.direction)
        self._expect_limits()

    def _expect_limits(self) -> None:
        for key, unit in (("timeout", "seconds"), ("memory", "GiB")):
            number = getattr(self, key)
            ok = number is None or 0 < number < math.inf
            expect(ok, key, f"a number of {unit} above 0", number)
        ok = self.max_failures is None or self.max_failures >= 1
        expect(ok, "max_failures", "at least 1 trial", self.max_failures)

    @property
    def kind(self) -> str:
        """What a trial evaluates: ``"mlp"``, a network that hpsearch trains; else the key that names it."""
        return next((key for key in _CHOSEN_ONCE if getattr(self, key) is not None), "mlp")

    @property
    def has_data(self) -> bool:
        """Whether trials learn from rows that hpsearch reads: a function or a command has its own."""
        return self.kind in {"mlp", "estimator"}

    @property
    def has_code(self) -> bool:
        """Whether trials run code that is part of the study: all but that of ``PACKAGES``."""
        package = (self.estimator or "").partition(".")[0]
        return self.kind in {"call", "command"} or (self.kind == "estimator" and package not in PACKAGES)

    @property
    def measure(self) -> Measure | None:
        """What a function or a command is judged by; ``None`` where rows are, which have a metric."""
        if self.has_data:
            return None
        name = self.metric or VALUE
        maximize = self.direction in {None, DIRECTIONS[0]}
        return Measure(name=name, title=name, maximize=maximize, bounds=(-math.inf, math.inf))

    @property
    def task(self) -> str | None:
        """The task that follows from the metric or the loss; ``None`` where neither is named."""
        if not self.has_data:
            return None
        if self.metric is not None:
            return metric_task(self.metric)
        if self.class_weight is not None:
            return "classification"
        return "regression" if self.loss is not None else None


def _expect_known(key: str, value: str | None, known: Sequence[str]) -> None:
    hint = did_you_mean(value, list(known)) if value is not None else ""
    expect(value is None or value in known, key, f"one of {', '.join(known)}{hint}", value)


def metric_task(metric: str) -> str:
    """Return the task that a metric measures, by its name."""
    return "classification" if METRICS[metric].for_classes else "regression"


def frozen_objective(objective: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of an objective in a contract that never change."""
    return {key: value for key, value in objective.items() if key not in LIVE_KEYS}
