"""Tables as files: CSV, JSON lines, Parquet, written as they are read; files that are whole or not there."""

import csv
import errno
import json
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from hpsearch.errors import HpsearchError
from hpsearch.files import is_database, is_replaceable, without_waiting
from hpsearch.report.exports.parquet import write_parquet
from hpsearch.report.exports.tables import Cell, Table

Write: TypeAlias = Callable[[Table, TextIO], int]
"""Writes a table; returns the number of its rows."""

_FORMULA = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet may take for the beginning of a formula; the last four are the wide forms of the first.

Source: OWASP, "CSV Injection"; CWE-1236.
"""


class ExportError(HpsearchError):
    """The file cannot be written: choose another place, or make room."""


def write_csv(table: Table, file: TextIO) -> int:
    """Write a header and one line a row.

    Numbers are written so that they read back to the same bits. A text that a spreadsheet would run gets a
    quote in front, in the header, too, unless the table is raw.
    """
    show = _shown if table.raw else _neutral
    writer = csv.writer(file, lineterminator="\n")
    n_lines = 0
    for line in table.lines():
        writer.writerow(map(show, line))
        n_lines += 1
    return n_lines - 1


def write_jsonl(table: Table, file: TextIO) -> int:
    """Write one JSON object a row; a number that is not finite is the text ``nan``, ``inf`` or ``-inf``."""
    n_rows = 0
    for document in table.documents():
        file.write(json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
        n_rows += 1
    return n_rows


FORMATS: Mapping[str, Write] = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}
"""The formats by name, which is also the ending of their files."""


STDOUT = Path("-")
_NO_READER = "a pipe that nobody reads"


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Give a file to write; it takes the place of ``path`` when it is whole, or leaves no trace.

    What is not a file, such as a pipe or ``/dev/null``, is written to as it is; ``-`` is standard output.

    Raises:
        ExportError: The file cannot be written, or is a database.
    """
    if path == STDOUT:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        yield sys.stdout
        return
    target = Path(os.path.realpath(path))
    try:
        if is_database(target):
            raise ExportError(f"{path}: expected a file that may be replaced, found a database; name another")
        if not is_replaceable(target):
            with open(target, "w", encoding="utf-8", newline="", opener=without_waiting) as file:
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
        reason = _NO_READER if error.errno == errno.ENXIO else (error.strerror or str(error)).lower()
        raise ExportError(f"{path}: expected a file that can be written, found: {reason}") from error


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
