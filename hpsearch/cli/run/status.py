"""``hpsearch status``: where does a study stand?"""

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


def status(
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
) -> None:
    """Print the progress of a study, its best trial and its workers.

    A second line has the progress of the confirmation, once it has begun.

    Example: hpsearch status digits
    """
    from hpsearch.report import progress_lines, progress_to_json, read_waiting
    from hpsearch.store import mixtures, opened

    with opened(storage, foreign=True) as ledger:
        there = ledger.search_of(chosen_study(ledger, study))
        for one in (there, ledger.companion(there)):
            if one is not None:
                ledger.look_after(one)
        found = ledger.snapshot(there)
        waiting = read_waiting(ledger, there)
        mixed = mixtures([worker.environment for worker in ledger.workers(there)])
    if as_json:
        print_json(
            progress_to_json(found) | {"differing": mixed, "waiting": waiting.to_json() if waiting else None}
        )
        return
    print_text("\n".join(progress_lines(found)))
    if waiting:
        print_text(str(waiting))
    if mixed:
        text = "; ".join(f"{name} {', '.join(map(str, values))}" for name, values in mixed.items())
        print_text(f"workers differ: {text}; the last bits of results may, too")
