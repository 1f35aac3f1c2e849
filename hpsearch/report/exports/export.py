"""Writers of tables: CSV, JSON lines and Parquet, row by row as the database is read."""

import csv
import json
from collections.abc import Callable, Mapping
from typing import Any, TextIO, TypeAlias

from hpsearch.report.exports.parquet import write_parquet
from hpsearch.report.exports.tables import Cell, ExportTable

Write: TypeAlias = Callable[[ExportTable, TextIO], int]
"""Writes a table; returns the number of its rows."""

_FORMULA = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet may take for the beginning of a formula; the last four are the wide forms of the first.

Source: OWASP, "CSV Injection"; CWE-1236.
"""


def write_csv(table: ExportTable, file: TextIO) -> int:
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


def write_jsonl(table: ExportTable, file: TextIO) -> int:
    """Write one JSON object a row; a number that is not finite is the text ``nan``, ``inf`` or ``-inf``."""
    n_rows = 0
    for document in table.documents():
        file.write(json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
        n_rows += 1
    return n_rows


FORMATS: Mapping[str, Write] = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}
"""The formats by name, which is also the ending of their files."""


def _shown(cell: Cell) -> Any:
    """Return a cell as CSV holds it; ``csv`` itself writes numbers so that they read back."""
    return str(cell).lower() if isinstance(cell, bool) else cell


def _neutral(cell: Cell) -> Any:
    """Return a cell that no spreadsheet takes for a formula; the text of a number is not a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return _shown(cell)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text
