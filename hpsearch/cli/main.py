"""The entry point: runs a command and turns its errors into one or two lines and an exit code."""

import atexit
import errno
import gc
import os
import sys
import traceback
import warnings
from typing import NoReturn, TextIO

from hpsearch.cli.passwords import hide_passwords, without_passwords
from hpsearch.cli.streams import give_up, keep_writing, open_closed_streams
from hpsearch.errors import ExitCode, HpsearchError, MachineWarning, SettingWarning, StorageWarning
from hpsearch.signals import WATCH

_DEBUG = "; --debug shows where it came from"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG}
COLLECT_FIRST = 500_000
"""New objects until the garbage collector runs for the first time: the 350,000 of the imports all stay."""
COLLECT_AFTER = 10_000
"""New objects until it runs again, without what was there at the first time.

With Python's own 700 from the beginning, and with all of them looked through again at the end, a command
takes a third longer.
"""
MOST_LINES = 3
"""Lines of an error that are printed; one with more has a name with line breaks in it."""

_show_as_before = warnings.showwarning


def main() -> NoReturn:
    """Run the command line and exit."""
    gc.set_threshold(COLLECT_FIRST)
    gc.callbacks.append(_after_first_collection)
    atexit.register(gc.freeze)
    open_closed_streams()
    keep_writing()
    hide_passwords()
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    if os.environ.get("NO_COLOR"):
        os.environ["TERM"] = "dumb"  # NO_COLOR alone leaves Rich its bold letters and its moving cursor
    # A KeyboardInterrupt in the middle of an import may come out as an ImportError or worse. Until a
    # command obeys signals in its own way there is nothing to save: a signal ends the process at once.
    WATCH.begin()
    warnings.showwarning = _show_warning
    try:
        # Typer is imported here, so that a worker process that finds this module imports nothing.
        from hpsearch.cli.app import run

        code = run()
        sys.stdout.flush()  # here, where an error can still be reported
    except HpsearchError as error:
        if debug:
            sys.stderr.write(without_passwords(traceback.format_exc()))
        faults = list(map(str, getattr(error, "faults", ())))
        for message in faults if len(faults) > 1 else [_with_limit(error, str(error))]:
            _report(message)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader has gone, as in `hpsearch list | head`: no message can reach it.
        give_up(sys.stdout)
        sys.exit(ExitCode.FAILED)
    except Exception as error:  # noqa: BLE001 - a user should not have to read a traceback
        if debug:
            sys.stderr.write(without_passwords(traceback.format_exc()))
        found = f"unexpected {type(error).__name__}: {error}".partition("\n")[0]
        found = _missing(error) or _with_limit(error, found, otherwise=_DEBUG)
        if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
            found = (
                f"standard output: expected room for what is printed, found: {str(error.strerror).lower()}"
            )
            give_up(sys.stdout)
        _report(found)
        sys.exit(ExitCode.FAILED)
    sys.exit(code)


def _after_first_collection(phase: str, _about: dict[str, int]) -> None:
    if phase == "stop":
        gc.callbacks.remove(_after_first_collection)
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER)


def _missing(error: Exception) -> str | None:
    """Return what names the module that an error misses; ``None`` where it misses none of another project."""
    cause: BaseException | None = error
    while isinstance(cause, ImportError) and not isinstance(cause, ModuleNotFoundError):
        cause = cause.__cause__ or cause.__context__  # a package may put its own guess before it
    name = (isinstance(cause, ModuleNotFoundError) and cause.name) or ""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return f"this Python lacks its own module {name!r}: take a Python that was built with all its parts"
    if top in {"", "hpsearch"}:
        return None
    return f"expected the module {name!r}, found none: pip install --force-reinstall hpsearch brings it"


def _with_limit(error: Exception, message: str, *, otherwise: str = "") -> str:
    """Return a message and the limit of the system that the error comes from, or else another ending."""
    from hpsearch.limits import limit_behind

    limit = limit_behind(error)
    if limit is None:
        return message + otherwise
    return message if limit in message else f"{message}\n{limit}"


def _show_warning(  # noqa: PLR0913, PLR0917 - the library calls it so
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, (MachineWarning, SettingWarning, StorageWarning)):
        _report(str(message))
    else:
        _show_as_before(message, category, filename, lineno, file, line)


def _report(message: str) -> None:
    """Print an error or a warning."""
    try:
        from hpsearch.cli.options import fit_to_print, say
    except ImportError:  # what is reported may be that Typer is missing
        sys.stderr.write(f"hpsearch: {message}\n")
        return

    try:
        say(fit_to_print(f"hpsearch: {message}", most_lines=MOST_LINES))
    except OSError:
        give_up(sys.stderr)  # the exit code says it
