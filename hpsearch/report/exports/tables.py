"""A study as tables: one row a trial, or one row an epoch; read when they are asked for."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from hpsearch.report.text import STATE_WORDS
from hpsearch.space import Parameter
from hpsearch.store import ExportRow, Ledger, Study

Cell: TypeAlias = str | float | bool | None


class Kind(StrEnum):
    """What the cells of a column are; any may be missing."""

    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    TEXT = "text"
    TIME = "time"
    CURVE = "curve"


_KINDS = {bool: Kind.BOOL, int: Kind.INT, float: Kind.FLOAT, str: Kind.TEXT}


class Table(Protocol):
    """A table that is read row by row; each format takes the shape that suits it.

    Attributes:
        raw: Whether texts that a spreadsheet may take for formulas are left as they are.
    """

    raw: bool

    @property
    def columns(self) -> Mapping[str, Kind]:
        """The columns of ``records``."""

    def lines(self) -> Iterator[Sequence[Cell]]:
        """Give a header and then each row, flat, as CSV holds them."""

    def documents(self) -> Iterator[Mapping[str, object]]:
        """Give each row as strict JSON holds it."""

    def records(self) -> Iterator[Mapping[str, object]]:
        """Give each row as columns hold it."""


class Trials:
    """One row a trial: parameters, curve, value, times.

    Args:
        ledger: The database.
        study: The study.
        raw: Whether texts that a spreadsheet may take for formulas are left as they are.
    """

    def __init__(self, ledger: Ledger, study: Study, *, raw: bool = False) -> None:
        self._ledger, self._study, self._space = ledger, study, study.space
        self.raw = raw

    def _rows(self) -> Iterator[ExportRow]:
        return self._ledger.rows(self._study)

    def lines(self) -> Iterator[Sequence[Cell]]:
        """Give a column for each parameter and for each epoch of the longest curve."""
        epochs, names = self._ledger.epochs(self._study), self._space.names
        yield [*_HEAD, *map(_param, names), *(f"epoch_{n}" for n in epochs), *_TAIL]
        for row in self._rows():
            params = [row.params.get(name) for name in names]
            curve = [row.curve.get(epoch) for epoch in epochs]
            yield [*_cells(row, _HEAD), *params, *curve, *_cells(row, _TAIL)]

    def documents(self) -> Iterator[Mapping[str, object]]:
        """Give parameters and curve as objects of their own."""
        for row in self._rows():
            document: dict[str, object] = {name: _plain(cell(row)) for name, cell in (_HEAD | _TAIL).items()}
            document["params"] = dict(row.params)
            document["curve"] = {str(epoch): _plain(accuracy) for epoch, accuracy in row.curve.items()}
            yield document

    @property
    def columns(self) -> Mapping[str, Kind]:
        """A column for each parameter; the curve is one column of lists."""
        params = {_param(parameter.name): _kind(parameter) for parameter in self._space}
        return {**_HEAD_KINDS, **params, "curve": Kind.CURVE, **_TAIL_KINDS}

    def records(self) -> Iterator[Mapping[str, object]]:
        """Give the curve as a list, one accuracy an epoch, the first epoch first."""
        for row in self._rows():
            record: dict[str, object] = {name: cell(row) for name, cell in (_HEAD | _TAIL).items()}
            record |= {_param(name): row.params.get(name) for name in self._space.names}
            record |= {"started": _utc(row.started), "ended": _utc(row.ended)}
            # Somebody else may have told Optuna of epochs 5 and 1e9 alone: a list has no gaps.
            record["curve"] = [row.curve.get(epoch) for epoch in range(1, len(row.curve) + 1)]
            yield record


class Curves:
    """One row an epoch of a trial: number, epoch, accuracy.

    Args:
        ledger: The database.
        study: The study.
        raw: Of no effect: there are no texts.
    """

    columns: Mapping[str, Kind] = {"number": Kind.INT, "epoch": Kind.INT, "accuracy": Kind.FLOAT}

    def __init__(self, ledger: Ledger, study: Study, *, raw: bool = False) -> None:
        self._ledger, self._study, self._space = ledger, study, study.space
        self.raw = raw

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


TABLES: Mapping[str, Callable[..., Table]] = {"trials": Trials, "curves": Curves}
"""The tables by name."""


def _param(name: str) -> str:
    return f"params.{name}"


def _kind(parameter: Parameter) -> Kind:
    if parameter.kind == "choice":
        return _KINDS[type(parameter.choices[0])]
    return Kind.INT if parameter.kind == "int" else Kind.FLOAT


def _cells(row: ExportRow, columns: Mapping[str, Callable[[ExportRow], Cell]]) -> Iterable[Cell]:
    return (cell(row) for cell in columns.values())


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.replace(tzinfo=UTC).isoformat(timespec="microseconds")


_HEAD: dict[str, Callable[[ExportRow], Cell]] = {
    "number": lambda row: row.number,
    "state": lambda row: STATE_WORDS[row.state],
    "stage": lambda row: row.stage,
    "value": lambda row: row.value,
}
_TAIL: dict[str, Callable[[ExportRow], Cell]] = {
    "attempts": lambda row: row.attempts,
    "started": lambda row: _time(row.started),
    "ended": lambda row: _time(row.ended),
    "seconds": lambda row: row.seconds,
    "reason": lambda row: row.reason,
}
_HEAD_KINDS = {"number": Kind.INT, "state": Kind.TEXT, "stage": Kind.TEXT, "value": Kind.FLOAT}
_TAIL_KINDS = {
    "attempts": Kind.INT,
    "started": Kind.TIME,
    "ended": Kind.TIME,
    "seconds": Kind.FLOAT,
    "reason": Kind.TEXT,
}


def _plain(cell: Cell) -> Cell:
    """Return a cell as strict JSON can hold it."""
    return repr(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell
