"""Predictions of a saved model for the rows of a file."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.data import ArrayRows, open_rows
from hpsearch.data.examples import quote
from hpsearch.data.tables.cells import MARKS
from hpsearch.data.tables.columns import Table
from hpsearch.errors import CategoryWarning, DataError
from hpsearch.memory import PER_NUMBER, memory_limit
from hpsearch.metrics import METRICS, Metric, PredictionKind
from hpsearch.nn.files.model_file import LoadedModel
from hpsearch.number import rounded
from hpsearch.prediction.truth import MISSING, UNKNOWN, true_classes, true_numbers
from hpsearch.table.rules import TableRules
from hpsearch.types import Float64Array

_TRUTHS = {"true": True, "false": False}
_JUDGED_BY = "study_test_"
"""The beginning of a metric's name in the card of a model that a study has delivered."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prediction:
    """The predictions of a model for rows.

    Attributes:
        labels: The label or the value of each row, ``(n,)``; ``(n, outputs)`` where several are predicted.
        classes: The labels that there are, ``(n_classes,)``; ``(0,)`` where values are predicted.
        probabilities: The probability of each class, ``(n, n_classes)``, where it was asked for.
        metric: Name of the metric by which the rows were judged, or ``None`` where they have no target.
        value: Its value.
        notes: What was ignored, guessed or measured.
    """

    labels: NDArray[Any]
    classes: NDArray[Any]
    probabilities: Float64Array | None
    metric: str | None
    value: float | None
    notes: Sequence[str]


class NamedCells:
    """A table as a model takes it: columns by name, each as the file has it.

    Args:
        table: The table.
        plain: Whether texts stay texts: version 1 had no truth values.
    """

    def __init__(self, table: Table, *, plain: bool) -> None:
        self.columns, self._read, self._plain = list(table.header), table.read_cells, plain

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a column ``(n,)``; where all its texts are truth values, these, as pandas reads them."""
        cells = self._read(name)
        texts = cells.tolist() if cells.dtype == object and not self._plain else []
        if all(isinstance(text, str) and text.lower() in _TRUTHS for text in texts) and texts:
            return np.array([_TRUTHS[text.lower()] for text in texts])
        return cells


def predict_file(model: LoadedModel, path: Path, *, proba: bool = False) -> Prediction:
    """Return what a model predicts for the rows of a file.

    Columns are found by their names, in any order; further ones are ignored, and a target that is there is
    compared with what is predicted. Cells are read by the rules of the table that the model learned from.

    Args:
        model: The model.
        path: A table or an NPZ file.
        proba: Whether probabilities are wanted, too.

    Raises:
        DataError: The file cannot be read, lacks a column, or holds a cell that the model does not take.
    """
    if proba and model.network.predicts_values:
        raise DataError(
            "--proba: expected a model of classes, found one of values, which have no probability"
        )
    known = TableRules(missing=tuple(sorted(MARKS))) if model.rules is None else model.rules
    rows = open_rows(path, rules=known)
    if isinstance(rows, Table):
        # A model of before the rules were kept reads a text file by the usual ones.
        model = replace(model, rules=known)
        X: Any = NamedCells(rows, plain=known.plain)
        notes = [*rows.notes, *_ignored(rows, [*model.layout.names, known.target, known.weights])]
        n_rows = len(rows.read_cells(rows.header[0]))
        if model.features is None:
            X = np.array([X[name].astype(object) for name in rows.header], dtype=object).T
            notes = [*rows.notes, "the model has no names of columns: they count by their places"]
    else:
        X, n_rows, notes = rows.X, len(rows.X), _by_places(model)
    if not n_rows:
        raise DataError(f"{path}: expected rows, found none")
    size = f"{n_rows:,} rows of {model.network.sizes[0]:,} features"
    memory_limit().expect(PER_NUMBER * n_rows * model.network.sizes[0], where=str(path), found=size)
    metric, target = _metric(model), _target(rows, known)
    needs = proba or (target is not None and metric.takes is PredictionKind.PROBABILITIES)
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", CategoryWarning)
            labels = model.predict(X)
        probabilities = None
        if needs:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", CategoryWarning)
                probabilities = model.predict_proba(X)
    except DataError as error:
        found = str(error).removeprefix("X: ").removesuffix("; an array counts by places")
        raise DataError(f"{path}: {found}") from None
    notes += [str(one.message).removeprefix("X: ") for one in told]
    value, judged = _judge(metric, model, labels, probabilities, target=target, rules=known)
    return Prediction(
        labels=labels,
        classes=model.classes,
        probabilities=probabilities if proba else None,
        metric=None if value is None else metric.name,
        value=value,
        notes=[*notes, *judged],
    )


def _ignored(table: Table, known: Sequence[str | None]) -> list[str]:
    """Return the note about columns that the model's study has not named."""
    more = [name for name in table.header if name and name not in {*known, *table.index}]
    if not more:
        return []
    some = "a column" if len(more) == 1 else f"{len(more):,} columns"
    return [f"{some} that the model does not read: {quote(*more)}"]


