"""The reading half of the ledger: each method is one transaction that changes nothing."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from hpsearch.space import Space
from hpsearch.store.attempts.checkpoints import Saved, read_checkpoints
from hpsearch.store.attempts.study_row import read_board
from hpsearch.store.database import sqlite as _sqlite
from hpsearch.store.database.connection import PATIENCE_S, Database, now
from hpsearch.store.records.records import Claim, Schedule, Study
from hpsearch.store.records.views import Delivery, Round, Status, TrialRow
from hpsearch.store.schema.tables import Optuna
from hpsearch.store.schema.versions import check_schema, ensure_schema
from hpsearch.store.status import status as _status
from hpsearch.store.status.counters import Tally
from hpsearch.store.status.overview import Vitals, read_vitals
from hpsearch.store.status.progress import Progress, read_progress
from hpsearch.store.studies import deliveries as _deliveries
from hpsearch.store.studies import opening as _studies
from hpsearch.store.transfer.pack import Parcel, pack
from hpsearch.store.trials import export_rows as _rows
from hpsearch.store.trials import history as _columns
from hpsearch.store.trials.export_rows import ExportRow
from hpsearch.store.trials.history import Known
from hpsearch.store.trials.metadata import Origins, read_origins
from hpsearch.store.workers import activity as _timesheets
from hpsearch.store.workers import workers as _workers
from hpsearch.store.workers.activity import WorkerRow

T = TypeVar("T")


class Reader:
    """A database that holds studies, to be read.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://...``.
        create: Whether to make what is missing: the file, the tables.
        patience_s: How long a method goes on trying after a transient error.

    Raises:
        StorageError: The database cannot be opened, or its schema is of another version.
    """

    def __init__(self, url: str, *, create: bool = False, patience_s: float = PATIENCE_S) -> None:
        self.database = Database(url, create=create, patience_s=patience_s)
        try:
            if create:
                self.database.warn_of_network()
                ensure_schema(self.database)
            else:
                check_schema(self.database)
            self._tables = self.database.read(Optuna.reflect)
        except BaseException:
            self.database.close()
            raise

    def find_study(self, name: str | None) -> Study:
        """Return a study, or the only one; raise ``NotFoundError`` without one."""
        return self.database.read(lambda c: _studies.find_study(c, self._tables, name))

    def companion(self, study: Study) -> Study | None:
        """Return the study that confirms a search, or ``None`` while there is none."""
        return self.database.read(lambda c: _studies.find_companion(c, self._tables, study))

    def search_of(self, study: Study) -> Study:
        """Return the search that a study confirms, or the study itself where it is a search."""
        return self.database.read(lambda c: _studies.find_search(c, self._tables, study))

    def study_names(self) -> list[str]:
        """Return the names of all searches."""
        return self.database.read(lambda c: _studies.study_names(c, self._tables))

    def delivery(self, study: Study) -> Delivery | None:
        """Return what a study found, or ``None`` while that is not known."""
        return self.database.read(lambda c: _deliveries.find_delivery(c, self._tables, study))

    def schedule(self, study: Study) -> Schedule:
        """Return what the next claim depends on."""
        return self.database.read(lambda c: read_board(c, self._tables, study).schedule)

    def look(self, study: Study, space: Space, known: Known | None = None) -> tuple[Known, Schedule]:
        """Return ``history`` and ``schedule`` as they are at one moment."""
        start = known or Known.nothing(space)
        return self.database.read(
            lambda c: (
                _columns.read_history(c, self._tables, study, space, start),
                read_board(c, self._tables, study).schedule,
            )
        )

    def checkpoints(self, claims: Sequence[Claim]) -> dict[Claim, Saved]:
        """Return where the trials of claims have got to, as far as that was stored."""
        return self.database.read(lambda c: read_checkpoints(c, claims))

    def history(self, study: Study, space: Space, known: Known | None = None) -> Known:
        """Return the study's trials as columns, reading on from what is ``known``."""
        start = known or Known.nothing(space)
        return self.database.read(lambda c: _columns.read_history(c, self._tables, study, space, start))

    def living_on(self, study: Study, host: str) -> dict[int, str]:
        """Return key -> process of the study's workers on a host that have not ended by themselves."""
        return self.database.read(lambda c: _workers.living_on(c, study, host))

    def digests(self, study: Study) -> list[str]:
        """Return the digests of the settled trials, in the order of their numbers.

        A trial that was settled by a version without digests has none.
        """
        return self.database.read(lambda c: _status.digests(c, study))

    def status(self, study: Study) -> Status:
        """Return where a study stands."""
        return self.database.read(lambda c: _status.status(c, self._tables, study))

    def progress(self, study: Study, space: Space, known: Progress | None = None) -> Progress:
        """Return where a study and its confirmation stand, and who is at work.

        Trials that were settled at a look that is ``known`` are not read again.
        """
        tally = Tally() if known is None else known.tally
        return self.database.read(lambda c: read_progress(c, self._tables, study, space, tally))

    def trial(self, study: Study, space: Space, number: int) -> TrialRow:
        """Return one trial; raise ``NotFoundError`` without it."""
        return self.database.read(lambda c: _status.trial(c, self._tables, study, space, number))

    def rounds(self, study: Study) -> list[Round]:
        """Return the random rounds that have begun, in order."""
        return self.database.read(lambda c: _status.rounds(c, study))

    def rows(self, study: Study, space: Space) -> Iterator[ExportRow]:
        """Give a study's trials one by one, in bounded memory; not one transaction, but one a batch."""
        return _rows.read_rows(self.database, self._tables, study, space)

    def epochs(self, study: Study) -> list[int]:
        """Return the epochs that any curve of a study has a point at."""
        return self.database.read(lambda c: _rows.read_epochs(c, self._tables, study))

    def pack(self, study: Study, take: Callable[[Parcel], T]) -> T:
        """Return ``take(parcel)`` of a search as it is at one moment; ``take`` may run several times."""
        return self.database.read(lambda c: take(pack(c, self._tables, study)))

    def vitals(self) -> list[Vitals]:
        """Return every study at a glance, those that confirm a search too, in the order of their making."""
        return self.database.read(lambda c: read_vitals(c, self._tables))

    def ping(self) -> None:
        """Raise ``StorageError`` unless the database is there and answers."""
        if self.database.path is not None:
            _sqlite.check_file(self.database.path, create=False)
        self.database.read(now)

    def origins(self, study: Study, n: int) -> Origins:
        """Return where the first ``n`` trials of a study came from, and when they ran."""
        return self.database.read(lambda c: read_origins(c, self._tables, study, n))

    def first_worker(self, study: Study) -> WorkerRow | None:
        """Return the worker that came first to a search, or to the search that a study confirms."""
        return self.database.read(lambda c: _timesheets.first_worker(c, study))

    def workers(self, study: Study) -> list[WorkerRow]:
        """Return the workers that a study has had, in the order in which they were enlisted."""
        return self.database.read(lambda c: _timesheets.workers(c, study))

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
