"""The life of a claim after it was handed out: reported on, finished, handed back or expired."""

import json
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.search import TrialState
from hpsearch.store.database import now
from hpsearch.store.records import Claim, Result
from hpsearch.store.tables import ATTEMPTS, WORKERS, Optuna

LEASE_S = 60.0
"""A claim lives so long after its last sign of life, on the database's clock."""

OPTUNA_STATES = {
    TrialState.RUNNING: "RUNNING",
    TrialState.COMPLETE: "COMPLETE",
    TrialState.PRUNED: "PRUNED",
    TrialState.FAILED: "FAIL",
}


def report(
    connection: Connection,
    tables: Optuna,
    *,
    worker_id: int,
    curves: Iterable[tuple[Claim, Sequence[float]]],
) -> list[Claim]:
    """Extend the leases of claims and store their curves so far; return the claims still held."""
    clock = now(connection)
    held = [(c, curve) for c, curve in curves if _move(connection, c, lease_until=clock + LEASE_S)]
    _store_curves(connection, tables, held)
    beat(connection, worker_id, clock)
    return [claim for claim, _ in held]


def finish(connection: Connection, tables: Optuna, results: Iterable[tuple[Claim, Result]]) -> list[Claim]:
    """Settle trials; return the claims whose results were taken.

    A claim whose token is no longer the trial's is left out: another attempt holds the trial, or has
    settled it.
    """
    clock = now(connection)
    end = {"outcome": "finished", "ended_at": clock, "open": False}
    taken = [(claim, result) for claim, result in results if _move(connection, claim, **end)]
    _store_curves(connection, tables, [(claim, result.curve) for claim, result in taken])
    settle(connection, tables, [(claim.trial_id, result) for claim, result in taken], clock)
    return [claim for claim, _ in taken]


def release(connection: Connection, claims: Iterable[Claim]) -> None:
    """Hand trials back; whoever claims next gets them."""
    clock = now(connection)
    for claim in claims:
        _move(connection, claim, outcome="released", ended_at=clock)


def bury(connection: Connection, worker_ids: Sequence[int]) -> None:
    """Expire every claim of workers that the operating system says are dead."""
    clock = now(connection)
    held = (ATTEMPTS.c.worker_id.in_(worker_ids), ATTEMPTS.c.open, ATTEMPTS.c.outcome.is_(None))
    connection.execute(sa.update(ATTEMPTS).where(*held).values(lease_until=clock))
    living = (WORKERS.c.worker_id.in_(worker_ids), WORKERS.c.ended_at.is_(None))
    connection.execute(sa.update(WORKERS).where(*living).values(ended_at=clock))


def settle(
    connection: Connection, tables: Optuna, results: Sequence[tuple[int, Result]], clock: float
) -> None:
    """Write states, values and reasons of trials, by their keys."""
    values = [
        {"trial_id": trial_id, "objective": 0, **_stored("value", result.value)}
        for trial_id, result in results
        if result.value is not None
    ]
    reasons = [attribute(trial_id, "reason", r.reason) for trial_id, r in results if r.reason is not None]
    if values:
        connection.execute(sa.insert(tables.trial_values), values)
    if reasons:
        connection.execute(sa.insert(tables.trial_user_attributes), reasons)
    for trial_id, result in results:
        state = {"state": OPTUNA_STATES[result.state], "datetime_complete": to_datetime(clock)}
        table = tables.trials
        connection.execute(sa.update(table).where(table.c.trial_id == trial_id).values(state))


def drop_curves(connection: Connection, tables: Optuna, trial_ids: Sequence[int]) -> None:
    """Delete the curves that attempts now dead have reported."""
    table = tables.trial_intermediate_values
    if trial_ids:
        connection.execute(sa.delete(table).where(table.c.trial_id.in_(trial_ids)))


def beat(connection: Connection, worker_id: int, clock: float) -> None:
    """Note a worker's sign of life."""
    connection.execute(sa.update(WORKERS).where(WORKERS.c.worker_id == worker_id).values(beat_at=clock))


def attribute(trial_id: int, key: str, value: object) -> dict[str, Any]:
    """Return the row of a trial's user attribute."""
    return {"trial_id": trial_id, "key": key, "value_json": json.dumps(value)}


def to_datetime(clock: float) -> datetime:
    """Return a time as Optuna 5 stores it: UTC, without a zone."""
    return datetime.fromtimestamp(clock, UTC).replace(tzinfo=None)


def _move(connection: Connection, claim: Claim, **values: object) -> bool:
    """Change an attempt that still holds its trial; tell whether it does."""
    row = (ATTEMPTS.c.trial_id == claim.trial_id, ATTEMPTS.c.attempt == claim.attempt)
    holds = (ATTEMPTS.c.token == claim.token, ATTEMPTS.c.open, ATTEMPTS.c.outcome.is_(None))
    return connection.execute(sa.update(ATTEMPTS).where(*row, *holds).values(values)).rowcount == 1


def _store_curves(
    connection: Connection, tables: Optuna, curves: Sequence[tuple[Claim, Sequence[float]]]
) -> None:
    """Write curves in place of what was stored of them."""
    drop_curves(connection, tables, [claim.trial_id for claim, _ in curves])
    rows = [
        {"trial_id": claim.trial_id, "step": epoch, **_stored("intermediate_value", accuracy)}
        for claim, curve in curves
        for epoch, accuracy in enumerate(curve, start=1)
    ]
    if rows:
        connection.execute(sa.insert(tables.trial_intermediate_values), rows)


def _stored(column: str, value: float) -> dict[str, Any]:
    """Return the two columns in which Optuna keeps a number."""
    if not math.isfinite(value):
        raise ValueError(f"{column}: expected a finite number, found {value}")
    return {column: float(value), f"{column}_type": "FINITE"}
