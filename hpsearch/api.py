"""The Python surface: study file in, winner out; the one place that joins the parts."""

import dataclasses
import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from shlex import quote

from hpsearch.engine import LocalEngine, WorkerDiedError, prepare_engine
from hpsearch.errors import HpsearchError, NoSuccessError, NotFoundError
from hpsearch.nn import load_model
from hpsearch.objective import check_model, fill_defaults
from hpsearch.report.view import StudyView
from hpsearch.search import CONFIRM_SUFFIX
from hpsearch.spec import StudySpec, read_study
from hpsearch.store import LEASE_S, Control, Ledger, Status, Study, masked, opened
from hpsearch.worker import Stop, load_data, run_worker, search_terms

__all__ = [
    "DEFAULT_STORAGE",
    "InterruptedStudyError",
    "check_study",
    "load_model",
    "load_study_file",
    "open_study",
    "start",
]

DEFAULT_STORAGE = "sqlite:///hpsearch.db"
POLL_S = 0.2
PATIENCE_S = 120.0
RESPAWNS = 6
"""So many worker processes may die before the next trial is settled: one trial may kill four of them."""
ENDED = (Control.STOP, Control.CANCEL)


class InterruptedStudyError(HpsearchError):
    """The study was asked to end before it was settled; starting it again goes on from there."""


def load_study_file(
    path: str | os.PathLike[str],
    *,
    trials: int | None = None,
    target: float | None = None,
    hours: float | None = None,
    plateau: int | None = None,
) -> StudySpec:
    """Read and check a study file; what is given here holds instead of what the file says.

    Args:
        path: A TOML file.
        trials: The number of trials.
        target: The validation accuracy that ends the study.
        hours: The hours after which it ends.
        plateau: The settled trials in a row without a new best that end it.

    Raises:
        StudyFileError: Names file, line, key path, what was expected and what was found.
    """
    spec = read_study(Path(path))
    rules = {"target": target, "hours": hours, "plateau": plateau}
    given = {name: value for name, value in rules.items() if value is not None}
    stop = dataclasses.replace(spec.stop, **given)  # type: ignore[arg-type]
    return check_study(dataclasses.replace(spec, stop=stop, trials=spec.trials if trials is None else trials))


def check_study(spec: StudySpec) -> StudySpec:
    """Return a study with every setting and every default filled in; refuse settings that no model has.

    Constants that are left to the optimizer or the schedule stay unset.
    """
    config = check_model(spec)
    values = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    model = {
        name: value for name, value in values.items() if name not in spec.space.names and value is not None
    }
    return dataclasses.replace(spec, model=model, defaults=fill_defaults(spec, config))


def start(  # noqa: PLR0913 - each has a default
    spec: StudySpec,
    *,
    storage: str = DEFAULT_STORAGE,
    workers: int | None = None,
    lease_s: float = LEASE_S,
    patience_s: float = PATIENCE_S,
    engine: LocalEngine | None = None,
    stop: Stop | None = None,
    on_status: Callable[[Status], None] = lambda _status: None,
) -> StudyView:
    """Search until the study is settled and its winner confirmed; go on where an earlier run ended.

    Args:
        spec: The study.
        storage: The database, ``sqlite:///FILE`` or ``postgresql+psycopg://...``; made when it is not there.
        workers: Processes on this machine; one a core by default.
        lease_s: How long a trial outlives the last sign of life of its worker, in seconds.
        patience_s: How long a worker waits for a database that is locked or away, in seconds.
        engine: What launches them.
        stop: How the study is asked to end early; a ``KeyboardInterrupt`` asks as well.
        on_status: Called a few times a second with where the study, then its confirmation, stands.

    Returns:
        The study: ``.best``, ``.ensemble``, ``.fingerprint``, ``.plot_history()``...

    Raises:
        StudyFileError, DataError: The study or its data cannot be; nothing has been written.
        ContractError: A study of this name exists with other settings or data.
        StorageError: The database cannot be used.
        InterruptedStudyError: The study was asked to end before it was settled, here or by ``hpsearch stop``.
        NoSuccessError: Every trial failed.

    Example:
        >>> import hpsearch
        >>> spec = hpsearch.load_study_file("studies/digits.toml")  # doctest: +SKIP
        >>> hpsearch.start(spec, workers=2).best.test_accuracy  # doctest: +SKIP
        0.975
    """
    engine = engine or prepare_engine()
    spec = check_study(spec)
    dataset = load_data(spec, spec.base)
    ledger = Ledger(storage, create=True, lease_s=lease_s)
    try:
        study = ledger.open_study(search_terms(spec, data_hash=dataset.content_hash))
        if ledger.schedule(study).control in ENDED:
            ledger.set_control(study, Control.RUN)
        # A wrong address is told at once; from here on the launcher waits as long as its workers do.
        ledger.database.patience_s = patience_s
        if ledger.delivery(study) is None:
            fleet = _Fleet(engine, ledger, study, size=workers or os.cpu_count() or 1, patience_s=patience_s)
            fleet.run(stop or Stop(), on_status)
        status = ledger.status(study)
        if ledger.delivery(study) is None and status.best_number is None:
            raise NoSuccessError(f"study {spec.name!r}: none of its {status.settled} trials was completed")
        return _view(ledger, study, storage)
    finally:
        ledger.close()


