"""Read tables that are text: CSV files and their relatives."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.examples import Label, quote
from hpsearch.data.labels import read_labels
from hpsearch.data.tables.cells import CellRules, cell_rules, plain_numbers, shows_a_mark, typed
from hpsearch.data.tables.columns import Column, Numbers, Table, Texts, coded, expect_different
from hpsearch.data.tables.dialect import Dialect, find_dialect
from hpsearch.data.tables.encoding import decoded
from hpsearch.errors import DataError, first_line
from hpsearch.memory import DEFAULT_LIMIT, MemoryLimit
from hpsearch.study_file import DataSpec

_CODE = re.compile(r"\s*0[0-9]")
PER_BYTE, PER_CELL = 8, 80
"""Bytes of memory that a byte of a table takes (as it is, as text, in pandas), and a cell as a text."""


def read_text(  # noqa: PLR0913 - what a file says, and what is asked of it
    data: bytes,
    *,
    where: str,
    spec: DataSpec,
    limit: MemoryLimit = DEFAULT_LIMIT,
    plain: bool = False,
    least: int = 2,
) -> Table:
    """Return the table that a text is: a header line, then rows of numbers, categories or dates.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.
        spec: The data's part of the study.
        limit: The limit of what may be held in memory.
        plain: Whether to read as version 1 did.
        least: The least number of columns.

    Raises:
        DataError: The file is no such table, or is too large; the message names file and line.
    """
    cells = data.count(b"\n") + max(map(data.count, (b",", b";", b"\t", b"|", b" ")))
    found = f"{len(data):,} bytes of text, {cells:,} cells"
    limit.expect(PER_BYTE * len(data) + PER_CELL * cells, where=where, found=found)
    text, notes = decoded(data, where=where)
    if "\n" not in text:
        text = text.replace("\r", "\n")
    dialect = find_dialect(text, header=spec.header, where=where, plain=plain, least=least)
    body = _from_line(text, dialect.line)
    columns = _columns(body, dialect, where)
    header, columns = _header(columns, dialect, spec=spec, where=f"{where}:{dialect.line}", plain=plain)
    if not len(columns[0]):
        raise DataError(f"{where}: expected rows below the header, found none")
    texts = TextTable(
        header=header, cells=columns, separator=dialect.separator, spec=spec, where=where, plain=plain
    )
    return texts.table([*notes, *dialect.notes])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextTable:
    """The cells of a table as texts.

    Attributes:
        header: The names of its columns.
        cells: The cells of each column.
        separator: The separator of the file, which may decide what a comma in a number is.
        spec: The data's part of the study.
        where: Path of the file, for errors.
        plain: Whether to read as version 1 did.
    """

    header: Sequence[str]
    cells: Sequence[Sequence[str]]
    separator: str
    spec: DataSpec
    where: str
    plain: bool = False
    _places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {name: place for place, name in enumerate(self.header)})

    def table(self, notes: Sequence[str]) -> Table:
        """Return the table; ``notes`` are what was passed over or guessed so far."""
        return Table(
            header=self.header,
            read_columns=self.read_columns,
            read_labels=self.read_labels,
            read_cells=self.read_cells,
            notes=notes,
        )

    def read_columns(self, names: Sequence[str]) -> tuple[list[Column], list[str], list[str]]:
        """Return the columns of some names as what they hold, notes about them, and what is wrong with them.

        Raises:
            DataError: A comma in the numbers could be either mark.
        """
        spec, named, faults = self.spec, self._named, list[str]()
        known = {} if spec.missing or spec.decimal == "," else self._numbers(names)
        texts = {name: self._texts(name) for name in names if name not in known}
        if any(map(shows_a_mark, texts.values())):  # what it is follows from all columns of numbers
            known, texts = {}, {name: texts.get(name) or self._texts(name) for name in names}
        rules = self._rules(texts.values())
        unsaid = list[str]()  # weights cannot be categories: what is wrong with them is said elsewhere
        found = {
            n: typed(c, rules=rules, named=n in named, faults=unsaid if n == spec.weights else faults)
            for n, c in texts.items()
        }
        said = [note for n, (_, several) in found.items() if n != spec.weights for note in several]
        if rules.decimal == "," and spec.decimal is None:
            said.append('numbers are read with a decimal comma; decimal = "." in [data] reads a point')
        return [known[name] if name in known else found[name][0] for name in names], said, faults

    def read_labels(self, name: str) -> tuple[list[Label | None], str]:
        """Return the label of each row in a column, ``None`` where it is missing, and their type.

        Raises:
            DataError: A label is no finite number among numbers.
        """
        column = self._texts(name)
        gone = {"", *(() if self.plain else self._rules([]).missing)}
        texts = [column.labels[code] for code in column.codes]
        kept = [text for text in texts if text not in gone]
        labels, kind = read_labels(kept, where=f"{self.where}: column {quote(name)}") if kept else ([], "")
        rest = iter(labels)
        return [None if text in gone else next(rest) for text in texts], kind

    def read_cells(self, name: str) -> NDArray[Any]:
        """Return the cells of a column as texts, ``(n,)``."""
        return np.array([*map(str.strip, self._cells_of(name))], dtype=object)

    def _rules(self, columns: Iterable[Texts]) -> CellRules:
        return cell_rules(
            columns, spec=self.spec, separator=self.separator, where=self.where, plain=self.plain
        )

    def _texts(self, name: str) -> Texts:
        labels, codes = coded([*map(str.strip, self._cells_of(name))])
        return Texts(name=name, labels=labels, codes=codes)

    def _numbers(self, names: Sequence[str]) -> dict[str, Numbers]:
        """Return the columns that hold plain numbers in all rows, without a look at each different text."""
        found, named = dict[str, Numbers](), self._named
        for name in names:
            cells = self._cells_of(name)
            values = None if name in named else plain_numbers(cells)
            if values is not None and not any(map(_CODE.match, cells)):
                found[name] = Numbers(name=name, values=np.array(values))
        return found

    @property
    def _named(self) -> frozenset[str]:
        """The columns of categories that look like numbers."""
        return frozenset(self.spec.categorical).difference([self.spec.weights])

    def _cells_of(self, name: str) -> Sequence[str]:
        return self.cells[self._places[name]]


def _from_line(text: str, line: int) -> str:
    """Return a text from one of its lines on."""
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return text[start:]


def _columns(body: str, dialect: Dialect, where: str) -> list[list[str]]:
    """Return the cells of all columns, the header's among them where there is one."""
    import pandas as pd  # noqa: PLC0415 - half a second, once for each file: the cache has the rest

    options: dict[str, Any] = {"header": None, "dtype": object, "na_filter": False, "index_col": False}
    try:
        frame = pd.read_csv(
            io.BytesIO(body.encode()), sep=dialect.separator, names=range(dialect.width), **options
        )
    except (ValueError, UnicodeError) as error:  # pandas' own are values, too
        found = first_line(error).removeprefix("Error tokenizing data. C error: ")
        raise DataError(f"{where}: expected a table of text, found: {found}") from None
    if len(frame) != dialect.n_records:
        found = f"{dialect.n_records:,} lines that hold {len(frame):,} rows; is a quotation mark not closed?"
        raise DataError(f"{where}: expected a row on each line, found {found}")
    return [list(column) for column in frame.to_numpy().T.tolist()]


