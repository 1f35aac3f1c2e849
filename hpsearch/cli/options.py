"""The options that every command spells the same way."""

import json
import os
from shlex import quote
from typing import Annotated, Any

import typer

from hpsearch.cli.complete import complete_study

DEFAULT_STORAGE = "sqlite:///hpsearch.db"
DEFAULT_LEASE_S = 60.0
DEFAULT_PATIENCE_S = 120.0

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
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Tell more on the way.")]


def print_json(document: Any) -> None:
    """Print one JSON document with sorted keys to standard output."""
    typer.echo(json.dumps(document, sort_keys=True, indent=2, allow_nan=False))


def storage_flag(storage: str) -> str:
    """Return the flag to type again, without the password; nothing where the database is found without."""
    if storage in {DEFAULT_STORAGE, os.environ.get("HPSEARCH_STORAGE")}:
        return ""
    from hpsearch.store import masked

    return f" --storage {quote(masked(storage))}"


def say(line: str) -> None:
    """Print news, a hint or a warning to standard error."""
    typer.echo(line, err=True)
