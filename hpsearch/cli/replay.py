"""``hpsearch replay``: compute a study again and compare."""

import os
from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Quiet, Storage, StudyName, print_json, say
from hpsearch.errors import ExitCode


def replay(
    *,
    study: StudyName = None,
    storage: Storage = DEFAULT_STORAGE,
    train: Annotated[
        bool, typer.Option("--train", help="Train every trial again, too, not only propose it.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compute every trial of a study again, from its contract alone, and report any difference.

    Ends with 1 when there is one. Trials whose parameters somebody chose are left out.

    Example: hpsearch replay --study digits --train
    """
    from hpsearch.engine import ONE_THREAD

    os.environ.update(ONE_THREAD)
    from hpsearch.store import opened
    from hpsearch.worker import replay as compute

    with opened(storage) as ledger:
        found = ledger.find_study(study)
        result = compute(ledger, found, train=train, say=(lambda _line: None) if quiet or as_json else say)
    if as_json:
        counts = {"proposals": result.proposals, "trainings": result.trainings, "by_hand": result.by_hand}
        lines = [str(difference) for difference in result.differences]
        print_json({"schema_version": 1, "study": found.name, **counts, "differences": lines})
    else:
        for difference in result.differences:
            typer.echo(difference)
        n = len(result.differences)
        typer.echo(
            f"{found.name}: {result.proposals} proposals and {result.trainings} trainings computed again: "
            + (f"{n} differences" if n else "no difference")
        )
    if result.differences:
        raise typer.Exit(ExitCode.FAILED)
