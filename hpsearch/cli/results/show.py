"""``hpsearch show``: one trial."""

from typing import Annotated

import typer

from hpsearch.cli.options import (
    DEFAULT_STORAGE,
    AsJson,
    Storage,
    StudyFlag,
    StudyName,
    print_json,
    print_text,
)
from hpsearch.cli.studies import chosen_study


def show(
    study: StudyName = None,
    *,
    number: Annotated[int, typer.Argument(help="The trial's number, from 0.", metavar="NUMBER")],
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
) -> None:
    """Print a trial: its parameters, their origin, curve and value.

    Example: hpsearch show digits 42
    """
    from hpsearch.report import trial_text, trial_to_json
    from hpsearch.store import opened

    with opened(storage, foreign=True) as ledger:
        found = chosen_study(ledger, study)
        trial = ledger.trial(found, number)
    if as_json:
        print_json(trial_to_json(found.name, trial))
    else:
        print_text(trial_text(found.name, trial))
