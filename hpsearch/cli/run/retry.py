"""``hpsearch retry``: try a trial again that failed."""

from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Quiet, Storage, StudyFlag, StudyName, say
from hpsearch.cli.studies import chosen_study


def retry(
    study: StudyName = None,
    *,
    number: Annotated[int, typer.Argument(help="The trial's number, from 0.", metavar="NUMBER")],
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Run a failed trial again.

    The command refuses a trial if a later trial has used the fact that it failed.

    Example: hpsearch retry digits 42
    """
    from hpsearch.store import opened

    with opened(storage) as ledger:
        found = chosen_study(ledger, study, quiet=quiet)
        ledger.retry(found, number)
    if not quiet:
        say(f"trial {number} of study {found.name!r} is tried again by the next worker that is free")
