"""A study as tables: one row a trial, or one row an epoch. Rows are read as they are used."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from hpsearch.report.text import STATE_WORDS
from hpsearch.space import Parameter, Value, json_value, plain_value
from hpsearch.store import ExportRow, Ledger, Maker, Study

Cell: TypeAlias = str | float | bool | None


class ColumnType(StrEnum):
    """The type of the cells in a column; any cell may be missing."""

    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    TEXT = "text"
    TIME = "time"
    CURVE = "curve"


_TYPES: Mapping[type, ColumnType] = {
    bool: ColumnType.BOOL,
    int: ColumnType.INT,
    float: ColumnType.FLOAT,
    str: ColumnType.TEXT,
    tuple: ColumnType.TEXT,
}


Columns: TypeAlias = Mapping[str, tuple[ColumnType, Callable[[ExportRow], Any]]]
"""Name of a column -> what its cells are, and what reads one from a row."""


class ExportTable(Protocol):
    """A table that is read row by row; each format takes the shape that suits it.

    Attributes:
        raw: Whether texts that a spreadsheet may take for formulas are left as they are.
    """

    raw: bool

    @property
    def columns(self) -> Mapping[str, ColumnType]:
        """The columns of ``records``."""

    def lines(self) -> Iterator[Sequence[Cell]]:
        """Give a header and then each row, flat, as CSV holds them."""

    def documents(self) -> Iterator[Mapping[str, object]]:
        """Give each row as strict JSON holds it."""

    def records(self) -> Iterator[Mapping[str, object]]:
        """Give each row as columns hold it."""


class TrialTable:
    """One row a trial: parameters, curve, value, times.

    Args:
        ledger: The database.
        study: The study.
        raw: Whether texts that a spreadsheet may take for formulas are left as they are.
    """

    def __init__(self, ledger: Ledger, study: Study, *, raw: bool = False) -> None:
        self._ledger, self._study, self._space = ledger, study, study.space
        self.raw = raw
        own = study.maker is Maker.HPSEARCH
        self._head = {name: one for name, one in _HEAD.items() if own or name not in _UNRECORDED}
        self._tail = {name: one for name, one in _TAIL.items() if own or name not in _UNRECORDED}

    def _rows(self) -> Iterator[ExportRow]:
        return self._ledger.rows(self._study)

    def lines(self) -> Iterator[Sequence[Cell]]:
        """Give a column for each parameter and for each epoch of the longest curve."""
        epochs, names = self._ledger.epochs(self._study), self._space.names
        yield [*self._head, *map(_param, names), *(f"epoch_{n}" for n in epochs), *self._tail]
        for row in self._rows():
            params = [_cell(row.params.get(name)) for name in names]
            curve = [row.curve.get(epoch) for epoch in epochs]
            yield [*_cells(row, self._head), *params, *curve, *_cells(row, self._tail)]

    def documents(self) -> Iterator[Mapping[str, object]]:
        """Give parameters and curve as objects of their own."""
        for row in self._rows():
            named = zip(
                (*self._head, *self._tail), (*_cells(row, self._head), *_cells(row, self._tail)), strict=True
            )
            document: dict[str, object] = {name: _plain(cell) for name, cell in named}
            document["params"] = {name: json_value(value) for name, value in row.params.items()}
            document["curve"] = {str(epoch): _plain(accuracy) for epoch, accuracy in row.curve.items()}
            yield document

    @property
    def columns(self) -> Mapping[str, ColumnType]:
        """A column for each parameter; the curve is one column of lists."""
        params = {_param(parameter.name): _column_type(parameter) for parameter in self._space}
        return {**_types(self._head), **params, "curve": ColumnType.CURVE, **_types(self._tail)}

    def records(self) -> Iterator[Mapping[str, object]]:
        """Give the curve as a list, one accuracy an epoch, the first epoch first."""
        for row in self._rows():
            record = _values(row, self._head) | _values(row, self._tail)
            record |= {_param(name): _cell(row.params.get(name)) for name in self._space.names}
            # Another program may have reported epochs 5 and 1e9 alone to Optuna: a list has no gaps.
            record["curve"] = [row.curve.get(epoch) for epoch in range(1, len(row.curve) + 1)]
            yield record


class CurveTable:
    """One row an epoch of a trial: number, epoch, accuracy; the value at a report where there are no rows.

    Args:
        ledger: The database.
        study: The study.
        raw: Of no effect: there are no texts.
    """

    def __init__(self, ledger: Ledger, study: Study, *, raw: bool = False) -> None:
        self._ledger, self._study = ledger, study
        self.raw = raw

    @property
    def columns(self) -> Mapping[str, ColumnType]:
        """Number, epoch or step, and what was measured."""
        names = ("epoch", "accuracy") if self._study.spec.has_data else ("step", "value")
        return {"number": ColumnType.INT, names[0]: ColumnType.INT, names[1]: ColumnType.FLOAT}

    def lines(self) -> Iterator[Sequence[Cell]]:
        """Give the three columns."""
        yield [*self.columns]
        for row in self._ledger.rows(self._study):
            for epoch, accuracy in row.curve.items():
                yield row.number, epoch, accuracy

    def documents(self) -> Iterator[Mapping[str, object]]:
        """Give the three columns by name."""
        for record in self.records():
            yield {name: _plain(cell) for name, cell in record.items()}

    def records(self) -> Iterator[Mapping[str, Any]]:
        """Give the three columns by name."""
        lines = self.lines()
        names = [str(name) for name in next(lines)]
        for line in lines:
            yield dict(zip(names, line, strict=True))


TABLES: Mapping[str, Callable[..., ExportTable]] = {"trials": TrialTable, "curves": CurveTable}
"""The tables by name."""


def _param(name: str) -> str:
    return f"params.{name}"


def _cell(value: Value | None) -> Cell:
    """Return a parameter's value as a cell of a table: a list as its text."""
    return None if value is None else plain_value(value)


def _column_type(parameter: Parameter) -> ColumnType:
    if parameter.kind == "choice":
        return _TYPES[type(parameter.choices[0])]
    return ColumnType.INT if parameter.kind == "int" else ColumnType.FLOAT


def _types(columns: Columns) -> dict[str, ColumnType]:
    return {name: kind for name, (kind, _) in columns.items()}


def _values(row: ExportRow, columns: Columns) -> dict[str, Any]:
    return {name: value(row) for name, (_, value) in columns.items()}


def _cells(row: ExportRow, columns: Columns) -> Iterator[Cell]:
    """Yield the cells of a row as CSV and JSON hold them: times as text."""
    for value in _values(row, columns).values():
        yield value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


_UNRECORDED = ("stage", "attempts", "reason")
"""Columns that the table of a study that Optuna alone has made does not have."""
_HEAD: Columns = {
    "number": (ColumnType.INT, lambda row: row.number),
    "state": (ColumnType.TEXT, lambda row: STATE_WORDS[row.state]),
    "stage": (ColumnType.TEXT, lambda row: row.stage),
    "value": (ColumnType.FLOAT, lambda row: row.value),
}
_TAIL: Columns = {
    "attempts": (ColumnType.INT, lambda row: row.attempts),
    "started": (ColumnType.TIME, lambda row: _utc(row.started)),
    "ended": (ColumnType.TIME, lambda row: _utc(row.ended)),
    "seconds": (ColumnType.FLOAT, lambda row: row.seconds),
    "reason": (ColumnType.TEXT, lambda row: row.reason),
}


def _plain(cell: Cell) -> Cell:
    """Return a cell as strict JSON can hold it."""
    return repr(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell
