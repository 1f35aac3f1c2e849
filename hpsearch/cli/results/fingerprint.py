"""``hpsearch fingerprint``: is it the same study?"""

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Storage, StudyName


def fingerprint(*, study: StudyName = None, storage: Storage = DEFAULT_STORAGE) -> None:
    """Print one line that is equal for two runs exactly when they are the same study.

    Example: hpsearch fingerprint --study digits
    """
    from hpsearch.search import fingerprint as compute
    from hpsearch.store import opened

    with opened(storage) as ledger:
        found = ledger.find_study(study)
        typer.echo(compute(found.space, ledger.history(found).history))
