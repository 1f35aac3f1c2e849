"""The trainings that a verdict needs: shared out among the workers, and kept until the verdict is stored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hpsearch.store.attempts.study_row import read_row
from hpsearch.store.records.records import Study
from hpsearch.store.schema.rules import VERDICT
from hpsearch.store.schema.tables import TRAININGS, WORKERS, Optuna, prepared
from hpsearch.store.schema.transaction import Transaction

_KEYS = TRAININGS.c.key.in_(sa.bindparam("keys", expanding=True))
_MINE = TRAININGS.c.study_id == sa.bindparam("study")
_HELD = (_MINE, TRAININGS.c.worker_id == sa.bindparam("worker"), TRAININGS.c.ended_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedTrainings:
    """The trainings that a worker does next.

    Attributes:
        keys: Their keys.
        left: Number of trainings of which nothing has come yet, its own included.
    """

    keys: tuple[str, ...]
    left: int


def claim_trainings(  # noqa: PLR0913 - what is wanted, by whom, how much of it
    tx: Transaction,
    study: Study,
    keys: Sequence[str],
    *,
    worker_id: int,
    limit: Callable[[int], int],
    later: Sequence[str] = (),
) -> ClaimedTrainings:
    """Give a worker trainings that no other worker has; under two callers each gets others.

    What another worker has is free again when its lease has run out, or when that worker has ended.

    Args:
        tx: The transaction.
        study: A search.
        keys: The trainings, the most wanted first.
        worker_id: The worker.
        limit: Number of free trainings -> how many it takes.
        later: Trainings that are wanted after these: they are counted from now on, and not taken.
    """
    read_row(tx, study, lock=True)
    judged = {"study": study.study_id, "verdict": VERDICT}
    if tx.scalar(_verdict(tx.tables), judged) is not None:  # nothing is needed any more
        return ClaimedTrainings(keys=(), left=0)
    clock = tx.clock()
    known = {row.key: row for row in tx.execute(_known(), {"study": study.study_id, "keys": [*keys, *later]})}
    new = [key for key in dict.fromkeys([*keys, *later]) if key not in known]
    if new:
        tx.add(TRAININGS, [{"study_id": study.study_id, "key": key, "lease_until": 0.0} for key in new])
    left = [key for key in keys if key not in known or known[key].ended_at is None]
    free = [key for key in left if key not in known or _is_free(known[key], worker_id, clock)]
    taken = free[: limit(len(free))] if free else []
    if taken:
        mine = sa.update(TRAININGS).where(_MINE, _KEYS)
        lease = {"worker_id": worker_id, "lease_until": clock + tx.lease_s}
        tx.execute(mine, {"study": study.study_id, "keys": taken} | lease)
    return ClaimedTrainings(keys=tuple(taken), left=len(left))


def extend_trainings(tx: Transaction, study: Study, worker_id: int) -> None:
    """Extend the leases of what a worker trains."""
    held = {"study": study.study_id, "worker": worker_id}
    tx.execute(sa.update(TRAININGS).where(*_HELD), held | {"lease_until": tx.clock() + tx.lease_s})


def free_trainings(tx: Transaction, study: Study, worker_id: int) -> None:
    """Hand back what a worker has not trained."""
    tx.execute(
        sa.update(TRAININGS).where(*_HELD),
        {"study": study.study_id, "worker": worker_id, "lease_until": 0.0},
    )


def save_trainings(tx: Transaction, study: Study, worker_id: int, midway: Mapping[str, bytes]) -> None:
    """Store where the trainings that a worker has in hand have got to; what it no longer has is left out."""
    mine = {"study": study.study_id, "worker": worker_id}
    rows = [mine | {"which": key, "data": data} for key, data in midway.items()]
    if rows:
        tx.execute(sa.update(TRAININGS).where(*_HELD, TRAININGS.c.key == sa.bindparam("which")), rows)


def store_trainings(tx: Transaction, study: Study, found: Mapping[str, bytes | None]) -> None:
    """Store the results of trainings as bytes, ``None`` where nothing is kept.

    No token guards it: two workers that train the same bring the same bits.
    """
    mine, ended_at = {"study": study.study_id}, tx.clock()
    known = set(tx.scalars(sa.select(TRAININGS.c.key).where(_MINE, _KEYS), mine | {"keys": list(found)}))
    shared = [
        mine | {"which": key, "ended_at": ended_at, "data": found[key]} for key in found if key in known
    ]
    new = [
        {"study_id": study.study_id, "key": key, "lease_until": 0.0, "ended_at": ended_at, "data": data}
        for key, data in found.items()
        if key not in known
    ]
    if shared:
        tx.execute(sa.update(TRAININGS).where(_MINE, TRAININGS.c.key == sa.bindparam("which")), shared)
    if new:
        tx.execute(sa.insert(TRAININGS), new)


def read_trainings(tx: Transaction, study: Study, keys: Sequence[str]) -> dict[str, bytes]:
    """Return key -> result of the trainings that have ended; one without a result is left out."""
    return _data(tx, study, keys, TRAININGS.c.ended_at.is_not(None))


def read_midway(tx: Transaction, study: Study, keys: Sequence[str]) -> dict[str, bytes]:
    """Return key -> checkpoint of the trainings that have not ended; one without a checkpoint is left out."""
    return _data(tx, study, keys, TRAININGS.c.ended_at.is_(None))


def count_trainings(tx: Transaction, study: Study) -> tuple[int, int]:
    """Return how many of the trainings that are shared out for a verdict have ended, and how many there are.

    What a confirming run has left is not counted: no worker has claimed it.
    """
    left = sa.and_(TRAININGS.c.worker_id.is_(None), TRAININGS.c.ended_at.is_not(None))
    query = sa.select(sa.func.count(TRAININGS.c.ended_at), sa.func.count()).where(_MINE, ~left)
    ended, known = tx.execute(query, {"study": study.study_id}).one()
    return int(ended), int(known)


def drop_trainings(tx: Transaction, study_id: int) -> None:
    """Delete what has been kept for a verdict, which is stored now."""
    tx.execute(sa.delete(TRAININGS).where(_MINE), {"study": study_id})


@prepared
def _verdict(tables: Optuna) -> sa.Select[Any]:
    notes = tables.study_user_attributes
    mine = notes.c.study_id == sa.bindparam("study")
    return sa.select(notes.c.study_id).where(mine, notes.c.key == sa.bindparam("verdict"))


def _data(
    tx: Transaction, study: Study, keys: Sequence[str], which: sa.ColumnElement[bool]
) -> dict[str, bytes]:
    kept = TRAININGS.c.data.is_not(None)
    query = sa.select(TRAININGS.c.key, TRAININGS.c.data).where(_MINE, _KEYS, kept, which)
    return {row.key: row.data for row in tx.execute(query, {"study": study.study_id, "keys": keys})}


def _known() -> sa.Select[Any]:
    """Return the statement that reads some trainings, each with the end of the worker that has it."""
    columns = (TRAININGS.c.key, TRAININGS.c.worker_id, TRAININGS.c.lease_until, TRAININGS.c.ended_at)
    query = sa.select(*columns, WORKERS.c.ended_at.label("left_at"))
    joined = query.select_from(TRAININGS).outerjoin(WORKERS, WORKERS.c.worker_id == TRAININGS.c.worker_id)
    return joined.where(_MINE, _KEYS)


def _is_free(row: sa.Row[Any], worker_id: int, clock: float) -> bool:
    """Return whether a worker may take a training; its own, too: its first try may have been committed."""
    others = row.worker_id not in {None, worker_id} and row.left_at is None and row.lease_until > clock
    return row.ended_at is None and not others
