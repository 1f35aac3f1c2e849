"""Read examples from tables as text: CSV files."""

import csv
import io
import math
import re
from array import array
from collections.abc import Iterator, Sequence

import numpy as np

from hpsearch.data.columns import Numbers, Texts, columns_to_read, expect_different, spread
from hpsearch.data.examples import Examples, class_indices, quote
from hpsearch.data.labels import read_labels
from hpsearch.errors import DataError
from hpsearch.memory import DEFAULT_LIMIT, MemoryLimit

PER_BYTE, PER_CELL = 6, 16
"""Bytes of memory that a byte of a table takes (as it is, as text, in the reader), and a cell as a number."""
_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def read_table(  # noqa: PLR0913 - the columns by what they are
    data: bytes,
    *,
    where: str,
    target: str | None,
    categorical: Sequence[str],
    ignore: Sequence[str],
    limit: MemoryLimit = DEFAULT_LIMIT,
) -> Examples:
    """Return the rows of a CSV file: a header line, then numbers or categories in every column.

    Fields are separated by commas, semicolons or tabs, whichever the header line has most of; blanks around
    a field do not count, nor do empty lines. Labels have the type that pandas gives their column. A
    column whose first cell begins with a letter holds categories, and so does one that ``categorical`` names;
    any other holds numbers.

    Args:
        data: The bytes of the file, UTF-8 with or without a byte-order mark.
        where: Path of the file, for errors.
        target: The column that holds the class.
        categorical: Columns whose cells are categories, even where they look like numbers.
        ignore: Columns that are left out.
        limit: The limit of what may be held in memory.

    Raises:
        DataError: The file is not such a table, or is too large; the message names file, line and column.
    """
    header, records = open_table(data, where=where, limit=limit)
    wanted = columns_to_read(header, target=target, categorical=categorical, ignore=ignore, where=where)
    place_of = {name: place for place, name in enumerate(header)}
    *features, label = map(place_of.__getitem__, wanted)
    cells, labels = _ColumnBuilder(wanted[:-1], categorical), list[str]()
    for line, row in records:
        if len(row) != len(header):
            raise DataError(f"{where}:{line}: expected {len(header)} fields, found {len(row)}")
        labels.append(row[label])
        if not labels[-1]:
            raise DataError(f"{where}:{line}: column {quote(target)}: expected a class, found an empty cell")
        cells.add([row[place] for place in features], f"{where}:{line}")
    if not labels:
        raise DataError(f"{where}: expected rows below the header, found none")
    X, names, one_hot = spread(cells.columns(), where=where, limit=limit)
    read, kind = read_labels(labels, where=f"{where}: column {quote(target)}")
    y, classes = class_indices(read, where=where)
    return Examples(
        where=where, X=X, y=y, classes=classes, features=names, categorical=one_hot, label_type=kind
    )


class _ColumnBuilder:
    """A builder of columns, fed row by row; its first cell decides what a column holds.

    Args:
        names: The columns, in order.
        categorical: Columns that hold categories whatever their first cell.
    """

    def __init__(self, names: Sequence[str], categorical: Sequence[str]) -> None:
        self._names = names
        self._named = frozenset(categorical)
        self._numbers: list[int] = []
        self._codes: dict[int, dict[str, int]] = {}
        self._values = array("d")
        self._texts: dict[int, array[int]] = {}

    def add(self, row: Sequence[str], where: str) -> None:
        if not self._numbers and not self._codes:
            self._begin(row)
        self._values.extend(
            _numbers([row[i] for i in self._numbers], [self._names[i] for i in self._numbers], where)
        )
        for place, codes in self._codes.items():
            self._expect_category(place, row[place], where)
            self._texts[place].append(codes.setdefault(row[place], len(codes)))

    def _begin(self, row: Sequence[str]) -> None:
        for place, (name, cell) in enumerate(zip(self._names, row, strict=True)):
            if name in self._named or (cell[:1].isalpha() and not is_number(cell)):
                self._codes[place] = {}
                self._texts[place] = array("q")
            else:
                self._numbers.append(place)

    def _expect_category(self, place: int, cell: str, where: str) -> None:
        name = self._names[place]
        if not cell:
            raise DataError(f"{where}: column {quote(name)}: expected a category, found an empty cell")
        if name not in self._named and is_number(cell):
            first = next(iter(self._codes[place]))
            raise DataError(
                f"{where}: column {quote(name)}: expected a text as above, or numbers in all rows, found "
                f"{quote(cell)} below {quote(first)}; if it holds categories, name it in categorical"
            )

    def columns(self) -> list[Numbers | Texts]:
        values = np.frombuffer(self._values, dtype=np.float64).reshape(-1, max(len(self._numbers), 1))
        found: dict[int, Numbers | Texts] = {
            place: Numbers(name=self._names[place], values=values[:, i])
            for i, place in enumerate(self._numbers)
        }
        for place, codes in self._codes.items():
            rows = np.frombuffer(self._texts[place], dtype=np.int64)
            found[place] = Texts(name=self._names[place], labels=list(codes), codes=rows)
        return [found[place] for place in sorted(found)]


def open_table(
    data: bytes, *, where: str, limit: MemoryLimit = DEFAULT_LIMIT
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Return the names of the columns, and an iterator over the rows below: the line and the fields of each.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.
        limit: The limit of what may be held in memory.

    Raises:
        DataError: There is no header line that names two columns or more, or the file is too large.
    """
    cells = sum(map(data.count, (b"\n", *map(str.encode, _DELIMITERS))))
    found = f"{len(data):,} bytes of text, {cells:,} cells"
    limit.expect(PER_BYTE * len(data) + PER_CELL * cells, where=where, found=found)
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
    expect_different(header, where=f"{where}:{line}")
    if len(header) < 2:
        raise DataError(f"{where}:{line}: expected at least 2 columns, found {quote(*header)} alone")
    return header


def _numbers(cells: Sequence[str], names: Sequence[str], where: str) -> list[float]:
    numbers = [_number(cell) for cell in cells]
    for name, cell, number in zip(names, cells, numbers, strict=True):
        if not math.isfinite(number):
            found = quote(cell) if cell else "an empty cell"
            hint = "; if it holds categories, name it in categorical" if cell and not is_number(cell) else ""
            raise DataError(f"{where}: column {quote(name)}: expected a finite number, found {found}{hint}")
    return numbers


def _number(cell: str) -> float:
    """Return a cell as a number; NaN for a text that is none, such as Python's own ``1_000``."""
    try:
        return math.nan if "_" in cell else float(cell)
    except ValueError:
        return math.nan


def is_number(cell: str) -> bool:
    """Return whether a cell is a number, finite or not."""
    return not math.isnan(_number(cell)) or cell.strip("+-").lower() == "nan"
