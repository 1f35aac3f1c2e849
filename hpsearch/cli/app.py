"""The commands by name, and how one is run: wrong usage is one line that says what to type."""

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from hpsearch.cli.options import say, with_plain_numbers
from hpsearch.cli.results.best import best
from hpsearch.cli.results.explain import explain
from hpsearch.cli.results.export import export
from hpsearch.cli.results.fingerprint import fingerprint
from hpsearch.cli.results.import_ import import_
from hpsearch.cli.results.learn import learn
from hpsearch.cli.results.list import list_
from hpsearch.cli.results.predict import predict
from hpsearch.cli.results.replay import replay
from hpsearch.cli.results.report import report
from hpsearch.cli.results.show import show
from hpsearch.cli.run.control import cancel, pause, resume, stop
from hpsearch.cli.run.enqueue import enqueue
from hpsearch.cli.run.nurse import NurseCommand, nurse
from hpsearch.cli.run.retry import retry
from hpsearch.cli.run.start import start
from hpsearch.cli.run.status import status
from hpsearch.cli.run.watch import watch
from hpsearch.cli.run.worker import worker
from hpsearch.cli.setup.check import check
from hpsearch.cli.setup.dashboard import dashboard
from hpsearch.cli.setup.db import DB_COMMANDS
from hpsearch.cli.setup.doctor import doctor
from hpsearch.cli.setup.init import init
from hpsearch.errors import ALIASES, ExitCode

WrongUsage: type[Exception] = typer.BadParameter.__mro__[1]
"""The base of all complaints about arguments: Typer's own, or Click's where Typer does not bring one."""

_NEAR = re.compile(r"(?:\. Did you mean (.*)\?| \(Possible options: (.*)\))$")
_OPTION = re.compile(r"^[Nn]o such option: --([\w-]+)")
_HELP, _ALIKE = "--help", 0.75
"""An option that is so little like ``--help`` was not meant to be it, although nothing is nearer."""

COMMANDS: dict[str, Callable[..., Any]] = {
    "init": init,
    "start": start,
    "worker": worker,
    "check": check,
    "status": status,
    "watch": watch,
    "list": list_,
    "show": show,
    "explain": explain,
    "best": best,
    "pause": pause,
    "resume": resume,
    "stop": stop,
    "cancel": cancel,
    "enqueue": enqueue,
    "retry": retry,
    "nurse": nurse,
    "report": report,
    "export": export,
    "import": import_,
    "predict": predict,
    "learn": learn,
    "fingerprint": fingerprint,
    "replay": replay,
    "dashboard": dashboard,
    "doctor": doctor,
}

GROUPS: dict[str, tuple[str, dict[str, Callable[..., Any]]]] = {
    "db": ("Look after the database itself.", DB_COMMANDS),
}
"""Name of a group -> what it is for, and its commands by name."""

app = typer.Typer(
    name="hpsearch",
    help="Search hyperparameters of small and medium networks: the same study to the last bit, every time.",
    epilog="Begin with:  hpsearch start studies/digits.toml",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        from importlib.metadata import version

        typer.echo(version("hpsearch"))
        raise typer.Exit


@app.callback()
def common(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", "-V", help="Print the version.", callback=_print_version, is_eager=True),
    ] = False,
    _debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """Take the options that stand before a command."""


CLASSES: dict[str, type[TyperCommand]] = {"nurse": NurseCommand}
"""Name of a command -> what reads its arguments, where the usual class does not."""

for name, command in COMMANDS.items():
    app.command(name, cls=CLASSES.get(name, TyperCommand))(with_plain_numbers(command))

for group, (purpose, commands) in GROUPS.items():
    below = typer.Typer(help=purpose, no_args_is_help=True)
    for name, command in commands.items():
        below.command(name)(with_plain_numbers(command))
    app.add_typer(below, name=group)


def run() -> int:
    """Run the command that was typed and return its exit code."""
    try:
        code = app(prog_name="hpsearch", standalone_mode=False)
    except WrongUsage as error:
        _print_usage(error)
        return ExitCode.USAGE
    except typer.Abort:
        return ExitCode.FAILED
    return ExitCode.DONE if code is None else int(code)


def _print_usage(error: Exception) -> None:
    context, message = error.ctx, " ".join(error.format_message().split())  # type: ignore[attr-defined]
    if not message:  # no arguments at all: the help has been shown
        return
    command = "hpsearch" if context is None else context.command_path
    message = _NEAR.sub(
        lambda near: f"; did you mean {near[1] or near[2]}?", message[0].lower() + message[1:].rstrip(".")
    )
    if option := _OPTION.match(message):
        message = _without_help(message, option[1])
    say(f"{command}: {message if message.endswith('?') else f'{message}; {command} --help tells more'}")


def _without_help(message: str, option: str) -> str:
    """Return what is said of an unknown option, without ``--help`` as a guess for what is not like it.

    A setting of the study file that was typed as an option is named as what it is.
    """
    key = option.replace("-", "_").lower()
    key = ALIASES.get(key, key)
    rest = message.partition(";")[0]
    if "--" not in message.partition(";")[2].replace(_HELP, "") and key in ALIASES.values():
        return f"{rest}; {key} is a key of the study file"
    alike = get_close_matches(f"--{option}", [_HELP], cutoff=_ALIKE)
    return message if alike or not message.endswith(f"did you mean {_HELP}?") else rest
