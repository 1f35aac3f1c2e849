"""``hpsearch delete``: a study and all that belongs to it, for good."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, OwnStudy, Quiet, Storage, say
from hpsearch.errors import ExitCode

if TYPE_CHECKING:
    from hpsearch.store import StudyContents


def delete(
    study: OwnStudy,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete without a question.")] = False,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Delete a study with its confirming runs and its nursings.

    The command says what it will delete, and asks first. Without a terminal it needs --yes. It refuses while
    workers are at work on the study. Files in an artifact store stay.

    Example: hpsearch delete digits-b --yes
    """
    from hpsearch.store import expect_search, opened

    with opened(storage) as ledger:
        found = expect_search(ledger.find_study(study))
        what = _words(found.name, ledger.contents(found))
        if not yes and not sys.stdin.isatty():
            raise typer.BadParameter(f"expected --yes to delete {what}: there is no terminal to ask in")
        if not yes and not typer.confirm(f"delete {what}?", err=True):
            say("nothing was deleted")
            raise typer.Exit(ExitCode.FAILED)
        for one in (found, ledger.companion(found)):
            if one is not None:
                ledger.look_after(one)
        ledger.delete_study(found)
    if not quiet:
        say(f"deleted {what}")
        if found.artifacts is not None:
            say(f"its files in the artifact store stay: {found.artifacts}")


def _words(name: str, contents: "StudyContents") -> str:
    """Return what belongs to a study, in words."""
    parts = [_counted(contents.trials, "trial")]
    parts += [f"{_counted(n, 'confirming run')} ({of})" for of, n in contents.confirming.items()]
    parts += [_counted(contents.nursings, "nursing")] if contents.nursings else []
    *first, last = parts
    return f"study {name!r} with {', '.join(first)}{' and ' if first else ''}{last}"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
