"""A study as a table: one row a trial, as CSV or JSON lines, written as it is read."""

import csv
import json
import math
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from hpsearch.errors import HpsearchError
from hpsearch.report.text import STATE_WORDS
from hpsearch.spec import Space
from hpsearch.store import ExportRow, Ledger, Study

Cell: TypeAlias = str | float | bool | None
Write: TypeAlias = Callable[["Table", TextIO], int]
"""Writes a table; returns the number of its rows."""

_FORMULA = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet may take for the beginning of a formula; the last four are the wide forms of the first.

Source: OWASP, "CSV Injection"; CWE-1236.
"""


class ExportError(HpsearchError):
    """The file cannot be written: choose another place, or make room."""


class Table:
    """A study's trials, read when they are asked for.

    Args:
        ledger: The database.
        study: The study.
        space: Its search space.
        raw: Whether texts that a spreadsheet may take for formulas are left as they are.
    """

    def __init__(self, ledger: Ledger, study: Study, space: Space, *, raw: bool = False) -> None:
        self._ledger = ledger
        self._study = study
        self.names: Sequence[str] = space.names
        self._space = space
        self.raw = raw

    @property
    def rows(self) -> Iterator[ExportRow]:
        """The trials."""
        return self._ledger.rows(self._study, self._space)

    @property
    def epochs(self) -> Sequence[int]:
        """The epochs of the longest curves."""
        return self._ledger.epochs(self._study)


def write_csv(table: Table, file: TextIO) -> int:
    """Write a header and one line a trial: a column for each parameter and for each epoch.

    Numbers are written so that they read back to the same bits. A text that a spreadsheet would run gets a
    quote in front, unless the table is raw.
    """
    epochs = table.epochs
    show = _shown if table.raw else _neutral
    writer = csv.writer(file, lineterminator="\n")
    header = [*_HEAD, *(f"params.{name}" for name in table.names), *(f"epoch_{n}" for n in epochs), *_TAIL]
    writer.writerow(map(show, header))
    n_rows = 0
    for row in table.rows:
        params = [row.params.get(name) for name in table.names]
        curve = [row.curve.get(epoch) for epoch in epochs]
        writer.writerow(map(show, [*_cells(row, _HEAD), *params, *curve, *_cells(row, _TAIL)]))
        n_rows += 1
    return n_rows


def write_jsonl(table: Table, file: TextIO) -> int:
    """Write one JSON object a trial; a number that is not finite is the text ``nan``, ``inf`` or ``-inf``."""
    n_rows = 0
    for row in table.rows:
        document: dict[str, object] = {name: _plain(cell(row)) for name, cell in (_HEAD | _TAIL).items()}
        document["params"] = dict(row.params)
        document["curve"] = {str(epoch): _plain(accuracy) for epoch, accuracy in row.curve.items()}
        file.write(json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
        n_rows += 1
    return n_rows


FORMATS: Mapping[str, Write] = {"csv": write_csv, "jsonl": write_jsonl}
"""The formats by name, which is also the ending of their files."""


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Give a file to write; it takes the place of ``path`` when it is whole, or leaves no trace.

    What is not a file, such as a pipe or ``/dev/null``, is written to as it is.

    Raises:
        ExportError: The file cannot be written.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            with target.open("w", encoding="utf-8", newline="") as file:
                yield file
            return
        part = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
        try:
            with part.open("x", encoding="utf-8", newline="") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ExportError(f"{path}: expected a file that can be written, found: {reason}") from error


def _cells(row: ExportRow, columns: Mapping[str, Callable[[ExportRow], Cell]]) -> Iterable[Cell]:
    return (cell(row) for cell in columns.values())


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


def _plain(cell: Cell) -> Cell:
    """Return a cell as strict JSON can hold it."""
    return repr(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell


def _shown(cell: Cell) -> Any:
    """Return a cell as CSV holds it; ``csv`` itself writes numbers so that they read back."""
    return str(cell).lower() if isinstance(cell, bool) else cell


def _neutral(cell: Cell) -> Any:
    """Return a cell that no spreadsheet takes for a formula; a number in words is none."""
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return _shown(cell)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text
