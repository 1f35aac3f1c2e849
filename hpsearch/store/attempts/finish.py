"""The life of an attempt after its claim: reported on, finished, released or crashed."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from hpsearch.search import trial_digest
from hpsearch.store.attempts.checkpoints import drop_checkpoints
from hpsearch.store.attempts.tokens import read_tokens
from hpsearch.store.records.records import NOTES, Beat, Claim, Result, Spent
from hpsearch.store.schema.states import OPTUNA_STATES
from hpsearch.store.schema.tables import (
    ATTEMPTS,
    STUDIES,
    WORKERS,
    AttemptOutcome,
    Control,
    Optuna,
    prepared,
)
from hpsearch.store.schema.transaction import Transaction
from hpsearch.types import Json

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


def report(
    tx: Transaction, worker_id: int, curves: Sequence[tuple[Claim, Sequence[float]]], *, spent: Spent = None
) -> Beat:
    """Extend the leases of claims and store their curves so far; return those still held, and what to do."""
    clock = tx.clock()
    tokens = read_tokens(tx, [claim for claim, _ in curves])
    held = [(claim, curve) for claim, curve in curves if tokens[claim].held]
    alive = {"lease_until": clock + tx.lease_s, "outcome": None, "ended_at": None}
    with tx.at_once():
        if held:
            tx.execute(_ATTEMPTS, {"trials": [claim.trial_id for claim, _ in held]} | alive)
        _store_curves(tx, held)
        beat(tx, worker_id, clock=clock, spent=spent)
    control = Control(tx.scalar(_CONTROL, {"worker": worker_id}) or Control.RUN)
    return Beat(held=[claim for claim, _ in held], control=control)


def finish(tx: Transaction, results: Sequence[tuple[Claim, Result]]) -> list[Claim]:
    """Settle trials; return the claims whose results were taken, now or by an earlier call of the same.

    A claim whose token is no longer the trial's is left out: another attempt holds the trial, or has
    settled it, or it was settled by hand.
    """
    clock = tx.clock()
    tokens = read_tokens(tx, [claim for claim, _ in results])
    taken = [(claim, result) for claim, result in results if tokens[claim].held]
    ended = {"outcome": AttemptOutcome.FINISHED, "ended_at": clock, "open": False}
    digests = [(claim, digest_of(claim, result)) for claim, result in taken]
    with tx.at_once():
        if taken:
            rows = [{"trial": c.trial_id, "token_of": c.token, "digest": d, **ended} for c, d in digests]
            tx.execute(_ATTEMPT, rows)
        _store_curves(tx, [(claim, result.curve) for claim, result in taken])
        settle(tx, taken, clock)
        drop_checkpoints(tx, [claim.trial_id for claim, _ in taken if tokens[claim].saved])
    return [claim for claim, _ in results if tokens[claim].outcome in {None, AttemptOutcome.FINISHED}]


def release(tx: Transaction, claims: Sequence[Claim], notes: Mapping[Claim, str] | None = None) -> None:
    """Hand trials back; ``notes`` say how far they have come. The next claim takes them over."""
    _end(tx, claims, notes or {}, outcome=AttemptOutcome.RELEASED)


def crash(tx: Transaction, claims: Sequence[Claim], note: str) -> None:
    """Hand trials back whose training raised an error; it counts as the death of a worker."""
    _end(tx, claims, dict.fromkeys(claims, note[:NOTE_MOST]), outcome=AttemptOutcome.CRASHED)


def fail(tx: Transaction, failed: Sequence[tuple[Claim, str, Mapping[str, Json]]]) -> None:
    """Hand trials back whose own evaluation failed, each with a sentence and what is noted of it.

    It counts as the death of a worker that held no other trial: none of those beside it is to blame.
    """
    notes = {claim: note[:NOTE_MOST] for claim, note, _ in failed}
    held = _end(tx, list(notes), notes, outcome=AttemptOutcome.CRASHED, alone=True)
    write_notes(tx, [(claim, shown) for claim, _, shown in failed if claim in held])


def settle(tx: Transaction, settled: Sequence[tuple[Claim, Result]], clock: float) -> None:
    """Write states, values and reasons of trials."""
    if not settled:
        return
    values = [
        {"trial_id": claim.trial_id, "objective": 0, **_stored("value", result.value)}
        for claim, result in settled
        if result.value is not None
    ]
    reasons = [attribute(c.trial_id, "reason", r.reason) for c, r in settled if r.reason is not None]
    write_notes(tx, [(claim, result.notes) for claim, result in settled if result.value is not None])
    if values:
        tx.add(tx.tables.trial_values, values)
    if reasons:
        tx.add(tx.tables.trial_user_attributes, reasons)
    for state in {result.state for _, result in settled}:
        ended = {"state": OPTUNA_STATES[state], "datetime_complete": to_datetime(clock)}
        which = {"trial_ids": [claim.trial_id for claim, result in settled if result.state is state]}
        tx.execute(_trials(tx.tables), ended | which)


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


def write_notes(tx: Transaction, noted: Sequence[tuple[Claim, Mapping[str, Json]]]) -> None:
    """Write what is shown of trials beside their values, in place of what an earlier attempt has left."""
    again = [claim.trial_id for claim, _ in noted if claim.attempt > 1]
    if again:
        tx.execute(_notes(tx.tables), {"trial_ids": again})
    rows = [
        attribute(claim.trial_id, key, note[key]) for claim, note in noted for key in NOTES if key in note
    ]
    if rows:
        tx.add(tx.tables.trial_user_attributes, rows)


@prepared
def _notes(tables: Optuna) -> sa.Delete:
    table = tables.trial_user_attributes
    mine = table.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True))
    return sa.delete(table).where(mine, table.c.key.in_(NOTES))


def drop_curves(tx: Transaction, trial_ids: Sequence[int]) -> None:
    """Delete the curves that attempts now dead have reported."""
    if trial_ids:
        tx.execute(_curves(tx.tables), {"trial_ids": trial_ids})


@prepared
def _curves(tables: Optuna) -> sa.Delete:
    table = tables.trial_intermediate_values
    return sa.delete(table).where(table.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True)))


def beat(tx: Transaction, worker_id: int, *, clock: float | None = None, spent: Spent = None) -> None:
    """Note a worker's sign of life and, where it is known, where its time went so far."""
    alive = {"worker": worker_id, "beat_at": tx.clock() if clock is None else clock, "ended_at": None}
    tx.execute(_WORKER, alive if spent is None else alive | {"spent": dict(spent)})


