"""``hpsearch retry``: try a trial again that failed."""

from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Quiet, Storage, StudyName, say


def retry(
    number: Annotated[int, typer.Argument(help="The trial's number, from 0.", metavar="NUMBER")],
    *,
    study: StudyName = None,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Run a failed trial again.

    The command refuses a trial if a later trial has used the fact that it failed.

    Example: hpsearch retry 42 --study digits
    """
    from hpsearch.store import opened

    with opened(storage) as ledger:
        found = ledger.find_study(study)
        ledger.retry(found, number)
    if not quiet:
        say(f"trial {number} of study {found.name!r} is tried again by the next worker that is free")