def _header(
    columns: list[list[str]], dialect: Dialect, *, spec: DataSpec, where: str, plain: bool
) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns, and their cells below."""
    if not spec.header:
        return [f"x{place}" for place in range(len(columns))], columns
    names = [str(column[0]).strip() for column in columns]
    cells = [column[1:] for column in columns]
    trailing = not plain and all(not cell.strip() for cell in cells[-1])
    if dialect.has_index:
        # R leaves out the name of the first field; a separator at the end of each row looks the same.
        names = [*names[:-1], ""] if trailing else ["", *names[:-1]]
    if not plain:
        names[0] = names[0].lstrip("# ")
    if trailing and not names[-1]:
        names, cells = names[:-1], cells[:-1]
    unnamed = [place for place, name in enumerate(names) if not name and (plain or place > 0)]
    if unnamed:
        found = ", ".join(str(place + 1) for place in unnamed)
        raise DataError(f"{where}: expected a name for column {found}, found a blank")
    hint = "; if the file has no header, write header = false in [data]"
    looks = [name for name in names if names[0] and _is_a_value(name)]
    expect_different(names, where=where, hint=hint if any(name.isdigit() for name in names) else "")
    if looks and not plain:
        raise DataError(f"{where}: expected names of columns, found {quote(*looks)}{hint}")
    return names, cells


def _is_a_value(name: str) -> bool:
    """Return whether the name of a column is a number that is not whole, as no header has it."""
    whole, _, fraction = name.lstrip("+-").partition(".")
    return fraction.isdigit() and (whole.isdigit() or not whole)
