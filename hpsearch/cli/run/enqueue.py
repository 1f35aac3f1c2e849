"""``hpsearch enqueue``: try these parameters."""

from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Quiet, Storage, StudyName, say
from hpsearch.errors import ExitCode, HpsearchError


class ParameterTextError(HpsearchError):
    """A parameter is not given as NAME=VALUE."""

    exit_code = ExitCode.USAGE


def enqueue(
    params: Annotated[
        list[str] | None, typer.Argument(help="Parameters, NAME=VALUE each.", metavar="NAME=VALUE...")
    ] = None,
    *,
    like: Annotated[
        int | None,
        typer.Option("--like", metavar="NUMBER", help="Begin with the parameters of this trial."),
    ] = None,
    study: StudyName = None,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Let the next free trial try parameters of your own, once; what is left out the search fills in.

    Example: hpsearch enqueue lr=0.01 dropout=0.2 --study digits
    """
    from hpsearch.space import parse_point
    from hpsearch.store import expect_search, opened

    texts = dict(map(_split, params or []))
    with opened(storage) as ledger:
        found = expect_search(ledger.find_study(study))
        base = {} if like is None else dict(ledger.trial(found, like).params)
        number = ledger.enqueue(found, parse_point(found.space, texts, like=base))
    typer.echo(number)
    if not quiet:
        say(f"trial {number} of study {found.name!r} tries them as soon as it may start")


def _split(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name:
        raise ParameterTextError(f"expected NAME=VALUE, such as lr=0.01, found {text!r}")
    return name.strip(), value.strip()
