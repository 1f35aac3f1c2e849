"""What a person sees while a study runs: a live line in a terminal, plain lines elsewhere."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hpsearch.cli.options import say
from hpsearch.report import status_line
from hpsearch.store import Status

PLAIN_EVERY_S = 5.0
"""Between two plain lines; a log is read later, not watched."""

Show = Callable[[Status], None]


@contextmanager
def progress(*, quiet: bool, verbose: bool) -> Iterator[Show]:
    """Give what shows a status, for as long as the study runs.

    Args:
        quiet: Show nothing.
        verbose: Without a terminal, print every change instead of a line now and then.
    """
    if quiet:
        yield lambda _status: None
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _live() as show:
            yield show
    else:
        yield _Plain(every_s=0.0 if verbose else PLAIN_EVERY_S).show


class _Plain:
    """Prints a line when something has changed, but not too often."""

    def __init__(self, *, every_s: float) -> None:
        self._every_s = every_s
        self._last = ""
        self._next = 0.0
        self._study = ""

    def show(self, status: Status) -> None:
        line = status_line(status)
        due = time.monotonic() >= self._next or status.finished or status.study != self._study
        if due and line != self._last:
            say(line)
            self._last, self._study = line, status.study
            self._next = time.monotonic() + self._every_s


@contextmanager
def _live() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[news]}"),
    )
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def show(status: Status) -> None:
            if status.study not in tasks:
                for task in tasks.values():
                    bars.update(task, completed=bars.tasks[task].total)
                tasks[status.study] = bars.add_task(status.study, total=status.budget, news="")
            best = "" if status.best_value is None else f"best {status.best_value:.4f}"
            bars.update(tasks[status.study], total=status.end, completed=status.settled, news=best)

        yield show
