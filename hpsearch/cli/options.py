"""Options that several commands share, and how a command prints."""

import json
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar, get_args

import typer
from typer.models import ParameterInfo

from hpsearch import defaults
from hpsearch.cli.complete import complete_study
from hpsearch.cli.passwords import without_passwords
from hpsearch.number import expect_number
from hpsearch.text import printable

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_STORAGE = defaults.STORAGE

_MOST_LINES = 10
_LONGEST_LINE = 1000
_HEAD = 400


def setting(variable: str, text: str, *, metavar: str, short: str | None = None, **more: Any) -> Any:
    """Return the option of a variable, which gives it as well: ``--lease`` for ``"HPSEARCH_LEASE"``."""
    flag = f"--{variable.removeprefix('HPSEARCH_').lower()}"
    flags = (flag,) if short is None else (flag, short)
    return typer.Option(*flags, envvar=variable, metavar=metavar, help=text, **more)


Storage = Annotated[
    str,
    typer.Option(
        "--storage",
        "-s",
        envvar=defaults.STORAGE_VARIABLE,
        metavar="URL",
        help="The database: sqlite:///FILE or postgresql+psycopg://USER@HOST/DB.",
    ),
]
StudyName = Annotated[
    str | None,
    typer.Argument(
        metavar="STUDY",
        help="The name of the study; by default the newest one.",
        show_default=False,
        autocompletion=complete_study,
    ),
]
OwnStudy = Annotated[
    str, typer.Argument(metavar="STUDY", help="The name of the study.", autocompletion=complete_study)
]
"""The name of a study for commands that do not take the newest by default."""
StudyFlag = Annotated[
    str | None,
    setting(
        "HPSEARCH_STUDY",
        "The study's name as an option, also for a name that looks like another argument.",
        metavar="NAME",
        short="-n",
        autocompletion=complete_study,
    ),
]
"""The same name as an option; ``hpsearch.cli.words`` joins it with the argument."""
Lease = Annotated[
    float,
    setting(
        "HPSEARCH_LEASE",
        "The time after which a trial without a heartbeat of its worker is given to another one.",
        metavar="SECONDS",
        min=0.5,
    ),
]
Patience = Annotated[
    float,
    setting(
        "HPSEARCH_PATIENCE",
        "The time that a worker waits for a database that is locked or out of reach.",
        metavar="SECONDS",
        min=0.0,
    ),
]
Notice = Annotated[
    float,
    setting(
        "HPSEARCH_NOTICE",
        "The time that a worker has after Ctrl-C or SIGTERM; it saves unfinished trials within it.",
        metavar="SECONDS",
        min=0.0,
    ),
]
Artifacts = Annotated[
    str | None,
    setting(
        "HPSEARCH_ARTIFACTS",
        "The artifact store that every machine can read: a folder, or an address such as s3://BUCKET/FOLDER.",
        metavar="ADDRESS",
    ),
]
Allow = Annotated[
    bool,
    typer.Option("--allow", help="Allow hpsearch to run the function or command that the database names."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print more messages.")]


def with_plain_numbers(command: Command) -> Command:
    """Let each option and argument that is a number obey one grammar; return the command.

    Typer reads numbers as Python does, so that ``--trials 1_0`` would be ten.
    """
    for annotation in command.__annotations__.values():
        kind, *infos = get_args(annotation) or (annotation,)
        kinds = {kind, *get_args(kind)}
        for info in infos:
            if isinstance(info, ParameterInfo) and kinds & {int, float} and info.parser is None:
                whole = float not in kinds
                info.parser = partial(_typed, whole=whole, least=info.min, most=info.max)
    return command


def _typed(value: object, *, whole: bool, least: float | None, most: float | None) -> object:
    """Return the number that a text stands for; a default is a number already."""
    if not isinstance(value, str):
        return value
    try:
        return expect_number(value, whole=whole, least=least, most=most)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def print_json(document: Any) -> None:
    """Print one JSON document with sorted keys to standard output."""
    typer.echo(json.dumps(document, sort_keys=True, indent=2, allow_nan=False))


def print_text(text: str) -> None:
    """Print a result to standard output, without what a terminal would obey."""
    typer.echo(printable(text))


def storage_flag(storage: str) -> str:
    """Return the storage flag to type again; empty where it is not needed.

    An address with a password is not printed: the flag names the variable that may hold it.
    """
    if storage in {DEFAULT_STORAGE, defaults.named_storage()}:
        return ""
    from hpsearch.store import address_flag

    return address_flag(storage)


def say(line: str) -> None:
    """Print news, a hint, a warning or an error to standard error: no password, nothing a terminal obeys."""
    typer.echo(fit_to_print(line), err=True)


def fit_to_print(text: str, *, most_lines: int = _MOST_LINES) -> str:
    r"""Return a text in which a name that a user has given cannot move a cursor or fill a screen.

    What does not print is written as in Python, such as ``\x1b``; of a line that goes on and on the middle
    is left out. Line breaks are kept only where there are few: many of them come from a name in the text.
    """
    text = without_passwords(text)
    if text.count("\n") >= most_lines:
        text = text.replace("\n", "\\n")
    return "\n".join(map(_shortened, printable(text).split("\n")))


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:_HEAD]} ... {line[-_HEAD:]}"
