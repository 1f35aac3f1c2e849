"""The commands by name, and how one is run: wrong usage is one line that says what to type."""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any, TypeAlias

import typer

from hpsearch.cli.command import PlainCommand, PlainGroup
from hpsearch.cli.options import say, with_plain_numbers
from hpsearch.cli.overview import MainGroup, in_panels, panel_of, reflowed
from hpsearch.errors import ALIASES, ExitCode

Home: TypeAlias = tuple[str, str]
"""A module, which is imported when it is needed, and a name in it."""

WrongUsage: type[Exception] = typer.BadParameter.__mro__[1]
"""The base of all complaints about arguments: Typer's own, or Click's where Typer does not bring one."""

_NEAR = re.compile(r"(?:\. Did you mean (.*)\?| \(Possible options: (.*)\))$")
_OPTION = re.compile(r"^[Nn]o such option: --([\w-]+)")
_HELP, _ALIKE = "--help", 0.75
"""An option that is so little like ``--help`` was not meant to be it, although nothing is nearer."""

HELP = "Search hyperparameters. A study file gives the same study every time, to the last bit."

COMMANDS: Mapping[str, Home] = {
    "init": ("hpsearch.cli.setup.init", "init"),
    "start": ("hpsearch.cli.run.start", "start"),
    "worker": ("hpsearch.cli.run.worker", "worker"),
    "check": ("hpsearch.cli.setup.check", "check"),
    "status": ("hpsearch.cli.run.status", "status"),
    "watch": ("hpsearch.cli.run.watch", "watch"),
    "list": ("hpsearch.cli.results.list", "list_"),
    "show": ("hpsearch.cli.results.show", "show"),
    "explain": ("hpsearch.cli.results.explain", "explain"),
    "best": ("hpsearch.cli.results.best", "best"),
    "pause": ("hpsearch.cli.run.control", "pause"),
    "resume": ("hpsearch.cli.run.control", "resume"),
    "stop": ("hpsearch.cli.run.control", "stop"),
    "cancel": ("hpsearch.cli.run.control", "cancel"),
    "enqueue": ("hpsearch.cli.run.enqueue", "enqueue"),
    "retry": ("hpsearch.cli.run.retry", "retry"),
    "nurse": ("hpsearch.cli.run.nurse", "nurse"),
    "report": ("hpsearch.cli.results.report", "report"),
    "export": ("hpsearch.cli.results.export", "export"),
    "import": ("hpsearch.cli.results.import_", "import_"),
    "predict": ("hpsearch.cli.results.predict", "predict"),
    "learn": ("hpsearch.cli.results.learn", "learn"),
    "fingerprint": ("hpsearch.cli.results.fingerprint", "fingerprint"),
    "replay": ("hpsearch.cli.results.replay", "replay"),
    "compare": ("hpsearch.cli.results.compare", "compare"),
    "rename": ("hpsearch.cli.setup.rename", "rename"),
    "delete": ("hpsearch.cli.setup.delete", "delete"),
    "dashboard": ("hpsearch.cli.setup.dashboard", "dashboard"),
    "doctor": ("hpsearch.cli.setup.doctor", "doctor"),
}
"""Name -> where the function is: a command imports no other."""

GROUPS: Mapping[str, tuple[str, Mapping[str, Home]]] = {
    "db": (
        "Maintain the database.",
        {
            "current": ("hpsearch.cli.setup.db", "current"),
            "upgrade": ("hpsearch.cli.setup.db", "upgrade"),
            "check": ("hpsearch.cli.setup.db", "check"),
            "backup": ("hpsearch.cli.setup.db", "backup"),
        },
    ),
}
"""Name of a group -> what it is for, and its commands by name."""

CLASSES: Mapping[str, Home] = {"nurse": ("hpsearch.cli.run.nurse", "NurseCommand")}
"""Name of a command -> what reads its arguments, where the usual class does not."""


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        from importlib.metadata import version

        typer.echo(version("hpsearch"))
        raise typer.Exit


def common(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", "-V", help="Print the version.", callback=_print_version, is_eager=True),
    ] = False,
    _debug: Annotated[bool, typer.Option("--debug", help="Print the traceback of an error.")] = False,
) -> None:
    """Take the options that stand before a command."""


def make_app(names: Iterable[str] = (*COMMANDS, *GROUPS)) -> typer.Typer:
    """Return the program with some of its commands and groups; by default with all of them."""
    app = typer.Typer(
        name="hpsearch",
        cls=MainGroup,
        help=HELP,
        epilog="Begin with:  hpsearch start digits",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(common)
    for name in in_panels(names):
        if name in COMMANDS:
            _add(app, name, COMMANDS[name], panel=panel_of(name))
        else:
            purpose, commands = GROUPS[name]
            below = typer.Typer(cls=PlainGroup, help=purpose, no_args_is_help=True)
            for inner, home in commands.items():
                _add(below, inner, home)
            app.add_typer(below, name=name, rich_help_panel=panel_of(name))
    return app


def _add(app: typer.Typer, name: str, home: Home, *, panel: str | None = None) -> None:
    cls = _found(CLASSES[name]) if name in CLASSES else PlainCommand
    command = _found(home)
    app.command(name, cls=cls, help=reflowed(command.__doc__), rich_help_panel=panel)(
        with_plain_numbers(command)
    )


def _found(home: Home) -> Any:
    module, name = home
    return getattr(import_module(module), name)


def typed(words: Sequence[str]) -> Iterable[str]:
    """Return the commands and groups that typed words need: one where they begin with its name, else all."""
    known = (*COMMANDS, *GROUPS)
    return words[:1] if words and words[0] in known else known


def run() -> int:
    """Run the command that was typed and return its exit code."""
    try:
        code = make_app(typed(sys.argv[1:]))(prog_name="hpsearch", standalone_mode=False)
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
