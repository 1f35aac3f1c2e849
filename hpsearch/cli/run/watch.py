"""``hpsearch watch``: the live screen of a study, from any machine."""

import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Patience, Storage, StudyFlag, StudyName, say
from hpsearch.cli.streams import in_foreground
from hpsearch.cli.studies import chosen_study
from hpsearch.defaults import PATIENCE_S
from hpsearch.errors import to_type
from hpsearch.signals import ENDING, notice

if TYPE_CHECKING:
    from hpsearch.cli.run.screen import Show
    from hpsearch.store import Ledger, Snapshot, Study
    from hpsearch.worker import Stop

LOOK_S = 0.5
"""Between two looks at the database."""
TICK_S = 0.05
"""Between two looks at the keyboard."""
OVERDUE_S = 5.0
"""Without a screen it is said when the database has not answered for so long."""
LEAVING_S = 5.0
"""To give the terminal back as it was."""
LEAVES = (b"q", b"Q", b"")
"""The keys that leave; the last is a terminal that has gone."""


def watch(
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    patience: Patience = PATIENCE_S,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document a line.")] = False,
) -> None:
    """Show the progress of a running study until it is done.

    The command runs on any machine and changes nothing. The key q or Ctrl-C ends it. Without a terminal it
    prints a line for each event.

    Example: hpsearch watch digits
    """
    from hpsearch.cli.run.screen import shown
    from hpsearch.store import opened
    from hpsearch.worker import Stop

    stop = Stop()
    stop.obey(ENDING)
    with opened(storage) as ledger, notice(LEAVING_S):
        search = ledger.search_of(chosen_study(ledger, study))
        found: SimpleQueue[Snapshot | Exception] = SimpleQueue()
        # A wrong address is an error at once; from here on a database that is away is waited for.
        ledger.database.patience_s = patience
        # In a thread, so that a key is heard while the database is away.
        threading.Thread(target=_look, args=(ledger, search, found), name="looks", daemon=True).start()
        if as_json:
            done = _follow(found, _json_lines(), _no_key(stop), stop)
        else:
            hint = "q leaves, the study goes on"
            with shown(sys.stdout, verbose=True, hint=lambda: hint) as show, _keyboard(stop) as left:
                done = _follow(found, show, left, stop)
    if done and not as_json:
        say(f"study {search.name!r} is done: {to_type('best', search.name)}")
    if stop.signal in {signal.SIGTERM, signal.SIGHUP}:
        raise typer.Exit(128 + stop.signal)


def _look(ledger: "Ledger", study: "Study", found: "SimpleQueue[Snapshot | Exception]") -> None:
    """Look at a study again and again, and put what is found into a queue, until the study is done."""
    last: Snapshot | None = None
    try:
        while last is None or not last.done:
            last = ledger.snapshot(study, last)
            found.put(last)
            time.sleep(LOOK_S)
    except Exception as error:  # noqa: BLE001 - raised again in the thread that shows what is found
        found.put(error)


def _follow(
    found: "SimpleQueue[Snapshot | Exception]", show: "Show", left: Callable[[], bool], stop: "Stop"
) -> bool:
    """Show what is found until the study is done, or a key or a signal ends it; return whether it is done.

    Raises:
        HpsearchError: The database could not be used any more, or the study is not there.
    """
    heard, warned = time.monotonic(), False
    while not left() and not stop.draining:
        try:
            latest = found.get_nowait()
        except Empty:
            if not warned and time.monotonic() - heard > OVERDUE_S and not sys.stdout.isatty():
                say(f"hpsearch: no answer from the database for {OVERDUE_S:.0f} s: trying again")
                warned = True
            continue
        if isinstance(latest, Exception):
            raise latest
        show(latest)
        heard, warned = time.monotonic(), False
        if latest.done:
            return True
    return False


def _json_lines() -> "Show":
    """Return a function that prints a JSON document a line whenever something has happened."""
    from hpsearch.report import progress_to_json, without_clock

    last: object = None

    def show(progress: "Snapshot") -> None:
        nonlocal last
        document = progress_to_json(progress)
        if (news := without_clock(document)) != last:
            typer.echo(json.dumps(document, sort_keys=True, allow_nan=False))
            last = news

    return show


def _no_key(stop: "Stop") -> Callable[[], bool]:
    """Return a function that waits a moment and returns that no key was pressed."""

    def wait() -> bool:
        stop.wait(TICK_S)
        return False

    return wait


@contextmanager
def _keyboard(stop: "Stop") -> Iterator[Callable[[], bool]]:
    """Give a function that waits a moment and returns whether a key that leaves was pressed, without echo."""
    if not sys.stdin.isatty() or not sys.stdout.isatty() or not in_foreground():
        yield _no_key(stop)  # in the background a process may not touch the terminal
        return
    import termios
    import tty

    before = termios.tcgetattr(0)
    tty.setcbreak(0)
    try:
        yield lambda: bool(select.select([0], [], [], TICK_S)[0]) and os.read(0, 1) in LEAVES
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
