"""``hpsearch fingerprint``: are the trials and their results the same?"""

from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, StudyFlag, StudyName, print_json
from hpsearch.cli.studies import chosen_study


def fingerprint(
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    nursing: Annotated[
        int | None,
        typer.Option(
            "--nursing",
            metavar="NUMBER",
            help="Print the fingerprint of this nursing instead of the study's.",
        ),
    ] = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
) -> None:
    """Print one line that identifies the results of a study.

    It is equal for two runs exactly when they have the same trials with the same results. The line is a hash
    over number, parameters, state, curve and value of all settled trials. It does not cover the name, the
    settings and the data: --json also prints the hashes of the contract and of the data. The fingerprint of a
    nursing covers its interventions, and loss, value and parameters after each epoch.

    Example: hpsearch fingerprint digits
    """
    from hpsearch.search import fingerprint as compute
    from hpsearch.store import opened

    with opened(storage, foreign=True) as ledger:
        found = chosen_study(ledger, study)
        if nursing is None:
            line = compute(found.space, ledger.history(found).history)
        else:
            from hpsearch.report.numbers.nursings import stored_fingerprint

            line = stored_fingerprint(ledger, found, nursing)
    if not as_json:
        typer.echo(line)
        return
    from hpsearch.report.numbers.provenance import hashes_of

    more = {} if nursing is None else {"nursing": nursing}
    print_json({"schema_version": 1, "study": found.name, **hashes_of(found, fingerprint=line), **more})
