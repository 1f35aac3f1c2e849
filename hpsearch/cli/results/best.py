"""``hpsearch best``: what did the study find?"""

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
from hpsearch.errors import NoSuccessError


def best(
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
) -> None:
    """Print the winner, or the best trial so far.

    Example: hpsearch best digits --json
    """
    from hpsearch.report import no_success_text, summarize, summary_text
    from hpsearch.store import expect_search, opened

    with opened(storage, foreign=True) as ledger:
        found = expect_search(chosen_study(ledger, study))
        summary = summarize(ledger, found)
        if summary.best is None and summary.status.finished:
            raise NoSuccessError(no_success_text(ledger, found))
    if as_json:
        print_json(summary.to_json())
    else:
        print_text(summary_text(summary))
