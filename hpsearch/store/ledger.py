"""The ledger: what has been tried, by whom, and what came of it; each verb is one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from hpsearch.search import History, Proposal
from hpsearch.spec import Space
from hpsearch.store import claims as _claims
from hpsearch.store import columns as _columns
from hpsearch.store import results as _results
from hpsearch.store import rows as _rows
from hpsearch.store import status as _status
from hpsearch.store import studies as _studies
from hpsearch.store import workers as _workers
from hpsearch.store.columns import Known
from hpsearch.store.database import Database, now
from hpsearch.store.records import Claim, Delivery, Result, Schedule, Status, Study, TrialRow, WorkerIdentity
from hpsearch.store.rows import ExportRow
from hpsearch.store.schema import check_schema, ensure_schema
from hpsearch.store.studies import Terms
from hpsearch.store.tables import Optuna


class Ledger:
    """A database that holds studies.

    Every write is guarded by an attempt's token, every lease runs on the database's clock, and every
    method is one transaction that is tried again as a whole when the database is busy. The ledger knows
    nothing of how parameters are chosen.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://...``.
        create: Whether to make what is missing: the file, the tables.

    Raises:
        StorageError: The database cannot be opened, or its schema is of another version.
    """

    def __init__(self, url: str, *, create: bool = False) -> None:
        self.database = Database(url, create=create)
        if create:
            ensure_schema(self.database)
        else:
            check_schema(self.database)
        self._tables = self.database.read(Optuna.reflect)

    def open_study(self, terms: Terms) -> Study:
        """Create a study or attach to it; raise ``ContractError`` when its settings are others."""
        return self.database.write(lambda c: _studies.open_study(c, self._tables, terms))

    def find_study(self, name: str | None) -> Study:
        """Return a study, or the only one; raise ``NotFoundError`` without one."""
        return self.database.read(lambda c: _studies.find_study(c, self._tables, name))

    def study_names(self) -> list[str]:
        """Return the names of all searches."""
        return self.database.read(lambda c: _studies.study_names(c, self._tables))

    def delivery(self, study: Study) -> Delivery | None:
        """Return what a study found, or ``None`` while that is not known."""
        return self.database.read(lambda c: _studies.find_delivery(c, self._tables, study))

    def set_delivery(self, study: Study, delivery: Delivery) -> None:
        """Store what a study found."""
        self.database.write(lambda c: _studies.set_delivery(c, self._tables, study, delivery))

    def schedule(self, study: Study) -> Schedule:
        """Return what the next claim depends on."""
        return self.database.read(lambda c: _claims.schedule(c, study))

    def claim(
        self, study: Study, space: Space, *, worker_id: int, proposals: Sequence[Proposal], limit: int
    ) -> list[Claim]:
        """Hand out at most ``limit`` trials: orphaned ones first, then the proposals that may start."""
        return self.database.write(
            lambda c: _claims.claim(
                _claims.Desk(
                    connection=c,
                    tables=self._tables,
                    study=study,
                    space=space,
                    worker_id=worker_id,
                    clock=now(c),
                ),
                proposals,
                limit=limit,
            )
        )

    def report(self, worker_id: int, curves: Sequence[tuple[Claim, Sequence[float]]]) -> list[Claim]:
        """Extend leases and store curves so far; return the claims still held."""
        return self.database.write(
            lambda c: _results.report(c, self._tables, worker_id=worker_id, curves=curves)
        )

    def finish(self, results: Sequence[tuple[Claim, Result]]) -> list[Claim]:
        """Settle trials; return the claims whose results were taken."""
        return self.database.write(lambda c: _results.finish(c, self._tables, results))

    def release(self, claims: Sequence[Claim]) -> None:
        """Hand trials back."""
        self.database.write(lambda c: _results.release(c, claims))

    def history(self, study: Study, space: Space, known: Known | None = None) -> Known:
        """Return the study's trials as columns, reading on from what is ``known``."""
        start = known or Known(history=History.empty(len(space)))
        return self.database.read(lambda c: _columns.read_history(c, self._tables, study, space, start))

    def enlist(self, study: Study, identity: WorkerIdentity) -> int:
        """Add a worker; return its key."""
        return self.database.write(lambda c: _workers.enlist(c, study, identity))

    def retire(self, worker_id: int) -> None:
        """Note that a worker ended by itself."""
        self.database.write(lambda c: _workers.retire(c, worker_id))

    def living_on(self, study: Study, host: str) -> dict[int, str]:
        """Return key -> process of the study's workers on a host that have not ended by themselves."""
        return self.database.read(lambda c: _workers.living_on(c, study, host))

    def bury(self, worker_ids: Iterable[int]) -> None:
        """Expire the claims of workers that the operating system says are dead."""
        dead = list(worker_ids)
        if dead:
            self.database.write(lambda c: _results.bury(c, dead))

    def status(self, study: Study) -> Status:
        """Return where a study stands."""
        return self.database.read(lambda c: _status.status(c, self._tables, study))

    def trial(self, study: Study, space: Space, number: int) -> TrialRow:
        """Return one trial; raise ``NotFoundError`` without it."""
        return self.database.read(lambda c: _status.trial(c, self._tables, study, space, number))

    def rows(self, study: Study, space: Space) -> Iterator[ExportRow]:
        """Give a study's trials one by one, in bounded memory; not one transaction, but one a batch."""
        return _rows.read_rows(self.database, self._tables, study, space)

    def epochs(self, study: Study) -> list[int]:
        """Return the epochs that any curve of a study has a point at."""
        return self.database.read(lambda c: _rows.read_epochs(c, self._tables, study))

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


@contextmanager
def opened(url: str) -> Iterator[Ledger]:
    """Give the ledger of an existing database, closed at the end."""
    ledger = Ledger(url)
    try:
        yield ledger
    finally:
        ledger.close()
