"""Tables: CSV files."""

import csv
import io
import math
import re
from array import array
from collections.abc import Iterator, Sequence

import numpy as np

from hpsearch.data.examples import Examples, Label, label_rows, quote
from hpsearch.errors import DataError, did_you_mean

_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def read_table(data: bytes, *, where: str, target: str | None) -> Examples:
    """Return the rows of a CSV file: a header line, numbers in every column but the target.

    Fields are separated by commas, semicolons or tabs, whichever the header line has most of; blanks around
    a field do not count, nor do empty lines. Labels are whole numbers if all of them are, else texts.

    Args:
        data: The bytes of the file, UTF-8 with or without a byte-order mark.
        where: Path of the file, for errors.
        target: Name of the column that holds the class.

    Raises:
        DataError: The file is not such a table; the message names file, line and column.
    """
    header, records = open_table(data, where=where)
    column = _target_column(header, target, where)
    values, labels = array("d"), list[str]()
    for line, row in records:
        if len(row) != len(header):
            raise DataError(f"{where}:{line}: expected {len(header)} fields, found {len(row)}")
        labels.append(row.pop(column))
        if not labels[-1]:
            raise DataError(
                f"{where}:{line}: column {quote(header[column])}: expected a class, found an empty cell"
            )
        values.extend(_numbers(row, header[:column] + header[column + 1 :], f"{where}:{line}"))
    if not labels:
        raise DataError(f"{where}: expected rows below the header, found none")
    X = np.frombuffer(values, dtype=np.float64).reshape(len(labels), len(header) - 1)
    return label_rows(X, _labels(labels), where=where, features=header[:column] + header[column + 1 :])


def open_table(data: bytes, *, where: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Return the names of the columns, and what yields the line and the fields of each row below them.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.

    Raises:
        DataError: There is no header line that names two columns or more.
    """
    records = _records(_text(data, where), where)
    return _header(records, where), records


def _text(data: bytes, where: str) -> str:
    if data.startswith(_WIDE_MARKS):
        raise DataError(f"{where}: expected UTF-8 text, found UTF-16 or UTF-32; save the file as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x}"
        raise DataError(
            f"{where}:{line}: expected UTF-8 text, found {found}; save the file as UTF-8"
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{where}:{line}: expected text, found a NUL character; is it a CSV file in UTF-8?")
    return text


def _records(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line a record begins on, and its fields without the blanks around them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, [field.strip() for field in row]
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{where}:{line}: expected comma-separated fields, found: {error}") from None


def _delimiter(text: str) -> str:
    head = _QUOTED.sub("", text.lstrip("\r\n").partition("\n")[0])
    return max(_DELIMITERS, key=head.count)


def _header(records: Iterator[tuple[int, list[str]]], where: str) -> list[str]:
    line, header = next(records, (0, []))
    if not header:
        raise DataError(f"{where}: expected a header line and rows, found an empty file")
    for place, name in enumerate(header):
        if not name:
            raise DataError(f"{where}:{line}: expected a name for column {place + 1}, found a blank")
        if name in header[:place]:
            raise DataError(f"{where}:{line}: expected different names, found {quote(name)} twice")
    if len(header) < 2:
        raise DataError(f"{where}:{line}: expected at least 2 columns, found {quote(*header)} alone")
    return header


def _target_column(header: list[str], target: str | None, where: str) -> int:
    if target is None:
        raise DataError(
            f'{where}: expected target = "..." to name the column of the class, one of {quote(*header)}'
        )
    if target not in header:
        hint = did_you_mean(target, header) or f"; the columns are {quote(*header)}"
        raise DataError(f"{where}: expected a column {quote(target)}, found none{hint}")
    return header.index(target)


def _numbers(cells: Sequence[str], names: Sequence[str], where: str) -> list[float]:
    numbers = [read_number(cell) for cell in cells]
    for name, cell, number in zip(names, cells, numbers, strict=True):
        if not math.isfinite(number):
            found = quote(cell) if cell else "an empty cell"
            raise DataError(f"{where}: column {quote(name)}: expected a finite number, found {found}")
    return numbers


def read_number(cell: str) -> float:
    """Return a number; NaN for what is none, such as Python's own ``1_000``."""
    try:
        return math.nan if "_" in cell else float(cell)
    except ValueError:
        return math.nan


def _labels(labels: list[str]) -> Sequence[Label]:
    return [int(label) for label in labels] if all(map(_WHOLE.fullmatch, labels)) else labels
