"""The entry point: runs a command and turns its errors into one or two lines and an exit code."""

import os
import signal
import sys
import traceback
import warnings
from typing import NoReturn, TextIO

from hpsearch.cli.argv import hide_passwords
from hpsearch.errors import ExitCode, HpsearchError, StorageWarning

_show_as_before = warnings.showwarning


def main() -> NoReturn:
    """Run the command line and exit."""
    hide_passwords()
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    if os.environ.get("NO_COLOR"):
        os.environ["TERM"] = "dumb"  # NO_COLOR alone leaves Rich its bold letters and its moving cursor
    # A KeyboardInterrupt in the middle of an import may come out as an ImportError or worse. Until a
    # command obeys signals in its own way there is nothing to save: Ctrl-C ends the process at once.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    warnings.showwarning = _show_warning
    # Typer is imported here, so that a worker process that finds this module imports nothing.
    from hpsearch.cli.usage import run

    try:
        code = run()
    except HpsearchError as error:
        if debug:
            traceback.print_exc()
        print(f"hpsearch: {error}", file=sys.stderr)  # noqa: T201 - the one place that prints errors
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader has gone, as in `hpsearch list | head`: nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.FAILED)
    except Exception as error:  # noqa: BLE001 - nobody should have to read a traceback
        if debug:
            traceback.print_exc()
        found = f"unexpected {type(error).__name__}: {error}".partition("\n")[0]
        print(f"hpsearch: {found}; --debug shows where it came from", file=sys.stderr)  # noqa: T201 - as above
        sys.exit(ExitCode.FAILED)
    sys.exit(code)


def _show_warning(  # noqa: PLR0913, PLR0917 - the library calls it so
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, StorageWarning):
        print(f"hpsearch: {message}", file=sys.stderr)  # noqa: T201 - as above
    else:
        _show_as_before(message, category, filename, lineno, file, line)


def _leave(_number: int, _frame: object) -> NoReturn:
    os._exit(ExitCode.INTERRUPTED)
