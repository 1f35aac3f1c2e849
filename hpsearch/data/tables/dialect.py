"""Find out how a table of text is written: its separator, its header line, and the lines around them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hpsearch.data.examples import quote
from hpsearch.errors import DataError

BLANKS = r"\s+"
"""The separator of a table whose fields stand apart by blanks, one or more."""

SEPARATORS = ("\t", ";", "|", ",")
"""Separators, the likelier first where two fit: a comma may also stand within numbers."""

_FIRST = ",;\t"  # the separators of version 1
_QUOTED = {
    ",": re.compile(r'(^|[,;|\t\n])([ \t]*"(?:[^"]|"")*")'),
    BLANKS: re.compile(r'(^|[ \t\n])("(?:[^"]|"")*")'),
}
_DECLARED = re.compile(r"""["']?sep=(.)["']?[,;]*[ \t\r]*(?:\n|$)""", re.IGNORECASE)
_MARKS = ("#", "%", "//")
_LOOKED_AT, _BEGINNING = 200, 2**22
_MOST_LEADING = 20
_NUMBER = re.compile(r"[+-]?\.?[0-9][0-9.,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a table of text is written.

    Attributes:
        separator: The character between two fields, or ``BLANKS``.
        line: The line of the header, or of the first row where there is none; from 1.
        width: Fields of each row.
        has_index: Whether the header has no name for the first field of the rows, as R writes it.
        n_records: Records from ``line`` on: the header, if any, and the rows.
        notes: What was passed over before the header.
    """

    separator: str
    line: int
    width: int
    has_index: bool
    n_records: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """A record of a table: a row, or what stands in the place of one.

    Attributes:
        line: The line that it begins on, from 1.
        text: Its text, without what is quoted.
        width: Its number of fields.
    """

    line: int
    text: str
    width: int


def find_dialect(text: str, *, header: bool, where: str, plain: bool = False, least: int = 2) -> Dialect:
    r"""Return how a table of text is written.

    The separator is the one that splits most lines into the same number of fields. Lines before the header
    with fewer fields are comments or titles.

    Args:
        text: The table; lines end with ``\n``, also with ``\r`` before it.
        header: Whether a line names the columns.
        where: Path of the file, for errors.
        plain: Whether to read as version 1 did: the header line decides, and is the first one.
        least: The least number of fields.

    Raises:
        DataError: It has no rows of so many fields, or rows of different widths; the message names lines.
    """
    declared = None if plain else _DECLARED.match(text)
    separator = declared[1] if declared else _separator(text, plain=plain)
    records = _records(text, separator)[1 if declared else 0 :]
    if not records:
        raise DataError(f"{where}: expected a header line and rows, found an empty file")
    width = records[0].width if plain else _width(records)
    first = 0 if plain else _leading(records, width)
    notes = [f"line {r.line} is no row and left out: {quote(r.text)}" for r in records[:first]]
    records = records[first:]
    if width < least:
        found = quote(records[0].text.strip())
        raise DataError(f"{where}:{records[0].line}: expected at least 2 columns, found {found} alone")
    has_index = header and records[0].width == width - 1 and not plain
    _expect_widths(records[1:] if has_index else records, width, where)
    return Dialect(
        separator=separator,
        line=records[0].line,
        width=width,
        has_index=has_index,
        n_records=len(records),
        notes=tuple(notes),
    )


def _separator(text: str, *, plain: bool) -> str:
    if plain:
        bare = _bare(text, ",")
        head = bare.lstrip("\r\n").partition("\n")[0]
        return max(_FIRST, key=head.count)
    text = text[:_BEGINNING]
    lines = _sample(_bare(text, ","))
    found = {sep: _agreement([line.count(sep) + 1 for line in lines]) for sep in SEPARATORS}
    found[BLANKS] = _agreement([len(line.split()) for line in _sample(_bare(text, BLANKS))])
    best = max(found, key=lambda sep: found[sep])  # the first of equal ones
    return best if found[best] > 0 else ","


def _sample(text: str) -> list[str]:
    """Return the first lines that hold anything; comments at the beginning are none."""
    lines = [line for line in text.split("\n") if line.strip()]
    kept = [line for line in lines if not line.startswith(_MARKS)] or lines
    return kept[:_LOOKED_AT]


def _agreement(widths: Sequence[int]) -> float:
    """Return the share of the lines that have the usual number of fields; 0 where that is one field."""
    if not widths:
        return 0.0
    width, n = Counter(widths).most_common(1)[0]
    return n / len(widths) if width > 1 else 0.0


def _bare(text: str, separator: str) -> str:
    """Return a text without what is quoted; a quoted end of line leaves a NUL."""
    if '"' not in text:
        return text
    pattern = _QUOTED.get(separator, _QUOTED[","])
    return pattern.sub(lambda m: m[1] + '"' + "\0" * m[2].count("\n") + '"', text)


def _records(text: str, separator: str) -> list[_Record]:
    """Return the records of a text; empty lines are none."""
    records, line = list[_Record](), 1
    for record in _bare(text, separator).split("\n"):
        if record.strip("\r" if separator == "\t" else None):
            width = len(record.split()) if separator == BLANKS else record.count(separator) + 1
            records.append(_Record(line=line, text=record, width=width))
        line += 1 + record.count("\0")
    return records


def _width(records: Sequence[_Record]) -> int:
    """Return the usual number of fields of a row."""
    return Counter(record.width for record in records).most_common(1)[0][0]


def _leading(records: Sequence[_Record], width: int) -> int:
    """Return the number of records before the header."""
    first = 0
    while first < min(_MOST_LEADING, len(records) - 1):
        record, after = records[first], records[first + 1]
        if record.width >= width:
            break
        # A header with one name less than the rows have fields stands right above numbers.
        above = after.width == width and _holds_numbers(after) and not _holds_numbers(record)
        if record.width == width - 1 > 1 and above and not record.text.startswith(_MARKS):
            break
        first += 1
    return first


def _holds_numbers(record: _Record) -> bool:
    return any(_NUMBER.fullmatch(field) for field in re.split(r"[\s,;|]+", record.text))


def _expect_widths(records: Sequence[_Record], width: int, where: str) -> None:
    bad = [record for record in records if record.width != width]
    if bad:
        more = f"; so are {len(bad) - 1:,} more lines" if len(bad) > 1 else ""
        raise DataError(f"{where}:{bad[0].line}: expected {width} fields, found {bad[0].width}{more}")