def open_study(name: str | None = None, *, storage: str = DEFAULT_STORAGE) -> StudyView:
    """Return a study, running or not: whatever it is asked for is read at that moment.

    Args:
        name: The study, or ``None`` for the only one in the database.
        storage: The database.

    Raises:
        NotFoundError: There is no such study.
        StorageError: The database cannot be used.
    """
    with opened(storage) as ledger:
        return _view(ledger, ledger.find_study(name), storage)


def _view(ledger: Ledger, study: Study, storage: str) -> StudyView:
    flags = "" if storage == DEFAULT_STORAGE else f" --storage {quote(masked(storage))}"
    return StudyView(name=study.name, storage=ledger.database.secret_url, flags=flags)


class _Fleet:
    """The workers that ``start`` launches, and its watch over them."""

    def __init__(
        self, engine: LocalEngine, ledger: Ledger, study: Study, *, size: int, patience_s: float
    ) -> None:
        self._engine = engine
        self._ledger = ledger
        self._study = study
        self._size = size
        self._patience_s = patience_s
        self._deaths = 0
        self._settled = -1
        self._passed_on = 0

    def run(self, stop: Stop, on_status: Callable[[Status], None]) -> None:
        """Keep the fleet at work until the study is settled or somebody asks to end."""
        futures: dict[Future[bool], int] = {}
        if not stop.draining:
            futures = {self._launch(delivers=place == 0): place for place in range(self._size)}
        try:
            while futures:
                on_status(self._status())
                self._pass_on(stop)
                done, _ = wait(futures, timeout=POLL_S, return_when=FIRST_COMPLETED)
                for future in done:
                    self._collect(future, futures, stop)
                if not futures and not stop.draining and self._unjudged() and not self._told_to_end():
                    futures[self._launch(delivers=True)] = 0
        except BaseException:
            self._engine.terminate()
            self._engine.shutdown()
            raise
        on_status(self._status())
        if (stop.draining or self._told_to_end()) and self._ledger.delivery(self._study) is None:
            raise InterruptedStudyError(f"study {self._study.name!r}: stopped; the same command goes on")

    def _launch(self, *, delivers: bool) -> Future[bool]:
        return self._engine.submit(
            run_worker,
            self._ledger.database.secret_url,
            self._study.name,
            fleet=self._size,
            delivers=delivers,
            lease_s=self._ledger.lease_s,
            patience_s=self._patience_s,
        )

    def _collect(self, future: Future[bool], futures: dict[Future[bool], int], stop: Stop) -> None:
        """Take a worker's answer; fill its place when its process died."""
        place = futures.pop(future)
        try:
            future.result()
        except WorkerDiedError:
            if stop.draining:
                return
            settled = self._ledger.status(self._study).settled
            self._deaths = 1 if settled > self._settled else self._deaths + 1
            self._settled = settled
            if self._deaths > RESPAWNS * self._size:
                raise
            futures[self._launch(delivers=place == 0)] = place

    def _pass_on(self, stop: Stop) -> None:
        """Pass at most one request on at each look, and the second one again and again.

        Two signals that reach a process together count as one, so an abort could be taken for a drain.
        """
        if stop.aborting or self._passed_on < stop.requests:
            self._engine.terminate()
            self._passed_on += 1

    def _status(self) -> Status:
        status = self._ledger.status(self._study)
        if status.finished:
            try:
                return self._ledger.status(self._ledger.find_study(self._study.name + CONFIRM_SUFFIX))
            except NotFoundError:
                pass
        return status

    def _told_to_end(self) -> bool:
        return self._ledger.schedule(self._study).control in ENDED

    def _unjudged(self) -> bool:
        status = self._ledger.status(self._study)
        return status.best_number is not None and self._ledger.delivery(self._study) is None
