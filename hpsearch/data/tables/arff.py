"""Read tables in ARFF, the format of Weka."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hpsearch.data.examples import quote
from hpsearch.data.tables.columns import Table, expect_different
from hpsearch.data.tables.encoding import decoded
from hpsearch.data.tables.text import PER_BYTE, PER_CELL, TextTable
from hpsearch.errors import DataError
from hpsearch.memory import DEFAULT_LIMIT, MemoryLimit
from hpsearch.study_file import DataSpec

_ATTRIBUTE = re.compile(
    r"""@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+?))\s*(\{.*\}|\s\S+.*)""", re.IGNORECASE
)
_FIELD = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,'"]*?))\s*(?:,|$)""")
_KINDS = ("numeric", "real", "integer", "string", "date")


def read_arff(  # noqa: PLR0913 - what a file says, and what is asked of it
    data: bytes,
    *,
    where: str,
    spec: DataSpec,
    limit: MemoryLimit = DEFAULT_LIMIT,
    plain: bool = False,
    least: int = 2,
) -> Table:
    """Return the table of an ARFF file: ``@attribute`` lines, ``@data``, and rows of fields between commas.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.
        spec: The data's part of the study.
        limit: The limit of what may be held in memory.
        plain: Not read: version 1 had no such files.
        least: The least number of columns.

    Raises:
        DataError: The file is no such table, or is too large; the message names file and line.

    Source: I. H. Witten, E. Frank, M. A. Hall, "Data Mining", 3rd edition, 2011, section 2.4.
    """
    del plain
    cells = data.count(b",") + data.count(b"\n")
    found = f"{len(data):,} bytes of text, {cells:,} cells"
    limit.expect(PER_BYTE * len(data) + PER_CELL * cells, where=where, found=found)
    text, notes = decoded(data, where=where)
    lines = _lines(text)
    attributes = list(_attributes(lines, where))
    if len(attributes) < least:
        raise DataError(
            f"{where}: expected an ARFF file of {least} @attribute lines or more, found {len(attributes)}"
        )
    names = [name for name, _ in attributes]
    expect_different(names, where=where)
    columns = _columns(lines, len(names), where)
    if not columns[0]:
        raise DataError(f"{where}: expected rows below @data, found none")
    nominal = {name for name, kind in attributes if kind.startswith("{")} - {spec.target, spec.weights}
    named = replace(spec, categorical=tuple(sorted({*spec.categorical, *nominal})))
    return TextTable(header=names, cells=columns, separator=",", spec=named, where=where).table(notes)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line that is no comment, with its number."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("%"):
            yield number, line.strip()


def _attributes(lines: Iterator[tuple[int, str]], where: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the type of each attribute, up to ``@data``."""
    for number, line in lines:
        word = line.split(maxsplit=1)[0].lower()
        if word == "@data":
            return
        if word == "@relation":
            continue
        found = _ATTRIBUTE.fullmatch(line)
        kind = found[4].strip() if found else ""
        if found is None or not (kind.startswith("{") or kind.split()[0].lower() in _KINDS):
            expected = f"@attribute NAME and {{...}} or one of {', '.join(_KINDS)}"
            raise DataError(f"{where}:{number}: expected {expected}, found {quote(line)}")
        yield _unescaped(next(part for part in found.groups()[:3] if part is not None)), kind
    raise DataError(f"{where}: expected a line @data, found none")


def _columns(lines: Iterator[tuple[int, str]], width: int, where: str) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(width)]
    for number, line in lines:
        if line.startswith("{"):
            raise DataError(
                f"{where}:{number}: expected a row of fields, found a sparse one; write all its fields"
            )
        fields = _fields(line)
        if len(fields) != width:
            raise DataError(f"{where}:{number}: expected {width} fields, found {len(fields)}")
        for column, field in zip(columns, fields, strict=True):
            column.append(field)
    return columns


def _fields(line: str) -> Sequence[str]:
    if "'" not in line and '"' not in line:
        return [field.strip() for field in line.split(",")]
    fields, place = list[str](), 0
    while place < len(line) or line.endswith(","):
        found = _FIELD.match(line, place)
        if found is None:
            return []  # of no width: a quotation mark that is not closed
        fields.append(_unescaped(next(part for part in found.groups() if part is not None)))
        if found.end() == place or (found.end() == len(line) and not found[0].endswith(",")):
            break
        place = found.end()
    return fields


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
