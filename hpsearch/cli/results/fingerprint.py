"""``hpsearch fingerprint``: are the trials and their results the same?"""

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, StudyName, print_json


def fingerprint(
    *, study: StudyName = None, storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False
) -> None:
    """Print one line that is equal for two runs exactly when they have the same trials with the same results.

    It is a hash of number, parameters, state, curve and value of all settled trials. Name, settings and data
    are not in it: --json prints the hashes of the contract and of the data beside it.

    Example: hpsearch fingerprint --study digits
    """
    from hpsearch.search import fingerprint as compute
    from hpsearch.store import opened

    with opened(storage, foreign=True) as ledger:
        found = ledger.find_study(study)
        line = compute(found.space, ledger.history(found).history)
    if not as_json:
        typer.echo(line)
        return
    from hpsearch.report.numbers.provenance import hashes_of

    print_json({"schema_version": 1, "study": found.name, **hashes_of(found, fingerprint=line)})
