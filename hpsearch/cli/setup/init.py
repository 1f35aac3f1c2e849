"""``hpsearch init``: a study file to begin with."""

import sys
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from hpsearch.cli.complete import complete_data, complete_study_file
from hpsearch.cli.options import Quiet, say


def init(
    source: Annotated[
        str,
        typer.Argument(
            help="A .csv, .parquet or .npz file, openml:NUMBER, or a name: digits, wine, iris, ...",
            metavar="NAME_OR_DATA",
            autocompletion=complete_data,
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The study file; by default NAME.toml in this folder. - prints it.",
            autocompletion=complete_study_file,
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="The column of a table that holds the class."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a commented study file for your data: what is in them, and settings that suit their size.

    An existing file is never overwritten.

    Example: hpsearch init flowers.csv --target species
    """
    from hpsearch.files import STDOUT, write_new
    from hpsearch.objective import draft_study, study_name

    file = output or Path(f"{study_name(source)}.toml")
    draft = draft_study(source, file=Path("study.toml") if file == STDOUT else file, target=target)
    if file == STDOUT:
        sys.stdout.buffer.write(draft.text.encode())
        return
    written = write_new(file, draft.text)
    if quiet:
        return
    say(f"{file}: {'written' if written else 'is there already, with the same content'}")
    if draft.target is not None:
        column = f"the class is the column {draft.target.name!r} ({draft.target.why})"
        say(f"{column}; --target names another")
    name = quote(str(file))
    say(f"\nnext:\n  hpsearch check {name}\n  hpsearch start {name}")
