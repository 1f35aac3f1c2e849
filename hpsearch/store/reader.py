"""The reading verbs of the ledger: each is one transaction that changes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from hpsearch.store.attempts.checkpoints import read_checkpoints
from hpsearch.store.attempts.study_row import look, read_row
from hpsearch.store.records.records import Study
from hpsearch.store.schema.scan import read_or_blame
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.status import overview, snapshot
from hpsearch.store.studies import find, opening, verdicts
from hpsearch.store.trials import trial_row
from hpsearch.store.trials.durations import read_durations
from hpsearch.store.trials.export_rows import read_epochs
from hpsearch.store.trials.history import read_history
from hpsearch.store.trials.metadata import read_metadata
from hpsearch.store.workers import activity
from hpsearch.store.workers import workers as enlisting

P = ParamSpec("P")
T = TypeVar("T")


def called(
    verb: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
) -> Callable[[Transaction], T]:
    """Return a call of a verb, without its transaction; it names the row on which it fails."""
    about = next(
        (one.name if isinstance(one, Study) else one for one in args if isinstance(one, Study | str)), None
    )
    return lambda tx: read_or_blame(tx.connection, tx.tables, lambda: verb(tx, *args, **kwargs), about=about)


def reads(verb: Callable[Concatenate[Transaction, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Return a method that calls ``verb`` in a reading transaction."""

    @wraps(verb)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        reader: Reader = self
        return reader.read(called(verb, *args, **kwargs))

    return method


class Reader:
    """The reading verbs, described where they are defined.

    Args:
        read: Calls a function with a reading transaction, and returns what that returns.
    """

    def __init__(self, read: Callable[[Callable[[Transaction], object]], object]) -> None:
        self._read = read

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Return what a function returns of a reading transaction; it may be called several times."""
        return self._read(work)  # type: ignore[return-value]

    find_study = reads(find.find_study)
    companion = reads(find.find_companion)
    search_of = reads(find.find_search)
    study_names = reads(find.study_names)
    verdict = reads(verdicts.find_verdict)
    expect_open = reads(opening.expect_open)

    row = reads(read_row)
    look = reads(look)
    checkpoints = reads(read_checkpoints)

    history = reads(read_history)
    metadata = reads(read_metadata)
    epochs = reads(read_epochs)
    trial = reads(trial_row.read_trial_row)
    tests = reads(trial_row.read_tests)
    rounds = reads(trial_row.read_rounds)
    digests = reads(trial_row.read_digests)
    durations = reads(read_durations)

    status = reads(snapshot.read_status)
    snapshot = reads(snapshot.read_snapshot)
    overview = reads(overview.read_overview)

    first_worker = reads(activity.first_worker)
    workers = reads(activity.workers)
    living_on = reads(enlisting.living_on)
    expect_alike = reads(enlisting.expect_alike)
