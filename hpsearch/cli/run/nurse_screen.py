"""The face of a nursing: a screen that is typed on in a terminal, a line an epoch elsewhere."""

import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

from hpsearch.cli.options import fit_to_print, say
from hpsearch.cli.run.nurse_layout import NurseLayout
from hpsearch.cli.run.nurse_list import intervention_text
from hpsearch.cli.run.screen import can_redraw
from hpsearch.cli.streams import in_foreground
from hpsearch.nn.training.steered import CHANGEABLE
from hpsearch.number import rounded
from hpsearch.text import printable

if TYPE_CHECKING:
    from hpsearch.nursing import Nursing
    from hpsearch.store import Intervention, NursedEpoch

HINT = "lr x0.5 | dropout 0.1 | rewind 5 | branch | pause | resume | stop | # why | q"
FRAMES_A_SECOND = 8
LONGEST_LINE = 400
"""Characters of a line that is typed."""
ERASE = ("\x7f", "\b")
CLEAR, END = "\x15", "\x04"


class NurseView(Protocol):
    """What a person sees of a nursing, and what is heard of the person."""

    is_screen: bool
    """Whether it is drawn again and again."""
    hears: bool
    """Whether anything can be typed."""

    def show(self, point: "NursedEpoch") -> None:
        """Show what came of an epoch."""

    def tell(self, made: "Intervention") -> None:
        """Show an intervention that was typed."""

    def reply(self, text: str) -> None:
        """Answer what was typed."""

    def lines(self) -> Iterator[str | None]:
        """Yield the lines that have been typed since the last time; ``None`` for the end of all typing."""


@contextmanager
def shown(nursing: "Nursing", *, quiet: bool) -> Iterator[NurseView]:
    """Give the face of a nursing: a screen where standard error and input are a terminal, else lines.

    Args:
        nursing: What is nursed.
        quiet: Whether nothing is shown.
    """
    typed = sys.stdin.isatty() and sys.stderr.isatty() and in_foreground()
    if quiet or not (typed and can_redraw(sys.stderr)):
        yield NurseLines(nursing, quiet=quiet)
        return
    with _keys() as keys:
        screen = NurseScreen(nursing, keys)
        screen.live.start()
        try:
            yield screen
        finally:
            screen.live.stop()


class NurseLines:
    """A line an epoch, on standard error."""

    is_screen = False
    hears = False

    def __init__(self, nursing: "Nursing", *, quiet: bool) -> None:
        self._nursing, self._quiet = nursing, quiet
        self._n_told = len(nursing.interventions)

    def show(self, point: "NursedEpoch") -> None:
        """Print what came of an epoch, after the interventions before it."""
        for made in self._nursing.interventions[self._n_told :]:
            self._say(f"after epoch {made.epoch}: {intervention_text(made)}")
        self._n_told = len(self._nursing.interventions)
        self._say(epoch_line(self._nursing, point))

    def tell(self, made: "Intervention") -> None:
        """Show an intervention that was typed."""
        self._say(intervention_text(made))

    def reply(self, text: str) -> None:
        """Answer what was typed."""
        self._say(text)

    def lines(self) -> Iterator[str | None]:
        """Yield the lines that have been typed since the last time."""
        return iter(())

    def _say(self, text: str) -> None:
        if not self._quiet:
            say(text)


