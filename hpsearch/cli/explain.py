"""``hpsearch explain``: why did a trial get its parameters, and a round its box?"""

from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, StudyName, print_json


def explain(
    number: Annotated[
        int | None,
        typer.Argument(help="The trial's number, from 0; every round without it.", metavar="[NUMBER]"),
    ] = None,
    *,
    study: StudyName = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
) -> None:
    """Say where a trial's parameters came from, what it could know, and why it stopped.

    Without a number: the box of every random round, why it is what it is, and the evidence.

    Example: hpsearch explain 42 --study digits
    """
    from hpsearch.report import explain as compute
    from hpsearch.report import explanation_text, rounds_text, rounds_to_json
    from hpsearch.store import opened
    from hpsearch.worker import spec_of

    with opened(storage) as ledger:
        found = ledger.find_study(study)
        spec, rounds = spec_of(found), ledger.rounds(found)
        explanation = None if number is None else compute(ledger, found, spec, number)
    if explanation is not None and as_json:
        print_json({**explanation.to_json(), "study": found.name})
    elif explanation is not None:
        typer.echo(explanation_text(found.name, explanation))
    elif as_json:
        print_json({"schema_version": 1, "study": found.name, "rounds": rounds_to_json(spec.space, rounds)})
    else:
        typer.echo(rounds_text(found.name, spec.space, rounds))
