"""A report as lines of text, and as Markdown."""

import re
from collections.abc import Sequence

from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plain.section import Section
from hpsearch.report.plain.sections import sections_of

_NUMERIC = re.compile(r"-?[\d.]+(e[+-]?\d+)?( %)?|")


def report_text(report: StudyReport) -> str:
    """Return a report as lines for a terminal."""
    parts = [f"{section.title}\n{_body(section)}" for section in sections_of(report)]
    return "\n\n".join([report.summary.study, *parts])


def _body(section: Section) -> str:
    lines = [f"  {line}" for line in section.lines]
    table = [section.header, *section.rows] if section.header else list(section.rows)
    widths = _widths(table)
    right = _right(section)
    lines += [f"  {_line(row, widths, right)}" for row in table] if section.rows else []
    lines += ["", *(f"    {line}".rstrip() for line in section.code.splitlines())] if section.code else []
    return "\n".join(lines)


def _widths(table: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*table, strict=True)]


def _right(section: Section) -> list[bool]:
    """Return which columns hold numbers alone: they stand flush right."""
    if not section.header:
        return [False] * len(section.rows[0]) if section.rows else []
    return [all(_NUMERIC.fullmatch(cell) for cell in column) for column in zip(*section.rows, strict=True)]


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    cells = zip(row, widths, right, strict=True)
    return "  ".join(f"{cell:>{width}}" if r else f"{cell:<{width}}" for cell, width, r in cells).rstrip()


def report_markdown(report: StudyReport) -> str:
    """Return a report as GitHub-flavoured Markdown."""
    parts = [f"# {_escaped(report.summary.study)}"]
    for section in sections_of(report):
        parts.append(f"## {section.title}")
        if section.lines:
            parts.append("  \n".join(_escaped(line) for line in section.lines))
        if section.rows:
            parts.append(_table(section))
        if section.code:
            parts.append(f"````toml\n{section.code}````")
    return "\n\n".join(parts)


def _table(section: Section) -> str:
    header = section.header or ("",) * len(section.rows[0])
    marks = ("---:" if right else "---" for right in _right(section))
    lines = [_row(header), f"| {' | '.join(marks)} |", *(_row(row) for row in section.rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: names may hold anything that is printable."""
    return re.sub(r"([\\`*_\[\]<>|#&~])", r"\\\1", text)
