"""``hpsearch export``: all trials as a table."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Storage, StudyName, say


def export(
    *,
    study: StudyName = None,
    storage: Storage = DEFAULT_STORAGE,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", metavar="csv|jsonl", help="By default as the file's ending says, or csv."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to; by default, standard output."),
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Leave texts that a spreadsheet may run as formulas as they are.")
    ] = False,
) -> None:
    """Write one row a trial: parameters, curve, value, times.

    A file is replaced when the new one is whole, never before. Memory stays small however long the study is.

    Example: hpsearch export --study digits --output digits.csv
    """
    from hpsearch.report import FORMATS, Table, replacing
    from hpsearch.store import opened
    from hpsearch.worker import spec_of

    name = format_ or (output.suffix.removeprefix(".") if output and output.suffix else "csv")
    if name not in FORMATS:
        expected = " or ".join(FORMATS)
        raise typer.BadParameter(f"expected {expected}, found {name!r}", param_hint="--format")
    with opened(storage) as ledger:
        found = ledger.find_study(study)
        table = Table(ledger, found, spec_of(ledger.search_of(found)).space, raw=raw)
        if output is None:
            sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
            FORMATS[name](table, sys.stdout)
            return
        with replacing(output) as file:
            n_rows = FORMATS[name](table, file)
    say(f"{n_rows} trials written to {output}")
