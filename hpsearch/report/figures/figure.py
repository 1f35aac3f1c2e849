"""A figure: a drawing that fits any width, a text that says what it shows, and the table behind it."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hpsearch.errors import HpsearchError
from hpsearch.report.figures.hover import without_hover
from hpsearch.report.figures.markup import Markup, joined, shortened, tag
from hpsearch.report.figures.palette import SIZE, style_sheet

WIDE = 760
"""The width of a drawing on a desk, in pixels."""
NARROW = 340
"""Its width on a telephone."""
TABLE_ROWS = 100
"""A table behind a figure shows so many rows at most."""


_PAGE_STYLE = """
html{background:var(--surface);color:var(--ink);font-family:system-ui,sans-serif}
body{margin:2rem auto;padding:0 1rem;max-width:800px}
td,th{padding:.1rem 1.2rem .1rem 0;text-align:left}
"""


class FigureError(HpsearchError):
    """The figure cannot be saved there: choose a file that ends in .svg or .html."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """A drawing: SVG marks of a known height.

    Attributes:
        height: In pixels.
        content: The marks.
    """

    height: float
    content: Markup

    @classmethod
    def of_words(cls, text: str, *, width: float) -> "Canvas":
        """Return a drawing that says why there is nothing to draw."""
        words = shortened(text, size=SIZE, width=width - 4)
        return cls(height=60, content=tag("text", words, x=2.0, y=34.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """The numbers behind a figure.

    Attributes:
        columns: Their names.
        rows: Cells as people read them.
        n_rows: How many rows there would be; those left out are the last.
        more: How to get all of them.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    n_rows: int
    more: str = "hpsearch export writes all of them"

    @classmethod
    def of(cls, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> "DataTable":
        """Return a table of the first rows."""
        return cls(columns=columns, rows=rows[:TABLE_ROWS], n_rows=len(rows))

    def markup(self) -> Markup:
        """Return the table, and a line that says what is left out."""
        head = tag("tr", *(tag("th", column, scope="col") for column in self.columns))
        body = joined(tag("tr", *(tag("td", cell) for cell in row)) for row in self.rows)
        table = tag(
            "div", tag("table", tag("thead", head), tag("tbody", body)), class_="scroll", tabindex="0"
        )
        if self.n_rows <= len(self.rows):
            return table
        left = f"The first {len(self.rows):,} of {self.n_rows:,} rows; {self.more}."
        return joined([table, tag("p", left, class_="note")])


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure, for a notebook, a page or a file.

    Attributes:
        title: What it is about.
        text: What it shows, in a sentence or two.
        draw: Width in pixels -> the drawing.
        table: The numbers behind it.

    Example:
        >>> figure = hpsearch.open_study("digits").plot_history()  # doctest: +SKIP
        >>> figure.save("history.svg")  # doctest: +SKIP
    """

    title: str
    text: str
    draw: Callable[[float], Canvas]
    table: DataTable

    @property
    def svg(self) -> str:
        """The figure as an SVG document of its own."""
        return self.drawing(WIDE, style=True)

    def drawing(self, width: float, *, style: bool = False, class_: str = "") -> Markup:
        """Return the figure as an ``svg`` element of a width; ``style`` puts its style sheet inside."""
        canvas = self.draw(width)
        return tag(
            "svg",
            tag("title", self.title),
            tag("desc", self.text),
            tag("style", Markup(style_sheet())) if style else "",
            without_hover(canvas.content) if width <= NARROW else canvas.content,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width:g} {canvas.height:g}",
            width=width,
            height=canvas.height,
            role="img",
            class_=f"hp {class_}".strip(),
        )

    def page(self) -> str:
        """Return the figure with its table as an HTML document of its own."""
        return "<!doctype html>\n" + tag(
            "html",
            tag(
                "head",
                Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width">'),
                tag("title", self.title),
                tag("style", Markup(style_sheet() + _PAGE_STYLE)),
            ),
            tag(
                "body",
                tag("h1", self.title),
                tag("p", self.text),
                self.drawing(WIDE),
                tag("details", tag("summary", "The numbers"), self.table.markup()),
            ),
            lang="en",
            class_="hp",
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the figure as the file's ending says: ``.svg`` alone, ``.html`` with its table.

        Raises:
            FigureError: The ending is another one, or the file cannot be written.
        """
        file = Path(path)
        writers: dict[str, Callable[[], str]] = {".svg": lambda: self.svg, ".html": self.page}
        if file.suffix not in writers:
            expected = " or ".join(writers)
            raise FigureError(f"{file}: expected a file that ends in {expected}, found {file.suffix!r}")
        try:
            file.write_text(writers[file.suffix](), encoding="utf-8")
        except OSError as error:
            raise FigureError(
                f"{file}: expected a file that can be written, found: {error.strerror}"
            ) from error

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return tag("div", self.drawing(WIDE, style=True), class_="hp")

    def __repr__(self) -> str:
        return f"Figure({self.title!r}): {self.text}"
