"""The layout of the live screen: a progress record and a size in, lines of text out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from hpsearch.number import rounded
from hpsearch.report.live.progress import (
    box_words,
    duration,
    event_line,
    rate_label,
    rate_words,
    sparkline,
    stage_words,
    worker_words,
)
from hpsearch.report.text import STATE_WORDS, show_value, who_won
from hpsearch.search import Stage, TrialState
from hpsearch.store import ActiveWorker, Control, Event, EventKind, Snapshot, Status
from hpsearch.text import printable

WIDE = 120
"""From so many columns on, events stand beside the rest."""
LEFT = 0.56
"""Share of a wide screen that is not for events."""
GUTTER = 3
LABEL = 9
"""Columns of the words before bars and numbers."""
ROOMY = 50
"""With fewer columns labels and what can be guessed are left out."""
AIRY = 18
"""With fewer lines there are no empty ones."""
LONGEST_BAR = 90
LONGEST_SPARK = 48
COLUMNS = ("host", "pid", "trials", "epoch", "last beat")
NARROW_COLUMNS = ("pid", "trials", "last beat")
OVERDUE_S = 3.0
"""A record of this age means that the database does not answer."""

STATE_STYLES = {
    TrialState.COMPLETE: "green",
    TrialState.PRUNED: "yellow",
    TrialState.FAILED: "red",
    TrialState.RUNNING: "cyan",
    TrialState.WAITING: "blue",
}
EVENT_STYLES = {
    EventKind.BEST: "bold green",
    EventKind.PRUNED: "dim",
    EventKind.FAILED: "red",
    EventKind.EXPIRED: "red",
    EventKind.CRASHED: "red",
    EventKind.LOST: "red",
    EventKind.TAKEN_OVER: "yellow",
    EventKind.ROUND: "cyan",
    EventKind.ENDED: "cyan",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenLayout:
    """The lines of the live screen for one progress record; they fill the size that Rich gives.

    Attributes:
        progress: Where the study stands.
        waited_s: The age of that record in seconds.
        hint: How to leave, for the last line.
    """

    progress: Snapshot
    waited_s: float = 0.0
    hint: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the lines that fit."""
        height = options.height or console.height
        yield from self.lines(width=options.max_width, height=height)

    def lines(self, *, width: int, height: int) -> list[Text]:
        """Return at most ``height`` lines, none wider than ``width`` columns."""
        body = max(1, height - (2 if height >= AIRY else 1)) if self.hint else height
        lines = self._wide(width, body) if width >= WIDE else self._stacked(width, body)
        if self.hint and height > 1:
            lines += [Text("")] * (height - 1 - len(lines)) + [_styled(self.hint, "dim")]
        lines = [line if line.plain.isprintable() else Text(printable(line.plain)) for line in lines]
        for line in lines:
            line.no_wrap = True
            line.truncate(width, overflow="ellipsis")
        return lines

    def _stacked(self, width: int, height: int) -> list[Text]:
        """Return everything below each other: facts, workers in half of what is left, events."""
        gap = [Text("")] if height >= AIRY else []
        lines = _facts(self.progress, width, waited_s=self.waited_s, gap=gap)[:height]
        room = height - len(lines) - len(gap)
        n_events = len(self.progress.events)
        if fleet := _fleet(self.progress, width, max((room + 1) // 2, room - n_events), self.waited_s):
            lines += gap + fleet
        if events := _events(self.progress.events, height - len(lines) - len(gap), width):
            lines += gap + events
        return lines

    def _wide(self, width: int, height: int) -> list[Text]:
        """Return facts and workers on the left, events on the right."""
        left = int(width * LEFT)
        gap = [Text("")] if height >= AIRY else []
        facts = _facts(self.progress, left, waited_s=self.waited_s, gap=gap)[:height]
        fleet = _fleet(self.progress, left, height - len(facts) - len(gap), self.waited_s)
        events = _events(self.progress.events, height, width - left)
        return _beside(facts + (gap + fleet if fleet else []), events, left)


def _styled(text: str, style: str) -> Text:
    """Return text whose style ends with it: the style of a whole ``Text`` would spread to what is added."""
    return Text.assemble((text, style))


def _beside(left: Sequence[Text], right: Sequence[Text], width: int) -> list[Text]:
    lines = []
    for place in range(max(len(left), len(right))):
        line = left[place].copy() if place < len(left) else Text("")
        line.align("left", width)
        line.append(" " * GUTTER)
        lines.append(line + right[place] if place < len(right) else line)
    return lines


def _facts(progress: Snapshot, width: int, *, waited_s: float, gap: list[Text]) -> list[Text]:
    """Return name and stage, bars, counts, the best trial, rate and box: what matters most comes first."""
    lines = [_head(progress, width, waited_s)]
    if waited_s >= OVERDUE_S:
        text = f"no answer from the database for {duration(waited_s)}: trying again"
        lines.append(_styled(text, "bold red"))
    lines += gap
    lines.append(_bar("search", progress.search.settled, progress.search.end, width))
    if progress.confirm is not None:
        lines.append(_bar("confirm", progress.confirm.settled, progress.confirm.end, width))
    if progress.judging is not None and progress.judging[1]:
        lines.append(_bar("judge", *progress.judging, width))
    lines.append(_counts(progress.under_way, width))
    if progress.search.stopped is not None:
        lines.append(_labelled("", _styled(str(progress.search.stopped), "cyan"), width))
    lines += gap
    lines += _best(progress, width) if gap else _best(progress, width)[:1]
    if rate := rate_words(progress):
        lines.append(_labelled(rate_label(progress), Text(rate), width))
    sides = _wrapped(box_words(progress), width) if gap else []
    lines += [_labelled("box" if first else "", text, width) for first, text in sides]
    return lines


def _head(progress: Snapshot, width: int, waited_s: float) -> Text:
    """Return the study's name, what goes on, and for how long the study has been there."""
    halted = progress.search.control is not Control.RUN and not progress.done
    stage = _styled(stage_words(progress), "bold yellow" if halted else "bold cyan")
    name = _styled(progress.search.study, "bold")
    name.truncate(max(1, width - stage.cell_len - 2), overflow="ellipsis")
    head = name + Text("  ") + stage
    age = f"{duration(progress.at + waited_s - progress.search.created_at)} since it was created"
    if head.cell_len + cell_len(age) + 2 <= width:
        head.append(" " * (width - head.cell_len - cell_len(age)))
        head.append(age, style="dim")
    return head


def _labelled(label: str, text: Text, width: int) -> Text:
    """Return a line with a dim word before it, where there is room for one."""
    return text if width < ROOMY else _styled(f"{label:<{LABEL}}", "dim") + text


def _bar(label: str, done: int, end: int, width: int) -> Text:
    count = f" {done}/{end}"
    room = width - (LABEL if width >= ROOMY else 0) - len(count)
    size = max(0, min(room, LONGEST_BAR))
    full = size * min(done, end) // max(1, end)
    bar = _styled("━" * full, "green") + _styled("━" * (size - full), "bright_black")
    return _labelled(label, bar + _styled(count, "bold"), width)


def _counts(status: Status, width: int) -> Text:
    parts = [
        _styled(f"{status.counts[state]} {word}", STATE_STYLES[state])
        for state, word in STATE_WORDS.items()
        if status.counts.get(state)
    ]
    if status.orphans:
        parts.append(_styled(f"{status.orphans} to be taken over", "red"))
    counts = Text("  ").join(parts) if parts else _styled("no trial yet", "dim")
    return _labelled("", counts, width)


def _best(progress: Snapshot, width: int) -> list[Text]:
    """Return the best trial with the way to it, then its parameters."""
    search = progress.search
    if search.best_value is None:
        return []
    line = _styled(rounded(search.best_value), "bold green") + Text(f"  trial {search.best_number}")
    room = min(width - line.cell_len - (LABEL if width >= ROOMY else 0) - 2, LONGEST_SPARK)
    settled = max(search.settled, (search.best_number or 0) + 1)
    line.append("  " + sparkline(progress.bests, trials=settled, width=room), style="green")
    shown, label = progress.best_params, "best" if progress.confirm is None else "highest"
    if progress.verdict is not None:
        shown, label = progress.verdict.params, "winner"
        line = _styled(who_won(progress.verdict), "bold green")
    params = [f"{name} {show_value(value)}" for name, value in shown.items()]
    return [_labelled(label, line, width), *(_labelled("", t, width) for _, t in _wrapped(params, width))]


def _wrapped(parts: Iterable[str], width: int) -> list[tuple[bool, Text]]:
    """Return parts on as many lines as they need, each with whether it is the first."""
    room = width - (LABEL if width >= ROOMY else 0)
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + cell_len(part) + 3 <= room:
            lines[-1] += f"   {part}"
        else:
            lines.append(part)
    return [(place == 0, Text(line)) for place, line in enumerate(lines)]


def _fleet(progress: Snapshot, width: int, room: int, waited_s: float) -> list[Text]:
    """Return a table of the workers in at most ``room`` lines; silent workers come first."""
    if room < 1 or progress.done:
        return []
    judges = progress.stage == Stage.DELIVER
    if not progress.fleet:
        return [_styled("no worker is at work", "yellow")]
    fleet = sorted(progress.fleet, key=lambda worker: not worker.silent)
    shown = fleet if len(fleet) < room else fleet[: max(1, room - 2)]
    at = progress.at + waited_s
    rows = [_worker_cells(worker, at, narrow=width < ROOMY, judges=judges) for worker in shown]
    names = NARROW_COLUMNS if width < ROOMY else COLUMNS
    sizes = [max(cell_len(row[j]) for row in (names, *rows)) for j in range(len(names))]
    lines = [_cells(names, sizes, "dim")] if room > 1 else []
    styles = ["bold red" if worker.silent else "" for worker in shown]
    lines += [_cells(row, sizes, style) for row, style in zip(rows, styles, strict=True)]
    if len(shown) < len(fleet) and len(lines) < room:
        lines.append(_styled(f"and {len(fleet) - len(shown)} more", "dim"))
    return lines


def _worker_cells(worker: ActiveWorker, at: float, *, narrow: bool, judges: bool) -> tuple[str, ...]:
    host, trials, epochs = worker_words(worker, judges=judges)
    beat = duration(at - worker.beat_at)
    beat = f"silent for {beat}" if worker.silent else f"{beat} ago"
    return (str(worker.pid), trials, beat) if narrow else (host, str(worker.pid), trials, epochs, beat)


def _cells(cells: Sequence[str], sizes: Sequence[int], style: str) -> Text:
    padded = (cell + " " * (size - cell_len(cell)) for cell, size in zip(cells, sizes, strict=True))
    return _styled("  ".join(padded).rstrip(), style)


def _events(events: Sequence[Event], room: int, width: int) -> list[Text]:
    """Return a line for each of the latest events, the newest first."""
    return [_event(event, width) for event in reversed(events[-room:])] if room > 0 else []


def _event(event: Event, width: int) -> Text:
    line = _styled(event_line(event), EVENT_STYLES.get(event.kind, ""))
    if width < ROOMY:
        return line
    clock = datetime.fromtimestamp(event.at).astimezone()
    return _styled(f"{clock:%H:%M:%S}  ", "dim") + line