class NurseScreen:
    """Drawn several times a second, with what is typed in its last lines."""

    is_screen = True
    hears = True

    def __init__(self, nursing: "Nursing", keys: "SimpleQueue[str]") -> None:
        from rich.console import Console
        from rich.live import Live

        self._nursing, self._keys = nursing, keys
        self._typed, self._reply = "", ""
        self.live = Live(
            console=Console(file=sys.stderr),
            screen=True,
            get_renderable=self._frame,
            refresh_per_second=FRAMES_A_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def show(self, point: "NursedEpoch") -> None:
        """Show what came of an epoch."""
        if point.diverged:
            self._reply = f"epoch {point.epoch} diverged: rewind EPOCH, or lower the rate, such as lr x0.1"

    def tell(self, made: "Intervention") -> None:
        """Show an intervention that was typed."""
        self._reply = f"after epoch {made.epoch}: {intervention_text(made)}"

    def reply(self, text: str) -> None:
        """Answer what was typed."""
        self._reply = fit_to_print(text, most_lines=1)

    def lines(self) -> Iterator[str | None]:
        """Yield the lines that have been typed since the last time."""
        while True:
            try:
                key = self._keys.get_nowait()
            except Empty:
                return
            if key in {"\n", "\r"}:
                line, self._typed = self._typed, ""
                yield line
            elif key in ERASE:
                self._typed = self._typed[:-1]
            elif key == CLEAR:
                self._typed = ""
            elif not key or (key == END and not self._typed):
                yield None
            elif key.isprintable():
                self._typed = (self._typed + key)[:LONGEST_LINE]

    def _frame(self) -> NurseLayout:
        nursing, curve = self._nursing, self._nursing.curve
        state = "pauses" if nursing.paused else "diverged" if nursing.diverged else "trains"
        best = nursing.best
        top = (
            f", best {rounded(best.value)} after epoch {best.epoch}"
            if best and best.value is not None
            else ""
        )
        return NurseLayout(
            head=printable(
                f"{nursing.study}, nursing {nursing.number} of {nursing.origin}: "
                f"epoch {nursing.epoch} of {nursing.epochs}, {state}{top}"
            ),
            settings=settings_text(nursing),
            charts={
                "training loss": [point.loss for point in curve],
                f"validation {nursing.metric}": [point.value for point in curve],
            },
            epochs=nursing.epochs,
            marks=[one.epoch for one in nursing.interventions],
            changes=[f"after epoch {one.epoch}: {intervention_text(one)}" for one in nursing.interventions],
            typed=printable(self._typed),
            reply=self._reply,
            hint=HINT,
        )


def settings_text(nursing: "Nursing") -> str:
    """Return the settings that can change, as they are; what says nothing is left out.

    Beside the rate that a schedule starts from stands the one that it comes to in the next epoch.
    """
    config = nursing.config
    now = config.lr_at(nursing.epoch)
    values = [(name, getattr(config, name)) for name in CHANGEABLE]
    texts = (
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in values
        if value not in {None, 0.0, "constant"}
    )
    text = "  ".join(texts)
    return text if now == config.lr else f"lr now {now:.4g}  {text}"


def epoch_line(nursing: "Nursing", point: "NursedEpoch") -> str:
    """Return the line of a log that says what came of an epoch."""
    if point.diverged:
        return f"epoch {point.epoch}/{nursing.epochs}: diverged"
    loss = "" if point.loss is None else f" loss {rounded(point.loss)}"
    value = "" if point.value is None else f" {nursing.metric} {rounded(point.value)}"
    return f"epoch {point.epoch}/{nursing.epochs}:{loss}{value}  {settings_text(nursing)}"


@contextmanager
def _keys() -> "Iterator[SimpleQueue[str]]":
    """Give a queue of the characters that are typed; an empty one says that the terminal has gone."""
    import termios
    import tty

    found: SimpleQueue[str] = SimpleQueue()
    left = threading.Event()

    def read() -> None:
        while not left.is_set():
            if select.select([0], [], [], 0.1)[0]:
                chunk = os.read(0, 1024).decode(errors="ignore")
                for key in chunk if not chunk.startswith("\x1b") else ():  # arrows and the like say nothing
                    found.put(key)
                if not chunk:
                    found.put("")
                    return

    before = termios.tcgetattr(0)
    tty.setcbreak(0)
    thread = threading.Thread(target=read, name="keys", daemon=True)
    thread.start()
    try:
        yield found
    finally:
        left.set()
        termios.tcsetattr(0, termios.TCSADRAIN, before)
