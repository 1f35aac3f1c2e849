"""``hpsearch dashboard``: look at studies in a browser."""

from pathlib import Path
from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Storage, say, storage_flag
from hpsearch.errors import ExitCode, HpsearchError

_OF_OTHERS = 0o066
"""The permissions of a group and of all others to read and to write."""


class TokenFileError(HpsearchError):
    """The file that should hold the token cannot be read: name another one."""

    exit_code = ExitCode.USAGE


def dashboard(  # noqa: PLR0913 - Typer reads options as arguments
    *,
    storage: Storage = DEFAULT_STORAGE,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="The address to listen on; an address that other machines can reach needs a token.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=1, max=65535, metavar="PORT", help="The port to listen on.")
    ] = 8080,
    token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file with the token; without it, HPSEARCH_DASHBOARD_TOKEN has the token.",
        ),
    ] = None,
    allow_edit: Annotated[
        bool,
        typer.Option(
            "--allow-edit", help="Allow changes of notes, attributes and studies that are not running."
        ),
    ] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Another name of this machine that browsers use; may be repeated."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the dashboard in the browser.")] = False,
) -> None:
    """Serve studies, reports and optuna-dashboard until Ctrl-C.

    The pages are read-only without --allow-edit. /metrics has the numbers for a monitoring system.

    Example: hpsearch dashboard --port 8080 --open
    """
    import webbrowser
    from functools import partial

    from hpsearch.dashboard import Rules, serve, study_page

    rules = Rules(
        host=host,
        port=port,
        token=_token(token_file),
        allow_edit=allow_edit,
        allow_hosts=tuple(allow_host or ()),
    )
    visit = webbrowser.open if open_ else (lambda _address: None)
    report = partial(study_page, flags=storage_flag(storage))
    raise typer.Exit(serve(storage, rules=rules, report=report, say=say, visit=visit))


def _token(file: Path | None) -> str | None:
    import os

    from hpsearch.files import read_file

    if file is None:
        return os.environ.get("HPSEARCH_DASHBOARD_TOKEN") or None
    try:
        _warn_of_readers(file)
        return read_file(file).decode()
    except (OSError, UnicodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "it is no text"
        raise TokenFileError(f"--token-file {file}: {what}") from error


def _warn_of_readers(file: Path) -> None:
    """Say so where other users may read the token, or put another one in its place.

    A pipe, such as one that a shell makes of ``<(command)``, is read by this process alone.
    """
    import stat
    from shlex import quote

    mode = file.stat().st_mode
    if stat.S_ISREG(mode) and mode & _OF_OTHERS:
        say(
            f"hpsearch: --token-file {file}: expected a file that only its owner may read and write, found "
            f"mode {stat.S_IMODE(mode):04o}: chmod 600 {quote(str(file))}"
        )
