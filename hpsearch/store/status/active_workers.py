"""The active workers of a study, and the trials that each holds."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hpsearch.defaults import LEASE_S
from hpsearch.store.schema.rules import expect_cells
from hpsearch.store.schema.tables import ATTEMPTS, OPEN, WORKERS, Optuna, prepared
from hpsearch.store.schema.transaction import Transaction

SILENT_SHARE = 4
"""A worker beats a dozen times a lease; one that has missed a quarter of them is called silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTrial:
    """A trial that a worker holds.

    Attributes:
        number: Its number.
        attempt: How often it has been claimed, from 1.
        epoch: Epochs that it has reported; workers do so at every beat.
    """

    number: int
    attempt: int
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveWorker:
    """A worker that has not ended.

    Attributes:
        worker_id: Its key.
        host: Its machine and, behind a slash, what tells rooms of one machine apart.
        pid: Its process there.
        started_at: When it joined, seconds since 1970 on the database's clock.
        beat_at: Its last sign of life, on the same clock.
        silent: Whether it has missed several.
        confirms: Whether it works on the confirmation.
        hands: The trials that it holds, by number.
    """

    worker_id: int
    host: str
    pid: int
    started_at: float
    beat_at: float
    silent: bool = False
    confirms: bool = False
    hands: tuple[HeldTrial, ...] = ()


def read_fleet(tx: Transaction, study_ids: Sequence[int], clock: float) -> list[ActiveWorker]:
    """Return the workers that have not ended, in the order of their coming.

    Args:
        tx: The transaction.
        study_ids: The search, then its confirmation where there is one.
        clock: The database's clock.
    """
    which = {"studies": study_ids}
    held = tx.execute(_HELD, which).all()
    keys = {"trial_ids": [row.trial_id for row in held]}
    epochs = {row.trial_id: row.epoch for row in tx.execute(_epochs(tx.tables), keys)}
    hands: defaultdict[int, list[HeldTrial]] = defaultdict(list)
    leases: dict[int, float] = {}
    for row in held:
        epoch = epochs.get(row.trial_id, 0)
        hands[row.worker_id].append(HeldTrial(number=row.number, attempt=row.attempt, epoch=epoch))
        leases[row.worker_id] = row.lease_until
    living = tx.execute(_LIVING, which).all()
    for row in living:
        expect_cells(WORKERS.name, row._asdict())
    return [
        ActiveWorker(
            worker_id=row.worker_id,
            host=row.host,
            pid=row.pid,
            started_at=row.started_at,
            beat_at=row.beat_at,
            silent=_silent(row, leases.get(row.worker_id, row.beat_at + LEASE_S), clock),
            confirms=row.study_id != study_ids[0],
            hands=tuple(hands[row.worker_id]),
        )
        for row in living
    ]


def _silent(worker: Any, lease_until: float, clock: float) -> bool:
    """Tell whether a worker has not been heard of for a part of its lease, which began with the last beat."""
    return bool(clock - worker.beat_at > (lease_until - worker.beat_at) / SILENT_SHARE)


_HELD = (
    sa.select(*(ATTEMPTS.c[n] for n in ("trial_id", "number", "attempt", "worker_id", "lease_until")))
    .where(
        ATTEMPTS.c.study_id.in_(sa.bindparam("studies", expanding=True)), OPEN, ATTEMPTS.c.outcome.is_(None)
    )
    .order_by(ATTEMPTS.c.number)
)
_LIVING = (
    sa.select(WORKERS)
    .where(WORKERS.c.study_id.in_(sa.bindparam("studies", expanding=True)), WORKERS.c.ended_at.is_(None))
    .order_by(WORKERS.c.worker_id)
)


@prepared
def _epochs(tables: Optuna) -> sa.Select[Any]:
    points = tables.trial_intermediate_values
    among = points.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True))
    latest = sa.func.max(points.c.step).label("epoch")
    return sa.select(points.c.trial_id, latest).where(among).group_by(points.c.trial_id)
