"""The life of a claim after it was handed out: reported on, finished, handed back or lost."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.search import trial_digest
from hpsearch.store.attempts.checkpoints import drop_checkpoints
from hpsearch.store.attempts.tokens import read_standing
from hpsearch.store.database.connection import now
from hpsearch.store.database.postgres import at_once
from hpsearch.store.records.records import Beat, Claim, Result, Spent
from hpsearch.store.schema.states import OPTUNA_STATES
from hpsearch.store.schema.tables import (
    ATTEMPTS,
    STUDIES,
    WORKERS,
    Control,
    Optuna,
    Outcome,
    add_rows,
    prepared,
)

NOTE_MOST = 2000
"""Characters of an error that are kept with the attempt it ended."""

_ATTEMPT = sa.update(ATTEMPTS).where(
    ATTEMPTS.c.trial_id == sa.bindparam("trial"), ATTEMPTS.c.token == sa.bindparam("token_of")
)
# A claim's token is its neighbours' too: an earlier attempt may have the token of another trial's latest.
_ATTEMPTS = sa.update(ATTEMPTS).where(
    ATTEMPTS.c.trial_id.in_(sa.bindparam("trials", expanding=True)), ATTEMPTS.c.open
)
_SEARCH = STUDIES.alias("search")
_CONTROL = (
    sa.select(_SEARCH.c.control)
    .join(STUDIES, STUDIES.c.search_id == _SEARCH.c.study_id)
    .join(WORKERS, WORKERS.c.study_id == STUDIES.c.study_id)
    .where(WORKERS.c.worker_id == sa.bindparam("worker"))
)
_WORKER = sa.update(WORKERS).where(WORKERS.c.worker_id == sa.bindparam("worker"))


def report(  # noqa: PLR0913 - who tells, and what
    connection: Connection,
    tables: Optuna,
    *,
    worker_id: int,
    curves: Sequence[tuple[Claim, Sequence[float]]],
    lease_s: float,
    spent: Spent = None,
) -> Beat:
    """Extend the leases of claims and store their curves so far; return those still held, and what to do."""
    clock = now(connection)
    standing = read_standing(connection, tables, [claim for claim, _ in curves])
    held = [(claim, curve) for claim, curve in curves if standing[claim].held]
    alive = {"lease_until": clock + lease_s, "outcome": None, "ended_at": None}
    with at_once(connection):
        _update_attempts(connection, [claim for claim, _ in held], **alive)
        _store_curves(connection, tables, held)
        beat(connection, worker_id, clock, spent)
    control = Control(connection.scalar(_CONTROL, {"worker": worker_id}) or Control.RUN)
    return Beat(held=[claim for claim, _ in held], control=control)


def finish(connection: Connection, tables: Optuna, results: Sequence[tuple[Claim, Result]]) -> list[Claim]:
    """Settle trials; return the claims whose results were taken, now or by an earlier call of the same.

    A claim whose token is no longer the trial's is left out: another attempt holds the trial, or has
    settled it, or somebody has settled it by hand.
    """
    clock = now(connection)
    standing = read_standing(connection, tables, [claim for claim, _ in results])
    taken = [(claim, result) for claim, result in results if standing[claim].held]
    ended = {"outcome": Outcome.FINISHED, "ended_at": clock, "open": False}
    digests = [(claim, digest_of(claim, result)) for claim, result in taken]
    with at_once(connection):
        if taken:
            rows = [{"trial": c.trial_id, "token_of": c.token, "digest": d, **ended} for c, d in digests]
            connection.execute(_ATTEMPT, rows)
        _store_curves(connection, tables, [(claim, result.curve) for claim, result in taken])
        settle(connection, tables, taken, clock)
        drop_checkpoints(connection, [claim.trial_id for claim, _ in taken if standing[claim].saved])
    return [claim for claim, _ in results if standing[claim].outcome in {None, Outcome.FINISHED}]


def release(
    connection: Connection, tables: Optuna, claims: Sequence[Claim], notes: Mapping[Claim, str]
) -> None:
    """Hand trials back, some with a note; whoever claims next gets them."""
    _end(connection, tables, claims, notes, outcome=Outcome.RELEASED)


def crash(connection: Connection, tables: Optuna, claims: Sequence[Claim], note: str) -> None:
    """Hand trials back whose training raised an error; it counts as the death of a worker."""
    _end(connection, tables, claims, dict.fromkeys(claims, note[:NOTE_MOST]), outcome=Outcome.CRASHED)


def settle(
    connection: Connection, tables: Optuna, settled: Sequence[tuple[Claim, Result]], clock: float
) -> None:
    """Write states, values and reasons of trials."""
    if not settled:
        return
    values = [
        {"trial_id": claim.trial_id, "objective": 0, **_stored("value", result.value)}
        for claim, result in settled
        if result.value is not None
    ]
    reasons = [attribute(c.trial_id, "reason", r.reason) for c, r in settled if r.reason is not None]
    if values:
        add_rows(connection, tables.trial_values, values)
    if reasons:
        add_rows(connection, tables.trial_user_attributes, reasons)
    for state in {result.state for _, result in settled}:
        ended = {"state": OPTUNA_STATES[state], "datetime_complete": to_datetime(clock)}
        which = {"trial_ids": [claim.trial_id for claim, result in settled if result.state is state]}
        connection.execute(_trials(tables), ended | which)


@prepared
def _trials(tables: Optuna) -> sa.Update:
    table = tables.trials
    return sa.update(table).where(table.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True)))


def digest_of(claim: Claim, result: Result) -> str:
    """Return the digest of a trial that is settled so."""
    return trial_digest(
        number=claim.number,
        state=result.state,
        internal=claim.internal,
        curve=result.curve,
        value=result.value,
    )


def drop_curves(connection: Connection, tables: Optuna, trial_ids: Sequence[int]) -> None:
    """Delete the curves that attempts now dead have reported."""
    if trial_ids:
        connection.execute(_curves(tables), {"trial_ids": trial_ids})


@prepared
def _curves(tables: Optuna) -> sa.Delete:
    table = tables.trial_intermediate_values
    return sa.delete(table).where(table.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True)))


def beat(connection: Connection, worker_id: int, clock: float, spent: Spent = None) -> None:
    """Note a worker's sign of life and, where it is known, where its time went so far."""
    alive = {"worker": worker_id, "beat_at": clock, "ended_at": None}
    connection.execute(_WORKER, alive if spent is None else alive | {"spent": dict(spent)})


