"""``hpsearch rename``: another name for a study."""

from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, OwnStudy, Quiet, Storage, say


def rename(
    study: OwnStudy,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new name; no study may have it.")],
    *,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Give a study and its confirming runs another name.

    Trials, results and fingerprint stay. A study file with the new name continues the study. The command
    refuses while workers are at work on the study.

    Example: hpsearch rename digits-2 digits-b
    """
    from hpsearch.store import expect_search, opened

    with opened(storage) as ledger:
        found = expect_search(ledger.find_study(study))
        for one in (found, ledger.companion(found)):
            if one is not None:
                ledger.look_after(one)
        ledger.rename_study(found, name)
    if not quiet:
        say(f"study {found.name!r} is {name!r} now; write the name into its file, too")
