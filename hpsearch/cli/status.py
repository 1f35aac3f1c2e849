"""``hpsearch status``: where does a study stand?"""

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, StudyName, print_json


def status(*, study: StudyName = None, storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False) -> None:
    """Print how many trials are done, what the best is so far, and who is at work.

    Example: hpsearch status --study digits
    """
    from hpsearch.report import status_line, status_to_json
    from hpsearch.store import opened
    from hpsearch.worker import look_after

    with opened(storage) as ledger:
        there = ledger.find_study(study)
        look_after(ledger, there)
        found = ledger.status(there)
    if as_json:
        print_json(status_to_json(found))
    else:
        typer.echo(status_line(found))