def attribute(trial_id: int, key: str, value: object) -> dict[str, Any]:
    """Return the row of a trial's user attribute."""
    return {"trial_id": trial_id, "key": key, "value_json": json.dumps(value)}


def to_datetime(clock: float) -> datetime:
    """Return a time as Optuna 5 stores it: UTC, without a zone."""
    return datetime.fromtimestamp(clock, UTC).replace(tzinfo=None)


def _update_attempts(connection: Connection, claims: Sequence[Claim], **values: object) -> None:
    """Change the attempts of claims that hold their trials, all alike."""
    if claims:
        connection.execute(_ATTEMPTS, {"trials": [c.trial_id for c in claims]} | values)


def _end(
    connection: Connection,
    tables: Optuna,
    claims: Sequence[Claim],
    notes: Mapping[Claim, str],
    *,
    outcome: Outcome,
) -> None:
    standing = read_standing(connection, tables, claims)
    ended = {"outcome": outcome, "ended_at": now(connection)}
    rows = [
        {"trial": claim.trial_id, "token_of": claim.token, "note": notes.get(claim), **ended}
        for claim in claims
        if standing[claim].held
    ]
    if rows:
        connection.execute(_ATTEMPT, rows)


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
        add_rows(connection, tables.trial_intermediate_values, rows)


def _stored(column: str, value: float) -> dict[str, Any]:
    """Return the two columns in which Optuna keeps a number."""
    if not math.isfinite(value):
        raise ValueError(f"{column}: expected a finite number, found {value}")
    return {column: float(value), f"{column}_type": "FINITE"}
