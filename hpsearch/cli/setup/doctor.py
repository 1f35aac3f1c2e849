"""``hpsearch doctor``: are this machine and this storage fit for a search?"""

import shutil
import signal
import sys
from dataclasses import asdict
from textwrap import wrap
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, print_json, print_text
from hpsearch.errors import ExitCode, StorageError
from hpsearch.signals import ENDING, notice

if TYPE_CHECKING:
    from hpsearch.diagnosis.doctor import Diagnosis

STORAGE = ("storage", "writes")
"""The results that say whether the storage can be used."""
LEAVING_S = 10.0
"""To end the processes that write, and to remove the throw-away database."""
INDENT = 18
"""Where the results begin."""


def doctor(
    *,
    storage: Storage = DEFAULT_STORAGE,
    trial: Annotated[
        float,
        typer.Option(min=0.001, metavar="SECONDS", help="The time of a trial, for the number of workers."),
    ] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Check this machine and the storage.

    The command measures how many workers the storage can serve. Processes write to a temporary database
    beside the real one. The real one is not changed.

    Example: hpsearch doctor --storage sqlite:///hpsearch.db
    """
    from hpsearch.diagnosis.doctor import Level, examine

    with notice(LEAVING_S):
        for number in ENDING:
            signal.signal(number, _leave)
        diagnosis = examine(storage, trial_s=trial)
    if as_json:
        print_json(
            {
                "schema_version": 1,
                "answers": [asdict(result) for result in diagnosis.results],
                "strain": asdict(diagnosis.load_test) if diagnosis.load_test else None,
                "workers": diagnosis.load_test.workers(trial) if diagnosis.load_test else None,
            }
        )
    else:
        print_text("\n".join(_lines(diagnosis)))
    if not diagnosis.usable:
        failed = [result for result in diagnosis.results if result.level is Level.FAIL]
        raise StorageError(next(result.found for result in failed if result.about in STORAGE))
    if diagnosis.failed:
        raise typer.Exit(ExitCode.FAILED)


def _lines(diagnosis: "Diagnosis") -> list[str]:
    """Return the results as lines, wrapped at the terminal's width; whole where they go to a file."""
    room = max(shutil.get_terminal_size().columns - INDENT, 20) if sys.stdout.isatty() else sys.maxsize
    lines = []
    for result in diagnosis.results:
        texts = [*wrap(result.found, room), *wrap(result.advice, room)]
        lines.append(f"{result.level:<4}  {result.about:<10}  {texts[0]}")
        lines += [" " * INDENT + line for line in texts[1:]]
    return lines


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End as a signal asks, after the throw-away database has been removed."""
    sys.exit(128 + number)
