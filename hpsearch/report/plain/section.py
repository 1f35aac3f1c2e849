"""A section of a report: a heading, lines and a table of words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a report.

    Attributes:
        title: Its heading.
        lines: Text before the table; empty where the heading is enough.
        header: Names of the columns, ``(c,)``; empty where the first column names what stands beside it.
        rows: Cells as people read them, ``(r, c)``.
        code: A text that stands below as it is, such as a file; empty for none.
    """

    title: str
    lines: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    code: str = ""
