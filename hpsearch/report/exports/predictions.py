"""Predictions as a table: one row a row of the file, in its order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from hpsearch.prediction.prediction import Prediction
from hpsearch.report.exports.tables import Cell, ColumnType

_KINDS = {"b": ColumnType.BOOL, "i": ColumnType.INT, "u": ColumnType.INT, "f": ColumnType.FLOAT}


class PredictionTable:
    """One row a predicted row: ``prediction``, and ``probability of CLASS`` for each class.

    Args:
        prediction: What was predicted.
        raw: Whether texts that a spreadsheet may take for formulas are left as they are.
    """

    def __init__(self, prediction: Prediction, *, raw: bool = False) -> None:
        self.raw = raw
        self.columns: Mapping[str, ColumnType] = {}
        self._values = list[Sequence[Any]]()
        labels = prediction.labels.reshape(len(prediction.labels), -1)
        names = (
            ["prediction"] if labels.shape[1] == 1 else [f"prediction {k}" for k in range(labels.shape[1])]
        )
        self._add(names, labels)
        if prediction.probabilities is not None:
            self._add([f"probability of {c}" for c in _cells(prediction.classes)], prediction.probabilities)

    def _add(self, names: Sequence[str], values: Any) -> None:
        for place, (name, column) in enumerate(zip(names, values.T, strict=True)):
            cells = _cells(column)
            whole = values.dtype.kind == "O" and all(
                isinstance(cell, int) and abs(cell) < 2**63 for cell in cells
            )
            kind = ColumnType.INT if whole else _KINDS.get(values.dtype.kind, ColumnType.TEXT)
            if kind is ColumnType.TEXT or (kind is ColumnType.INT and max(cells, default=0) >= 2**63):
                kind, cells = ColumnType.TEXT, [str(cell) for cell in cells]
            # A column of 1 and 1.0 has two classes of one label.
            own = f"{name} ({place})" if name in self.columns else name
            self.columns = {**self.columns, own: kind}
            self._values.append(cells)

    def lines(self) -> Iterator[Sequence[Cell]]:
        """Yield a header and then each row."""
        yield list(self.columns)
        yield from zip(*self._values, strict=True)

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield each row by the names of the columns."""
        for row in zip(*self._values, strict=True):
            yield dict(zip(self.columns, row, strict=True))

    def documents(self) -> Iterator[Mapping[str, object]]:
        """Yield each row as strict JSON holds it."""
        return self.records()

    def by_column(self) -> dict[str, Sequence[Any]]:
        """Return column -> its cells."""
        return dict(zip(self.columns, self._values, strict=True))


def _cells(column: Any) -> list[Any]:
    """Return a column as Python has it; a date is its text."""
    return list((np.datetime_as_string(column) if column.dtype.kind == "M" else column).tolist())
