"""Runs a command; wrong usage is one line that says what to type, not a box around it."""

import re

import typer

from hpsearch.cli.app import app
from hpsearch.cli.options import say
from hpsearch.errors import ExitCode

WrongUsage: type[Exception] = typer.BadParameter.__mro__[1]
"""The base of all complaints about arguments: Typer's own, or Click's where Typer does not bring one."""

_NEAR = re.compile(r"(?:\. Did you mean (.*)\?| \(Possible options: (.*)\))$")


def run() -> int:
    """Run the command that was typed and return its exit code."""
    try:
        code = app(prog_name="hpsearch", standalone_mode=False)
    except WrongUsage as error:
        _tell(error)
        return ExitCode.USAGE
    except typer.Abort:
        return ExitCode.FAILED
    return ExitCode.DONE if code is None else int(code)


def _tell(error: Exception) -> None:
    context, message = error.ctx, " ".join(error.format_message().split())  # type: ignore[attr-defined]
    if not message:  # no arguments at all: the help has been shown
        return
    command = "hpsearch" if context is None else context.command_path
    message = _NEAR.sub(
        lambda near: f"; did you mean {near[1] or near[2]}?", message[0].lower() + message[1:].rstrip(".")
    )
    say(f"{command}: {message if message.endswith('?') else f'{message}; {command} --help tells more'}")
