"""``hpsearch fingerprint``: is it the same study?"""

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Storage, StudyName


def fingerprint(*, study: StudyName = None, storage: Storage = DEFAULT_STORAGE) -> None:
    """Print one line that is equal for two runs exactly when they are the same study.

    Example: hpsearch fingerprint --study digits
    """
    from hpsearch.report import fingerprint as compute
    from hpsearch.store import opened, spec_of

    with opened(storage) as ledger:
        found = ledger.find_study(study)
        space = spec_of(ledger.search_of(found)).space
        typer.echo(compute(space, ledger.history(found, space).history))