def attribute(trial_id: int, key: str, value: object) -> dict[str, Any]:
    """Return the row of a trial's user attribute."""
    return {"trial_id": trial_id, "key": key, "value_json": json.dumps(value)}


def to_datetime(clock: float) -> datetime:
    """Return a time as Optuna 5 stores it: UTC, without a zone."""
    return datetime.fromtimestamp(clock, UTC).replace(tzinfo=None)


def _end(
    tx: Transaction,
    claims: Sequence[Claim],
    notes: Mapping[Claim, str],
    *,
    outcome: AttemptOutcome,
    **more: object,
) -> set[Claim]:
    """End attempts; return the claims that held their trials until now."""
    tokens = read_tokens(tx, claims)
    ended = {"outcome": outcome, "ended_at": tx.clock(), **more}
    held = [claim for claim in claims if tokens[claim].held]
    if held:
        rows = [{"trial": c.trial_id, "token_of": c.token, "note": notes.get(c), **ended} for c in held]
        tx.execute(_ATTEMPT, rows)
    return set(held)


def _store_curves(tx: Transaction, curves: Sequence[tuple[Claim, Sequence[float]]]) -> None:
    """Write curves in place of what was stored of them."""
    drop_curves(tx, [claim.trial_id for claim, _ in curves])
    rows = [
        {"trial_id": claim.trial_id, "step": epoch, **_stored("intermediate_value", accuracy)}
        for claim, curve in curves
        for epoch, accuracy in enumerate(curve, start=1)
    ]
    if rows:
        tx.add(tx.tables.trial_intermediate_values, rows)


def _stored(column: str, value: float) -> dict[str, Any]:
    """Return the two columns in which Optuna keeps a number."""
    if not math.isfinite(value):
        raise ValueError(f"{column}: expected a finite number, found {value}")
    return {column: float(value), f"{column}_type": "FINITE"}
