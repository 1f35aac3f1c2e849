"""The layout of a nursing's screen: what it is made of in, lines of text out."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from hpsearch.number import rounded
from hpsearch.text import printable

BLOCKS = " ▁▂▃▄▅▆▇█"
LABEL = 10
"""Columns left of a chart, for the numbers of its ends."""
LEAST_ROWS = 2
MOST_ROWS = 8
STYLES = ("yellow", "green")
WIDEST = 6
"""Columns of an epoch, at most."""
MOST_REPLY = 3
"""Lines of an answer, at most."""
LINES_BESIDE = 16
"""Lines of the screen that are no chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseLayout:
    """The lines of a nursing's screen; they fill the size that Rich gives.

    Attributes:
        head: What is nursed, and where it stands.
        settings: The settings that can change, as they are.
        charts: Title -> a number an epoch; ``None`` where there is none.
        epochs: The epoch at which it ends: the charts leave room for it.
        marks: Epochs after which something was changed.
        changes: The interventions so far, in words.
        typed: What is typed.
        reply: The answer to what was typed last.
        hint: What can be typed.
    """

    head: str
    settings: str
    charts: dict[str, Sequence[float | None]]
    epochs: int
    marks: Sequence[int]
    changes: Sequence[str]
    typed: str
    reply: str
    hint: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the lines that fit."""
        width, height = options.max_width, options.height or console.height
        rows = (height - LINES_BESIDE) // max(1, len(self.charts))
        rows = max(LEAST_ROWS, min(MOST_ROWS, rows))
        room = max(1, width - LABEL)
        wide = max(1, min(WIDEST, room // max(1, self.epochs)))
        lines = [Text(self.head, style="bold"), Text(self.settings)]
        for place, (title, values) in enumerate(self.charts.items()):
            bars = [value for value in values for _ in range(wide)]
            lines += [Text(""), *chart(title, bars, width=width, rows=rows, style=STYLES[place % 2])]
        lines += [Text(self._marked(wide, room), style="cyan"), Text("")]
        reply = Text(self.reply, style="yellow").wrap(console, width)[:MOST_REPLY]
        below = [Text(""), Text(f"> {self.typed}▏", style="bold"), *reply, Text(self.hint, style="dim")]
        left = max(0, height - len(lines) - len(below))
        lines += [Text(f"  {printable(change)}", style="cyan") for change in self.changes[-left:] if left]
        for line in [*lines, *below][:height]:
            line.truncate(width, overflow="ellipsis")
            yield line

    def _marked(self, wide: int, room: int) -> str:
        """Return a line that points at the epochs after which something was changed.

        Args:
            wide: Columns of an epoch.
            room: Columns of the charts.
        """
        bars = wide * max((len(values) for values in self.charts.values()), default=0)
        line = [" "] * room
        for epoch in self.marks:
            place = epoch * wide - 1
            place = place if bars <= room else place * room // bars
            if 0 <= place < room:
                line[place] = "▲"
        return " " * LABEL + "".join(line).rstrip()


def chart(
    title: str, values: Sequence[float | None], *, width: int, rows: int, style: str = ""
) -> list[Text]:
    r"""Return a chart of a number an epoch: a line with its title, then ``rows`` lines of bars.

    Example:
        >>> print(*chart("loss", [3.0, 2.0, 1.0], width=13, rows=1), sep="\n")
        loss  1.0000
        3.0000    █▅▁
    """
    known = [value for value in values if value is not None]
    last = f"  {rounded(known[-1])}" if known else ""
    lines = [Text(f"{title}{last}", style="bold")]
    if not known:
        return lines + [Text("")] * rows
    low, high = min(known), max(known)
    shown = columns(values, max(1, width - LABEL))
    steps = rows * (len(BLOCKS) - 1) - 1
    levels = [
        0 if value is None else 1 + round(steps * ((value - low) / (high - low) if high > low else 0.5))
        for value in shown
    ]
    for row in reversed(range(rows)):
        ends = {rows - 1: rounded(high), 0: rounded(low)} if rows > 1 else {0: rounded(high)}
        bars = "".join(BLOCKS[max(0, min(8, level - 8 * row))] for level in levels)
        line = Text(f"{ends.get(row, ''):<{LABEL}}", style="dim")
        line.append(bars, style=style)
        lines.append(line)
    return lines


def columns(values: Sequence[float | None], width: int) -> list[float | None]:
    """Return at most ``width`` numbers for all of ``values``: each is the last of its share of them."""
    if len(values) <= width:
        return list(values)
    return [values[(place + 1) * len(values) // width - 1] for place in range(width)]