def _by_places(model: LoadedModel) -> list[str]:
    """Return the note about rows without names for a model that has some."""
    names = model.layout.names
    if model.features is None or names == [f"x{place}" for place in range(len(names))]:
        return []
    return [f"an NPZ file has no names of columns: they count by their places, as {quote(*names)}"]


def _target(rows: Table | ArrayRows, rules: TableRules) -> NDArray[Any] | None:
    if isinstance(rows, ArrayRows):
        return rows.y
    return rows.read_cells(str(rules.target)) if rules.target in rows.header else None


def _metric(model: LoadedModel) -> Metric:
    """Return the metric that the model was chosen by, or the usual one."""
    names = [name.removeprefix(_JUDGED_BY) for name in model.metrics if name.startswith(_JUDGED_BY)]
    values = model.network.predicts_values
    usual = METRICS["r2" if values else "accuracy"]
    metric = METRICS.get(names[0], usual) if names else usual
    return metric if metric.for_classes != values else usual


def _judge(  # noqa: PLR0913 - what was predicted, and what is true
    metric: Metric,
    model: LoadedModel,
    labels: NDArray[Any],
    probabilities: Float64Array | None,
    *,
    target: NDArray[Any] | None,
    rules: TableRules,
) -> tuple[float | None, list[str]]:
    """Return the metric on the rows that have a target, and the note about it."""
    if target is None or target.shape != (len(labels),):
        return None, []
    if metric.takes is PredictionKind.VALUES:
        numbers = true_numbers(target, rules)
        gone, strange = np.isnan(numbers), np.isinf(numbers)
        truth: NDArray[Any] = numbers[:, None]
        predicted: NDArray[Any] = labels.reshape(len(labels), -1)
    else:
        truth = true_classes(target, model.classes, rules)
        gone, strange = truth == MISSING, truth == UNKNOWN
        places = true_classes(labels, model.classes, rules)
        predicted = (
            places if probabilities is None or metric.takes is PredictionKind.LABELS else probabilities
        )
    if gone.all():
        return None, []
    if strange.any():
        row = int(np.flatnonzero(strange)[0])
        what = "number" if metric.takes is PredictionKind.VALUES else "class that the model knows"
        found = (
            f"the target of {strange.sum():,} of the rows is no {what}, such as {target[row]} in row {row}"
        )
        return None, [f"{found}: nothing is measured"]
    value = metric.of(truth[~gone], predicted[~gone])
    if not math.isfinite(value):  # as of rows that are all of one class
        return None, []
    lacks = f"; {gone.sum():,} rows have none" if gone.any() else ""
    return value, [f"{metric.title} {rounded(value)} on the {(~gone).sum():,} rows with a target{lacks}"]
