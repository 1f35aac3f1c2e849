"""The ledger: what has been tried, by which worker, and what came of it; each verb is one transaction."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.engine import Connection

from hpsearch.defaults import LEASE_S
from hpsearch.errors import StorageError
from hpsearch.store.attempts import checkpoints
from hpsearch.store.attempts import claim as claims
from hpsearch.store.attempts import finish as results
from hpsearch.store.database import sqlite
from hpsearch.store.database.connection import PATIENCE_S, Database, now
from hpsearch.store.nursings import nursings
from hpsearch.store.reader import Reader, called
from hpsearch.store.records.records import Study
from hpsearch.store.schema import deleted
from hpsearch.store.schema.scan import read_or_blame
from hpsearch.store.schema.tables import Optuna
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.schema.versions import (
    check_schema,
    ensure_schema,
    expect_fit,
    expect_readable,
    has_own_tables,
)
from hpsearch.store.studies import control, family, find, opening, stops, trainings, verdicts
from hpsearch.store.transfer import pack as packing
from hpsearch.store.trials.export_rows import ExportRow, read_export_rows
from hpsearch.store.workers import workers
from hpsearch.store.workers.processes import is_alive, this_host

SHORT_PATIENCE_S = 4.0
"""A person who has mistyped a port should not wait as a worker does while a server restarts."""

P = ParamSpec("P")
T = TypeVar("T")


def writes(verb: Callable[Concatenate[Transaction, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Return a method that calls ``verb`` in a writing transaction."""

    @wraps(verb)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        ledger: Ledger = self
        return ledger.write(called(verb, *args, **kwargs))

    return method


