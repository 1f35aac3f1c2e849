"""The ledger: what has been tried, by whom, and what came of it; each verb is one transaction."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Connection

from hpsearch.search import Proposal, Stopped
from hpsearch.space import Space
from hpsearch.store.attempts import claim as _claims
from hpsearch.store.attempts import finish as _results
from hpsearch.store.attempts.admit import Further
from hpsearch.store.attempts.attempts import Desk
from hpsearch.store.attempts.checkpoints import Saved, save_checkpoints
from hpsearch.store.attempts.study_row import read_board
from hpsearch.store.database.connection import PATIENCE_S, now
from hpsearch.store.reader import Reader
from hpsearch.store.records.records import Beat, Claim, Result, Spent, Study, WorkerIdentity
from hpsearch.store.records.views import Delivery
from hpsearch.store.schema.tables import Control
from hpsearch.store.studies import control as _control
from hpsearch.store.studies import deliveries as _deliveries
from hpsearch.store.studies import opening as _studies
from hpsearch.store.studies import stops as _stops
from hpsearch.store.studies.opening import Terms
from hpsearch.store.transfer.pack import Parcel, unpack
from hpsearch.store.workers import workers as _workers

SHORT_PATIENCE_S = 4.0
"""A person who has mistyped a port should not wait as a worker does while a server restarts."""
LEASE_S = 60.0
"""A claim lives so long after its last sign of life, on the database's clock."""


