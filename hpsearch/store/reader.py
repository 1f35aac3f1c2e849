"""The reading verbs of the ledger: each is one transaction that changes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from hpsearch.errors import ForeignStudyError
from hpsearch.store.attempts.checkpoints import read_checkpoints
from hpsearch.store.attempts.study_row import look, read_row
from hpsearch.store.foreign import find as foreign_find
from hpsearch.store.foreign import status as foreign_status
from hpsearch.store.foreign import trials as foreign_trials
from hpsearch.store.nursings import nursings as nursed
from hpsearch.store.records.records import Study
from hpsearch.store.schema.scan import read_or_blame
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.status import snapshot
from hpsearch.store.studies import family, find, opening, trainings, verdicts
from hpsearch.store.trials import trial_row
from hpsearch.store.trials.durations import read_attempts, read_durations, read_span
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
    foreign = any(isinstance(one, Study) and one.recorded is not None for one in args)
    return lambda tx: read_or_blame(
        tx.connection,
        tx.tables,
        lambda: verb(tx, *args, **kwargs),
        about=about,
        own=tx.own and not foreign,
    )


def reads(
    verb: Callable[Concatenate[Transaction, P], T],
    foreign: Callable[Concatenate[Transaction, P], T] | None = None,
) -> Callable[Concatenate[Any, P], T]:
    """Return a method that calls ``verb`` in a reading transaction.

    Args:
        verb: What is called.
        foreign: What is called in its place for a study that Optuna alone has made; without it there is
            nothing to read, and the study is refused.
    """

    @wraps(verb)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        reader: Reader = self
        study = next((one for one in args if isinstance(one, Study)), None)
        if study is None or study.recorded is None:
            return reader.read(called(verb, *args, **kwargs))
        if foreign is None:
            raise ForeignStudyError(
                f"study {study.name!r} was made by Optuna alone, which records nothing of this; "
                "hpsearch start and hpsearch.optimize make studies that have it"
            )
        return reader.read(called(foreign, *args, **kwargs))

    return method


def _nothing(empty: Callable[[], T]) -> Callable[..., T]:
    """Return a verb that has nothing to say of a study that Optuna alone has made."""
    return lambda _tx, _study, *_rest: empty()


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

    find_study = reads(foreign_find.find_study)
    companion = reads(find.find_companion, _nothing(lambda: None))
    search_of = reads(find.find_search, find.find_search)
    contents = reads(family.read_contents)
    study_names = reads(foreign_find.study_names)
    verdict = reads(verdicts.find_verdict, _nothing(lambda: None))
    expect_open = reads(opening.expect_open)

    kept_trainings = reads(trainings.read_trainings)
    midway_trainings = reads(trainings.read_midway)

    row = reads(read_row)
    look = reads(look)
    checkpoints = reads(read_checkpoints)

    history = reads(read_history, foreign_trials.read_history)
    metadata = reads(read_metadata, foreign_trials.read_metadata)
    epochs = reads(read_epochs, read_epochs)
    trial = reads(trial_row.read_trial_row, foreign_trials.read_trial_row)
    tests = reads(trial_row.read_tests)
    rounds = reads(trial_row.read_rounds, _nothing(list))
    digests = reads(trial_row.read_digests)
    durations = reads(read_durations)
    attempts = reads(read_attempts)
    span = reads(read_span)

    nursing = reads(nursed.read_nursing)
    nursings = reads(nursed.read_nursings, _nothing(list))
    interventions = reads(nursed.read_interventions)
    nursed_epochs = reads(nursed.read_nursed_epochs)

    status = reads(snapshot.read_status, foreign_status.read_status)
    snapshot = reads(snapshot.read_snapshot, foreign_status.read_snapshot)
    overview = reads(foreign_status.read_overview)

    first_worker = reads(activity.first_worker)
    workers = reads(activity.workers, _nothing(list))
    living_on = reads(enlisting.living_on)
    expect_alike = reads(enlisting.expect_alike)