class Ledger(Reader):
    """A database that holds studies.

    Every write is guarded by an attempt's token, every lease runs on the database's clock, and every
    verb is one transaction that is tried again as a whole when the database is busy. The ledger knows
    nothing of how parameters are chosen. The verbs are described where they are defined.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://...``.
        create: Whether to make what is missing: the file, the tables.
        lease_s: A claim made here lives so long after its last sign of life, in seconds.
        patience_s: How long a verb goes on trying after a transient error.
        foreign: Whether studies that Optuna alone has made are found as well, for those who only read. The
            database may have no tables of hpsearch then, and gets none.

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
        foreign: bool = False,
    ) -> None:
        super().__init__(lambda work: self.database.read(lambda c: self._named(work, self._reading(c))))
        self._own, self._foreign = True, foreign
        self.lease_s = lease_s
        self.database = Database(url, create=create, patience_s=patience_s)
        try:
            if create:
                self.database.warn_of_network()
                ensure_schema(self.database)
            elif foreign:
                self._own = expect_readable(self.database)
            else:
                check_schema(self.database)
            self._tables = self.database.read(Optuna.reflect)
        except BaseException:
            self.database.close()
            raise

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Return what a function returns of a writing transaction; it may be called several times."""
        if not self._own:
            check_schema(self.database)  # says that there are no tables of hpsearch
        token = secrets.token_hex(16)
        return self.database.write(
            lambda c: self._named(work, Transaction(c, self._tables, self.lease_s, token))
        )

    def _reading(self, connection: Connection) -> Transaction:
        # A dashboard may have been opened before the first study of hpsearch's was made there.
        self._own = self._own or has_own_tables(connection)
        return Transaction(connection, self._tables, own=self._own, foreign=self._foreign)

    def _named(self, work: Callable[[Transaction], T], tx: Transaction) -> T:
        """Return ``work(tx)``; where it fails on what a row holds, name the row."""
        return read_or_blame(tx.connection, tx.tables, lambda: work(tx), own=tx.own)

    def at_one_moment(self, work: Callable[[Reader], T]) -> T:
        """Return what a function returns of a reader whose verbs all share one transaction.

        Whatever it reads is as of one moment. It may be called several times.
        """
        return self.read(lambda tx: work(Reader(lambda inner: inner(tx))))

    open_study = writes(opening.open_study)
    expect_unchanged = writes(find.expect_unchanged)
    forget_deleted = writes(deleted.forget_deleted)
    set_verdict = writes(verdicts.set_verdict)
    unpack = writes(packing.unpack)

    claim = writes(claims.claim)
    report = writes(results.report)
    finish = writes(results.finish)
    release = writes(results.release)
    crash = writes(results.crash)
    fail = writes(results.fail)
    save_checkpoints = writes(checkpoints.save_checkpoints)

    claim_trainings = writes(trainings.claim_trainings)
    extend_trainings = writes(trainings.extend_trainings)
    free_trainings = writes(trainings.free_trainings)
    save_trainings = writes(trainings.save_trainings)
    store_trainings = writes(trainings.store_trainings)

    stop_at = writes(stops.stop_at)
    set_control = writes(control.set_control)
    enqueue = writes(control.enqueue)
    retry = writes(control.retry)
    delete_study = writes(family.delete_study)
    rename_study = writes(family.rename_study)

    open_nursing = writes(nursings.open_nursing)
    take_nursing = writes(nursings.take_nursing)
    add_nursed = writes(nursings.add_nursed)
    leave_nursing = writes(nursings.leave_nursing)

    enlist = writes(workers.enlist)
    retire = writes(workers.retire)
    bury = writes(workers.bury)
    beat = writes(results.beat)

    def reap(self, study: Study) -> None:
        """Expire claims whose lease has run out, and note the workers that fell silent.

        Nothing is written when there are none.
        """
        if self.read(lambda tx: workers.any_silent(tx, study, lease_s=self.lease_s)):
            self.write(lambda tx: workers.reap(tx, study))

    def sweep(self, study: Study) -> None:
        """Expire the claims of this machine's workers that are dead, without waiting for their leases."""
        living = self.living_on(study, this_host())
        dead = [worker_id for worker_id, process in living.items() if not is_alive(process)]
        if dead:
            self.bury(dead)

    def look_after(self, study: Study) -> None:
        """Expire every claim without a live worker; do nothing where the database may only be read.

        A study that Optuna alone has made has no claims.
        """
        if study.recorded is not None:
            return
        with suppress(StorageError):
            self.database.expect_writable()  # what may only be read for now would be waited for
            self.sweep(study)
            self.reap(study)

    def rows(self, study: Study) -> Iterator[ExportRow]:
        """Give a study's trials one by one, in bounded memory; not one transaction, but one a batch."""
        return read_export_rows(self, study)

    def pack(self, study: Study, take: Callable[[packing.StudyDump], T]) -> T:
        """Return ``take(dump)`` of a search as it is at one moment; ``take`` may be called several times."""
        return self.read(lambda tx: take(packing.pack(tx, study)))

    def ping(self) -> None:
        """Raise ``StorageError`` unless the database is there and answers."""
        if self.database.path is not None:
            sqlite.check_file(self.database.path, create=False)
        self.database.read(now)

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


@contextmanager
def opened(url: str, *, foreign: bool = False) -> Iterator[Ledger]:
    """Give the ledger of an existing database, closed at the end; for a person who waits.

    Args:
        url: The database.
        foreign: As ``Ledger``: for commands that only read.
    """
    ledger = Ledger(url, patience_s=SHORT_PATIENCE_S, foreign=foreign)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def previewed(url: str) -> Iterator[Reader | None]:
    """Give what reads a database before a ledger makes what is missing there; ``None`` without tables.

    Nothing is written, and no file is made.

    Raises:
        StorageError: A ledger could not be made there.
    """
    with closing(Database(url, create=True)) as database:
        is_new = database.path is not None and not database.path.exists()
        if is_new:
            database.expect_writable()
        if is_new or expect_fit(database):
            yield None
        else:
            tables = database.read(Optuna.reflect)
            yield Reader(lambda work: database.read(lambda c: work(Transaction(c, tables))))
