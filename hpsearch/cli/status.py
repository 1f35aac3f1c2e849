"""``hpsearch status``: where does a study stand?"""

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, StudyName, print_json


def status(*, study: StudyName = None, storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False) -> None:
    """Print where a study and its confirmation stand, what the best is so far, and who is at work.

    Example: hpsearch status --study digits
    """
    from hpsearch.report import progress_lines, progress_to_json
    from hpsearch.store import look_after, opened, spec_of

    with opened(storage) as ledger:
        there = ledger.search_of(ledger.find_study(study))
        for one in (there, ledger.companion(there)):
            if one is not None:
                look_after(ledger, one)
        found = ledger.progress(there, spec_of(there).space)
    if as_json:
        print_json(progress_to_json(found))
    else:
        typer.echo("\n".join(progress_lines(found)))
