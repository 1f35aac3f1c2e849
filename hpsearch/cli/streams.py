"""Standard input, output and error, whatever they are: closed, full, or a pipe without a reader."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO


def open_closed_streams() -> None:
    """Put the empty device in the place of streams that are closed.

    The next file to be opened, a database perhaps, would take the number of a closed one, and whatever a
    library prints would be written into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - until the end


def give_up(stream: TextIO) -> None:
    """Discard what is left to write to a stream, so that the end of the process does not try again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
