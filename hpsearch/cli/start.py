"""``hpsearch start``: search, confirm, print the winner."""

import signal
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer

from hpsearch.cli.options import (
    DEFAULT_LEASE_S,
    DEFAULT_PATIENCE_S,
    DEFAULT_STORAGE,
    AsJson,
    Lease,
    Patience,
    Quiet,
    Storage,
    Verbose,
    print_json,
    say,
    storage_flag,
)
from hpsearch.errors import ExitCode

ENDED_BY: dict[int | None, ExitCode] = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
}

Workers = Annotated[
    int | None,
    typer.Option("--workers", "-w", min=1, metavar="N", help="Worker processes; one a core by default."),
]
Trials = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Number of trials instead of the file's; more go on."),
]
Target = Annotated[
    float | None,
    typer.Option(metavar="ACCURACY", help="End when a trial reaches this, whatever the file says."),
]
Hours = Annotated[
    float | None,
    typer.Option(metavar="HOURS", help="End so long after the study was created, whatever the file says."),
]
Plateau = Annotated[
    int | None,
    typer.Option(metavar="N", help="End after so many trials without a new best, whatever the file says."),
]


def start(  # noqa: PLR0913 - Typer reads options as arguments
    study_file: Annotated[Path, typer.Argument(help="The study, a TOML file.", metavar="FILE")],
    *,
    storage: Storage = DEFAULT_STORAGE,
    workers: Workers = None,
    trials: Trials = None,
    target: Target = None,
    hours: Hours = None,
    plateau: Plateau = None,
    lease: Lease = DEFAULT_LEASE_S,
    patience: Patience = DEFAULT_PATIENCE_S,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Create a study or go on with it: launch workers, show progress, print the winner.

    The first Ctrl-C lets workers finish what they train, the second hands it back at once. The same
    command goes on where it ended.

    Example: hpsearch start studies/digits.toml --workers 4
    """
    from hpsearch.engine import prepare_engine

    engine = prepare_engine()  # imports in another process, while this one does its own
    from hpsearch import api
    from hpsearch.cli.screen import progress
    from hpsearch.report import summary_text
    from hpsearch.worker import Stop

    terms: dict[str, Any] = {"trials": trials, "target": target, "hours": hours, "plateau": plateau}
    given = {name: value for name, value in terms.items() if value is not None}
    spec = api.load_study_file(study_file, **given)
    stop = Stop()
    stop.obey([signal.SIGINT, signal.SIGTERM])
    try:
        with progress(quiet=quiet or as_json, verbose=verbose) as show:
            summary = api.start(
                spec,
                storage=storage,
                workers=workers,
                lease_s=lease,
                patience_s=patience,
                engine=engine,
                stop=stop,
                on_status=show,
            ).summary()
    except api.InterruptedStudyError as interrupted:
        flags = "".join(f" --{name} {value}" for name, value in given.items()) + storage_flag(storage)
        say(f"hpsearch: {interrupted}: hpsearch start {quote(str(study_file))}{flags}")
        raise typer.Exit(ENDED_BY.get(stop.signal, ExitCode.HANDED_BACK)) from interrupted
    if as_json:
        print_json(summary.to_json())
        return
    typer.echo(summary_text(summary))
    if not quiet:
        say(_next_commands(summary.study, summary.best.number if summary.best else None, storage))


def _next_commands(study: str, number: int | None, storage: str) -> str:
    where = storage_flag(storage)
    shown = "list" if number is None else f"show {number} --study {quote(study)}"
    commands = (
        f"hpsearch {shown}{where}",
        f"hpsearch best --study {quote(study)}{where} --json",
        f"hpsearch dashboard{where}",
    )
    return "\n".join(("", "next:", *(f"  {command}" for command in commands)))
