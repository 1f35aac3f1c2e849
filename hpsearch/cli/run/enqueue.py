"""``hpsearch enqueue``: try these parameters."""

from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Quiet, Storage, StudyFlag, StudyName, say
from hpsearch.cli.studies import chosen_study
from hpsearch.errors import ExitCode, HpsearchError


class ParameterTextError(HpsearchError):
    """Parameters are not given as NAME=VALUE, each name once."""

    exit_code = ExitCode.USAGE


def enqueue(
    study: StudyName = None,
    params: Annotated[
        list[str] | None, typer.Argument(help="The parameters, each as NAME=VALUE.", metavar="NAME=VALUE")
    ] = None,
    *,
    like: Annotated[
        int | None,
        typer.Option("--like", metavar="NUMBER", help="Start from the parameters of this trial."),
    ] = None,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Give the next free trial parameters of your own.

    The search chooses the parameters that are not given.

    Example: hpsearch enqueue digits lr=0.01 dropout=0.2
    """
    from hpsearch.space import parse_point
    from hpsearch.store import expect_search, opened

    texts = _texts(params or [])
    if not texts and like is None:
        given = "neither" if study is None else f"only the name of a study, {study!r}"
        raise ParameterTextError(f"expected NAME=VALUE, such as lr=0.01, or --like NUMBER, found {given}")
    with opened(storage) as ledger:
        found = expect_search(chosen_study(ledger, study, quiet=quiet))
        base = {} if like is None else dict(ledger.trial(found, like).params)
        number = ledger.enqueue(found, parse_point(found.space, texts, like=base))
    typer.echo(number)
    if not quiet:
        say(f"trial {number} of study {found.name!r} tries them as soon as it may start")


def _texts(params: list[str]) -> dict[str, str]:
    """Return name -> typed value; a name that is given twice is refused: which value is meant?"""
    texts: dict[str, str] = {}
    for name, value in map(_split, params):
        if name in texts:
            raise ParameterTextError(f"expected {name} once, found {name}={texts[name]} and {name}={value}")
        texts[name] = value
    return texts


def _split(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    name = name.strip()
    if not found or not name:
        raise ParameterTextError(f"expected NAME=VALUE, such as lr=0.01, found {text!r}")
    return name, value.strip()
