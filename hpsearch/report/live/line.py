"""Progress for Python: one line that is written over, in a terminal or below a notebook's cell."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TextIO

from hpsearch.number import rounded
from hpsearch.report.live.progress import rate_words, stage_words
from hpsearch.report.text import candidate_text
from hpsearch.search import DEFAULT
from hpsearch.store import Snapshot
from hpsearch.text import printable

EVERY_S = 5.0
"""Between two lines in a stream that cannot be written over, such as a log."""

OnStatus = Callable[[Snapshot], None]


class _Line(Protocol):
    """A place for one line of text."""

    def show(self, text: str) -> None:
        """Show a text in place of the one before."""

    def close(self) -> None:
        """Leave the last text where it is, and go on below it."""


@contextmanager
def shown_progress(progress: bool | None, on_status: OnStatus | None) -> Iterator[OnStatus | None]:  # noqa: FBT001 - what start is given
    """Give what ``Fleet.run`` calls with each record: it shows the record in a line, and passes it on.

    Args:
        progress: Whether there is a line; ``None`` for one in a terminal and in a notebook.
        on_status: What else is called.
    """
    line = _line(progress)
    if line is None:
        yield on_status
        return

    def show(snapshot: Snapshot) -> None:
        line.show(progress_line(snapshot))
        if on_status is not None:
            on_status(snapshot)

    try:
        yield show
    finally:
        line.close()


def progress_line(progress: Snapshot) -> str:
    """Return where a study stands, what it does and how long the rest takes, in one line."""
    status = progress.search if progress.done else progress.under_way
    parts = [f"{status.study}: {status.settled} of {status.end} trials settled"]
    if progress.done and progress.verdict is not None:
        number = progress.verdict.number
        parts.append(f"the winner is {candidate_text(DEFAULT if number is None else number)}")
    elif status.best_value is not None:
        parts.append(f"best {rounded(status.best_value)} (trial {status.best_number})")
    if not progress.done:
        parts += [stage_words(progress), rate_words(progress)]
    return printable(", ".join(filter(None, parts))).replace("\n", " ")


def in_notebook() -> bool:
    """Return whether this process is the kernel of a notebook; IPython is not imported for it."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return "ipykernel" in sys.modules and getattr(shell, "kernel", None) is not None


def _line(progress: bool | None) -> _Line | None:  # noqa: FBT001 - as above
    if progress is False:
        return None
    if in_notebook():
        return _Cell()
    if sys.stderr.isatty():
        return _TerminalLine(sys.stderr)
    return _LogLines(sys.stderr) if progress else None


class _TerminalLine:
    """A line of a terminal, cut to its width and written over."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._text = stream, ""

    def show(self, text: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]
        if text != self._text:
            self._stream.write("\r" + text.ljust(len(self._text)))
            self._stream.flush()
            self._text = text

    def close(self) -> None:
        if self._text:
            self._stream.write("\n")
            self._stream.flush()


class _LogLines:
    """Lines of a stream that cannot be written over: the first, the last, and one now and then between."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._text, self._written, self._next = stream, "", "", 0.0

    def show(self, text: str) -> None:
        self._text = text
        if time.monotonic() >= self._next:
            self.close()
            self._next = time.monotonic() + EVERY_S

    def close(self) -> None:
        if self._text != self._written:
            self._stream.write(self._text + "\n")
            self._stream.flush()
            self._written = self._text


class _Cell:
    """A line below the cell of a notebook, as plain text, that IPython puts a new text into."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._text = ""

    def show(self, text: str) -> None:
        from IPython.display import display  # noqa: PLC0415 - only a notebook has it

        if self._handle is None:
            self._handle = display({"text/plain": text}, raw=True, display_id=True)
        elif text != self._text:
            self._handle.update({"text/plain": text}, raw=True)
        self._text = text

    def close(self) -> None:
        pass
