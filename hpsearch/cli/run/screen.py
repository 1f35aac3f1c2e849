"""The display of a running study: a live screen in a terminal, the lines of a log elsewhere."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import typer

from hpsearch.cli.options import fit_to_print
from hpsearch.report import event_line, progress_lines, status_line, utc
from hpsearch.store import Event, EventKind, Snapshot
from hpsearch.text import printable

if TYPE_CHECKING:
    from rich.live import Live

    from hpsearch.cli.run.screen_layout import ScreenLayout

PLAIN_EVERY_S = 5.0
"""Between two lines that say where a study stands; a log is read later, not watched."""
FRAMES_A_SECOND = 2
"""Between two records, so that ages go on."""
ROUTINE = (
    EventKind.BEST,
    EventKind.COMPLETE,
    EventKind.PRUNED,
    EventKind.RELEASED,
    EventKind.JOINED,
    EventKind.LEFT,
)
"""Kinds of events that a log leaves out: frequent ones, and those that the line of progress covers."""

Show = Callable[[Snapshot], None]


@contextmanager
def shown(stream: TextIO, *, verbose: bool, hint: Callable[[], str], keep: bool = True) -> Iterator[Show]:
    """Give a function that shows progress records, for as long as a study runs or is watched.

    Args:
        stream: Where to: a screen where this is a terminal that can move its cursor, else a log.
        verbose: Whether a log has every event, and every change, instead of a line now and then.
        hint: Returns what the last line of a screen says.
        keep: Whether a screen leaves behind where a study stands that is done; others it always does.
    """
    if not can_redraw(stream):
        yield EventLog(stream, verbose=verbose).show
        return
    screen = _Screen(stream, hint, keep=keep)
    try:
        yield screen.show
    finally:
        screen.close()


def can_redraw(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that can move its cursor and has the letters of a bar."""
    able = os.environ.get("TERM", "dumb") not in {"dumb", "unknown", ""}
    return able and stream.isatty() and stream.encoding.lower().replace("-", "") == "utf8"


class EventLog:
    """Prints a line for each event, once, and now and then where the study stands.

    Args:
        stream: Where to.
        verbose: Whether to print events of every kind, and every change.
    """

    def __init__(self, stream: TextIO, *, verbose: bool) -> None:
        self._stream = stream
        self._verbose = verbose
        self._printed: frozenset[Event] = frozenset()
        self._last = ""
        self._study = ""
        self._next = 0.0

    def show(self, progress: Snapshot) -> None:
        """Print each new event, and now and then where the study stands."""
        for event in progress.events:
            if event not in self._printed and (self._verbose or event.kind not in ROUTINE):
                self.write(event.at, event_line(event))
        self._printed = frozenset(progress.events)
        status = progress.under_way
        line = status_line(status)
        due = time.monotonic() >= self._next or status.finished or status.study != self._study
        if due and line != self._last:
            self.write(progress.at, line)
            self._last, self._study = line, status.study
            self._next = time.monotonic() + (0.0 if self._verbose else PLAIN_EVERY_S)

    def write(self, at: float, line: str) -> None:
        """Print one line with its time."""
        typer.echo(f"{utc(at)} {fit_to_print(line, most_lines=1)}", file=self._stream)


class _Screen:
    """Draws each record, and the last one again and again from a thread of its own.

    So ages go on, and a database that does not answer is noticed, while the caller of ``show`` waits for it.
    """

    def __init__(self, stream: TextIO, hint: Callable[[], str], *, keep: bool) -> None:
        self._stream = stream
        self._keep = keep
        self._hint = hint
        self._live: Live | None = None
        self._latest: Snapshot | None = None
        self._shown_at = 0.0

    def show(self, progress: Snapshot) -> None:
        self._latest, self._shown_at = progress, time.monotonic()
        if self._live is None:
            self._live = self._open()
        self._live.refresh()

    def close(self) -> None:
        """Give the terminal back as it was, with where the study stands below that."""
        if self._live is None or self._latest is None:
            return
        self._live.stop()
        if self._keep or not self._latest.done:
            typer.echo(printable("\n".join(progress_lines(self._latest))), file=self._stream)

    def _open(self) -> "Live":
        from rich.console import Console
        from rich.live import Live

        live = Live(
            console=Console(file=self._stream),
            screen=True,  # a window may change its size: what was drawn before is never looked for
            get_renderable=self._frame,
            refresh_per_second=FRAMES_A_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        live.start()
        return live

    def _frame(self) -> "ScreenLayout":
        from hpsearch.cli.run.screen_layout import ScreenLayout

        assert self._latest is not None
        waited_s = time.monotonic() - self._shown_at
        return ScreenLayout(progress=self._latest, waited_s=waited_s, hint=self._hint())