class Ledger(Reader):
    """A database that holds studies.

    Every write is guarded by an attempt's token, every lease runs on the database's clock, and every
    method is one transaction that is tried again as a whole when the database is busy. The ledger knows
    nothing of how parameters are chosen.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://...``.
        create: Whether to make what is missing: the file, the tables.
        lease_s: A claim made here lives so long after its last sign of life, in seconds.
        patience_s: How long a method goes on trying after a transient error.

    Raises:
        StorageError: The database cannot be opened, or its schema is of another version.
    """

    def __init__(
        self,
        url: str,
        *,
        create: bool = False,
        lease_s: float = LEASE_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        super().__init__(url, create=create, patience_s=patience_s)
        self.lease_s = lease_s

    def open_study(self, terms: Terms) -> Study:
        """Create a study or attach to it; raise ``ContractError`` when its settings are others."""
        return self.database.write(lambda c: _studies.open_study(c, self._tables, terms))

    def expect_unchanged(self, study: Study, *, reopened: int) -> None:
        """Raise ``StaleTermsError`` when a study is not what it was."""
        self.database.write(lambda c: _studies.expect_unchanged(c, self._tables, study, reopened=reopened))

    def set_delivery(self, study: Study, delivery: Delivery, *, reopened: int = 0) -> None:
        """Store what a study found; raise ``StaleTermsError`` when it is not what was settled."""

        def work(connection: Connection) -> None:
            _studies.expect_unchanged(connection, self._tables, study, reopened=reopened)
            _deliveries.set_delivery(connection, self._tables, study, delivery)

        self.database.write(work)

    def unpack(self, parcel: Parcel, *, base: str) -> bool:
        """Write a search from elsewhere, whole or not at all; return whether it was not here already."""
        return self.database.write(lambda c: unpack(c, self._tables, parcel, base=base))

    def claim(  # noqa: PLR0913 - who, of what, how much
        self,
        study: Study,
        space: Space,
        *,
        worker_id: int,
        proposals: Sequence[Proposal],
        limit: int,
        reopened: int = 0,
        until: int | None = None,
        further: Further | None = None,
        spent: Spent = None,
    ) -> list[Claim]:
        """Hand out at most ``limit`` trials: orphaned ones first, then the proposals that may start.

        ``reopened`` is that of the history which the proposals were made from; no number from ``until`` on
        begins. Where others have taken all their numbers meanwhile, ``further`` is asked for those below
        another one, while the study is held. ``spent`` says where the worker's time went so far.
        """
        token = secrets.token_hex(16)

        def work(connection: Connection) -> list[Claim]:
            board = read_board(connection, self._tables, study, lock=True, token=token, keys=limit)
            desk = Desk(
                connection=connection,
                tables=self._tables,
                study=study,
                space=space,
                worker_id=worker_id,
                token=token,
                clock=board.clock,
                lease_s=self.lease_s,
                spent=spent,
            )
            return _claims.claim(
                desk, board, proposals, limit=limit, reopened=reopened, until=until, further=further
            )

        return self.database.write(work)

    def report(
        self, worker_id: int, curves: Sequence[tuple[Claim, Sequence[float]]], *, spent: Spent = None
    ) -> Beat:
        """Extend leases and store curves so far; return the claims still held, and what to do."""
        return self.database.write(
            lambda c: _results.report(
                c, self._tables, worker_id=worker_id, curves=curves, lease_s=self.lease_s, spent=spent
            )
        )

    def finish(self, results: Sequence[tuple[Claim, Result]]) -> list[Claim]:
        """Settle trials; return the claims whose results were taken."""
        return self.database.write(lambda c: _results.finish(c, self._tables, results))

    def save_checkpoints(self, study: Study, saved: Sequence[tuple[Claim, Saved]]) -> list[Claim]:
        """Store where trials in training have got to; return the claims whose checkpoints were taken."""
        return self.database.write(lambda c: save_checkpoints(c, self._tables, study, saved))

    def release(self, claims: Sequence[Claim], notes: Mapping[Claim, str] | None = None) -> None:
        """Hand trials back; ``notes`` say where they have got to."""
        self.database.write(lambda c: _results.release(c, self._tables, claims, notes or {}))

    def crash(self, claims: Sequence[Claim], note: str) -> None:
        """Hand trials back whose training raised an error; ``note`` says which."""
        self.database.write(lambda c: _results.crash(c, self._tables, claims, note))

    def stop_at(self, study: Study, stopped: Stopped, *, reopened: int = 0) -> Stopped | None:
        """Store that a rule has ended a study, once; return how it ended."""
        return self.database.write(
            lambda c: _stops.stop_at(c, self._tables, study, stopped, reopened=reopened)
        )

    def set_control(self, study: Study, control: Control) -> Control:
        """Tell every worker of a study what to do; return what held before."""
        return self.database.write(lambda c: _control.set_control(c, study, control))

    def enqueue(self, study: Study, space: Space, params: Mapping[str, Any]) -> int:
        """Let the next free number try these parameters, once; return the number."""
        ticket = secrets.token_hex(16)
        return self.database.write(
            lambda c: _control.enqueue(c, self._tables, study, space, params=params, ticket=ticket)
        )

    def retry(self, study: Study, number: int) -> None:
        """Let a trial that failed be tried again; raise ``RefusedError`` when others have seen it fail."""
        self.database.write(lambda c: _control.retry(c, self._tables, study, number))

    def enlist(self, study: Study, identity: WorkerIdentity) -> int:
        """Add a worker; return its key. A strict study refuses one that is not like its first."""
        return self.database.write(lambda c: _workers.enlist(c, study, identity))

    def retire(self, worker_id: int, *, spent: Spent = None) -> None:
        """Note that a worker ended by itself."""
        self.database.write(lambda c: _workers.retire(c, worker_id, spent))

    def bury(self, worker_ids: Iterable[int]) -> None:
        """Expire the claims of workers that the operating system says are dead."""
        dead = list(worker_ids)
        if dead:
            self.database.write(lambda c: _workers.bury(c, dead))

    def reap(self, study: Study) -> None:
        """Expire claims whose lease has run out, and note the workers that fell silent.

        Nothing is written when there are none.
        """
        if self.database.read(lambda c: _workers.any_silent(c, study, lease_s=self.lease_s)):
            self.database.write(lambda c: _workers.reap(c, study, lease_s=self.lease_s))

    def beat(self, worker_id: int, *, spent: Spent = None) -> None:
        """Note the sign of life of a worker that has nothing in hand."""
        self.database.write(lambda c: _results.beat(c, worker_id, now(c), spent))


@contextmanager
def opened(url: str) -> Iterator[Ledger]:
    """Give the ledger of an existing database, closed at the end; for a person who waits."""
    ledger = Ledger(url, patience_s=SHORT_PATIENCE_S)
    try:
        yield ledger
    finally:
        ledger.close()
