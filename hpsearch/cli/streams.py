"""Standard input, output and error, whatever they are: closed, full, or a pipe without a reader."""

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


_REPLACED: list[TextIO] = []


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


def keep_writing() -> None:
    r"""Change the streams so that a command goes on when one of them cannot take what is written.

    A character that the encoding lacks is written as Python escapes it, such as ``\u8bd5``. Messages to
    standard error are dropped on a full disk, or after the terminal has closed: they must not end a long
    search. A result that cannot be written to standard output is still an error.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")
    if isinstance(sys.stderr, io.TextIOWrapper):
        _REPLACED.append(sys.stderr)  # at its end a stream closes its descriptor
        news = io.BufferedWriter(_ErrorStream(sys.stderr.fileno(), "w", closefd=False))
        sys.stderr = io.TextIOWrapper(
            news, encoding=sys.stderr.encoding, errors="backslashreplace", line_buffering=True
        )


class _ErrorStream(io.FileIO):
    """Standard error, whose writes do not fail."""

    def write(self, data: "ReadableBuffer", /) -> int:
        with suppress(OSError):
            written = super().write(data)
            if written is not None:  # nothing, where a pipe that does not block is full
                return written
        return memoryview(data).nbytes


def give_up(stream: TextIO) -> None:
    """Discard what is left to write to a stream, so that the end of the process does not try again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def in_foreground() -> bool:
    """Return whether this process may read keys from the terminal of its standard input."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:  # a terminal that is not the one of this session
        return False
