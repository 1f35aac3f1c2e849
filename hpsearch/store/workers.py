"""Who is at work: a row for each worker process."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.store.database import now
from hpsearch.store.records import Study, WorkerIdentity
from hpsearch.store.tables import WORKERS


def enlist(connection: Connection, study: Study, identity: WorkerIdentity) -> int:
    """Add a worker; return its key."""
    clock = now(connection)
    row = {
        "study_id": study.study_id,
        "host": identity.host,
        "process": identity.process,
        "pid": identity.pid,
        "started_at": clock,
        "beat_at": clock,
    }
    query = sa.insert(WORKERS).values(row).returning(WORKERS.c.worker_id)
    return int(connection.scalar(query) or 0)


def retire(connection: Connection, worker_id: int) -> None:
    """Note that a worker ended by itself."""
    row = sa.update(WORKERS).where(WORKERS.c.worker_id == worker_id)
    connection.execute(row.values(ended_at=now(connection)))


def living_on(connection: Connection, study: Study, host: str) -> dict[int, str]:
    """Return key -> process of the study's workers on one host that have not ended by themselves."""
    query = sa.select(WORKERS.c.worker_id, WORKERS.c.process).where(
        WORKERS.c.study_id == study.study_id, WORKERS.c.host == host, WORKERS.c.ended_at.is_(None)
    )
    return {int(worker_id): process for worker_id, process in connection.execute(query)}
