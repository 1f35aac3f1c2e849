"""Options that several commands share, and how a command prints."""

import json
import os
from shlex import quote
from typing import Annotated, Any

import typer

from hpsearch import defaults
from hpsearch.cli.complete import complete_study

DEFAULT_STORAGE = defaults.STORAGE
DEFAULT_LEASE_S = defaults.LEASE_S
DEFAULT_PATIENCE_S = defaults.PATIENCE_S
DEFAULT_NOTICE_S = defaults.NOTICE_S

_MOST_LINES = 10
_LONGEST_LINE = 1000
_HEAD = 400

Storage = Annotated[
    str,
    typer.Option(
        "--storage",
        "-s",
        envvar="HPSEARCH_STORAGE",
        metavar="URL",
        help="The database: sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.",
    ),
]
StudyName = Annotated[
    str | None,
    typer.Option(
        "--study",
        "-n",
        envvar="HPSEARCH_STUDY",
        metavar="NAME",
        help="The study; may be left out when the database has one.",
        show_envvar=False,
        autocompletion=complete_study,
    ),
]
Lease = Annotated[
    float,
    typer.Option(
        "--lease",
        envvar="HPSEARCH_LEASE",
        min=0.5,
        metavar="SECONDS",
        help="How long a trial outlives the last sign of life of its worker.",
        show_envvar=False,
    ),
]
Patience = Annotated[
    float,
    typer.Option(
        "--patience",
        envvar="HPSEARCH_PATIENCE",
        min=0.0,
        metavar="SECONDS",
        help="How long a worker waits for a database that is locked or away.",
        show_envvar=False,
    ),
]
Notice = Annotated[
    float,
    typer.Option(
        "--notice",
        envvar="HPSEARCH_NOTICE",
        min=0.0,
        metavar="SECONDS",
        help="How long after Ctrl-C or SIGTERM it may go on; what is not trained by then is saved half-way.",
        show_envvar=False,
    ),
]
Artifacts = Annotated[
    str | None,
    typer.Option(
        "--artifacts",
        envvar="HPSEARCH_ARTIFACTS",
        metavar="ADDRESS",
        help="Where the study's files are for every machine: a folder, or such as s3://BUCKET/FOLDER.",
        show_envvar=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Tell more on the way.")]


def print_json(document: Any) -> None:
    """Print one JSON document with sorted keys to standard output."""
    typer.echo(json.dumps(document, sort_keys=True, indent=2, allow_nan=False))


def storage_flag(storage: str) -> str:
    """Return the storage flag to type again, without the password; empty where it is not needed."""
    if storage in {DEFAULT_STORAGE, os.environ.get("HPSEARCH_STORAGE")}:
        return ""
    from hpsearch.store import masked

    return f" --storage {quote(masked(storage))}"


def say(line: str) -> None:
    """Print news, a hint, a warning or an error to standard error, without what a terminal would obey."""
    typer.echo(fit_to_print(line), err=True)


def fit_to_print(text: str, *, most_lines: int = _MOST_LINES) -> str:
    r"""Return a text in which a name that a user has given cannot move a cursor or fill a screen.

    What does not print is written as in Python, such as ``\x1b``; of a line that goes on and on the middle
    is left out. Line breaks are kept only where there are few: many of them come from a name in the text.
    """
    if text.count("\n") >= most_lines:
        text = text.replace("\n", "\\n")
    return "\n".join(_shortened(_escaped(line)) for line in text.split("\n"))


def _escaped(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:_HEAD]} ... {line[-_HEAD:]}"
