"""``hpsearch explain``: why did a trial get its parameters?"""

from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, StudyName, print_json


def explain(
    number: Annotated[int, typer.Argument(help="The trial's number, from 0.", metavar="NUMBER")],
    *,
    study: StudyName = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
) -> None:
    """Say where a trial's parameters came from, what it could know, and why it stopped.

    Example: hpsearch explain 42 --study digits
    """
    from hpsearch.report import explain as compute
    from hpsearch.report import explanation_text
    from hpsearch.store import opened
    from hpsearch.worker import spec_of

    with opened(storage) as ledger:
        found = ledger.find_study(study)
        explanation = compute(ledger, found, spec_of(found), number)
    if as_json:
        print_json({**explanation.to_json(), "study": found.name})
    else:
        typer.echo(explanation_text(found.name, explanation))
