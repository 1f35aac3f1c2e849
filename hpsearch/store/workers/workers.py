"""Worker processes, a row each: enlisted, retired, given up."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import ContractError, to_type
from hpsearch.store.attempts.finish import beat
from hpsearch.store.attempts.open_attempts import expire
from hpsearch.store.records.records import Spent, Study, WorkerIdentity
from hpsearch.store.schema.tables import ATTEMPTS, OPEN, STUDIES, WORKERS
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.workers.activity import first_worker
from hpsearch.store.workers.environments import differences


def enlist(tx: Transaction, study: Study, identity: WorkerIdentity) -> int:
    """Add a worker, unless it is there already; return its key.

    Raises:
        ContractError: The study is strict, and the worker does not run on what the first one ran on.
    """
    clock = tx.clock()
    mine = (
        WORKERS.c.study_id == study.study_id,
        WORKERS.c.host == identity.host,
        WORKERS.c.process == identity.process,
    )
    if (known := tx.scalar(sa.select(WORKERS.c.worker_id).where(*mine))) is not None:
        beat(tx, int(known), clock=clock)
        return int(known)
    if study.strict:
        search = STUDIES.c.study_id == study.search_id
        if tx.scalar(sa.select(STUDIES.c.strict).where(search).with_for_update()):  # one at a time
            expect_alike(tx, study, identity.environment)
    row = {
        "study_id": study.study_id,
        "host": identity.host,
        "process": identity.process,
        "pid": identity.pid,
        "started_at": clock,
        "beat_at": clock,
        "environment": dict(identity.environment),
    }
    query = sa.insert(WORKERS).values(row).returning(WORKERS.c.worker_id)
    return int(tx.scalar(query) or 0)


def expect_alike(tx: Transaction, study: Study, environment: Mapping[str, Any]) -> None:
    """Refuse a worker of a strict study that does not run on what the first one ran on.

    Raises:
        ContractError: Names what differs.
    """
    first = first_worker(tx, study)
    others = differences(environment, first.environment) if first else []
    if first and others:
        raise ContractError(
            f"study {study.name!r} is strict, and this machine differs from its first worker, on host "
            f"{first.host.partition('/')[0]}: {', '.join(others)}\n"
            f"install the same here, or let it be: {to_type('start FILE --no-strict')}"
        )


def retire(tx: Transaction, worker_id: int, *, spent: Spent = None) -> None:
    """Note that a worker ended by itself."""
    clock = tx.clock()
    ended = {"beat_at": clock, "ended_at": clock} | ({} if spent is None else {"spent": dict(spent)})
    tx.execute(sa.update(WORKERS).where(WORKERS.c.worker_id == worker_id).values(ended))


def living_on(tx: Transaction, study: Study, host: str) -> dict[int, str]:
    """Return key -> process of the study's workers on one host that have not ended by themselves."""
    query = sa.select(WORKERS.c.worker_id, WORKERS.c.process).where(
        WORKERS.c.study_id == study.study_id, WORKERS.c.host == host, WORKERS.c.ended_at.is_(None)
    )
    return {int(worker_id): process for worker_id, process in tx.execute(query)}


def bury(tx: Transaction, worker_ids: Sequence[int]) -> None:
    """Expire every claim of workers that the operating system says are dead."""
    clock = tx.clock()
    expire(tx, clock, ATTEMPTS.c.worker_id.in_(worker_ids))
    _end(tx, clock, WORKERS.c.worker_id.in_(worker_ids))


def any_silent(tx: Transaction, study: Study, *, lease_s: float) -> bool:
    """Tell whether there is anything to reap."""
    clock = tx.clock()
    lapsed = sa.and_(ATTEMPTS.c.study_id == study.study_id, OPEN, ATTEMPTS.c.outcome.is_(None))
    silent = sa.and_(WORKERS.c.study_id == study.study_id, WORKERS.c.ended_at.is_(None))
    found = sa.select(
        sa.exists().where(lapsed, ATTEMPTS.c.lease_until <= clock)
        | sa.exists().where(silent, WORKERS.c.beat_at < clock - lease_s)
    )
    return bool(tx.scalar(found))


def reap(tx: Transaction, study: Study) -> None:
    """Expire the claims of a study whose lease has run out, and note the workers that fell silent."""
    clock = tx.clock()
    expire(tx, clock, ATTEMPTS.c.study_id == study.study_id, ATTEMPTS.c.lease_until <= clock)
    _end(tx, clock, WORKERS.c.study_id == study.study_id, WORKERS.c.beat_at < clock - tx.lease_s)


def _end(tx: Transaction, clock: float, *which: sa.ColumnElement[bool]) -> None:
    living = WORKERS.c.ended_at.is_(None)
    tx.execute(sa.update(WORKERS).where(living, *which).values(ended_at=clock))
