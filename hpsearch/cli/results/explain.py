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
    A run of a confirmation, such as digits.confirm, says how the race stood.

    Example: hpsearch explain 42 --study digits
    """
    from hpsearch.report import explain as compute
    from hpsearch.report import explain_run, explanation_text, rounds_text, rounds_to_json, run_text
    from hpsearch.store import opened, spec_of

    with opened(storage) as ledger:
        found = ledger.find_study(study)
        search = ledger.search_of(found)
        spec, rounds = spec_of(search), ledger.rounds(found)
        if number is None:
            note = {"schema_version": 1, "rounds": rounds_to_json(spec.space, rounds)}
            text = rounds_text(found.name, spec.space, rounds)
        elif found == search:
            explanation = compute(ledger, found, spec, number)
            note, text = explanation.to_json(), explanation_text(found.name, explanation)
        else:
            run = explain_run(ledger, found, search, spec, number)
            note, text = run.to_json(), run_text(found.name, run)
    if as_json:
        print_json({**note, "study": found.name})
    else:
        typer.echo(text)
