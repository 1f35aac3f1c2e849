"""The life of an attempt after its claim: reported on, finished, released or crashed."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from hpsearch.search import trial_digest
from hpsearch.store.attempts.checkpoints import drop_checkpoints
from hpsearch.store.attempts.tokens import Tokens, read_tokens
from hpsearch.store.database.columns import among, each_of
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
    tokens = read_tokens(tx, [claim for claim, _ in curves])
    held = [(claim, curve) for claim, curve in curves if tokens[claim].held]
    control = tokens.control or tx.scalar(_CONTROL, {"worker": worker_id}) or Control.RUN
    alive = {"lease_until": tokens.clock + tx.lease_s, "outcome": None, "ended_at": None}
    with tx.at_once() as together:
        if held:
            trial_ids = [claim.trial_id for claim, _ in held]
            together.write(_open_attempts(tx.dialect), {"trial_ids": trial_ids} | alive)
        _store_curves(together, held, tokens)
        beat(together, worker_id, clock=tokens.clock, spent=spent)
    return Beat(held=[claim for claim, _ in held], control=Control(control))


def finish(tx: Transaction, results: Sequence[tuple[Claim, Result]]) -> list[Claim]:
    """Settle trials; return the claims whose results were taken, now or by an earlier call of the same.

    A claim whose token is no longer the trial's is left out: another attempt holds the trial, or has
    settled it, or it was settled by hand.
    """
    # Before a row is locked: others may wait for it.
    digests = {claim: digest_of(claim, result) for claim, result in results}
    tokens = read_tokens(tx, [claim for claim, _ in results])
    taken = [(claim, result) for claim, result in results if tokens[claim].held]
    ended = {"outcome": AttemptOutcome.FINISHED, "ended_at": tokens.clock, "open": False}
    held = [claim for claim, _ in taken]
    with tx.at_once() as together:
        if held:
            _close(together, ended, "digest", {claim: digests[claim] for claim in held})
        _store_curves(together, [(claim, result.curve) for claim, result in taken], tokens)
        settle(together, taken, tokens.clock)
        drop_checkpoints(together, [claim.trial_id for claim in held if tokens[claim].saved])
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
        tx.write(_trials(tx.tables, tx.dialect), ended | which)


@prepared
def _trials(tables: Optuna, dialect: str) -> sa.Update:
    return sa.update(tables.trials).where(among(tables.trials.c.trial_id, "trial_ids", dialect))


@prepared
def _open_attempts(dialect: str) -> sa.Update:
    # A claim's token is its neighbours' too: an earlier attempt may have the token of another trial's latest.
    return sa.update(ATTEMPTS).where(among(ATTEMPTS.c.trial_id, "trial_ids", dialect), ATTEMPTS.c.open)


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
        tx.write(_notes(tx.tables, tx.dialect), {"trial_ids": again})
    rows = [
        attribute(claim.trial_id, key, note[key]) for claim, note in noted for key in NOTES if key in note
    ]
    if rows:
        tx.add(tx.tables.trial_user_attributes, rows)


@prepared
def _notes(tables: Optuna, dialect: str) -> sa.Delete:
    table = tables.trial_user_attributes
    noted = sa.or_(*(table.c.key == key for key in NOTES))
    return sa.delete(table).where(among(table.c.trial_id, "trial_ids", dialect), noted)


def drop_curves(tx: Transaction, trial_ids: Sequence[int]) -> None:
    """Delete the curves that attempts now dead have reported."""
    if trial_ids:
        tx.write(_curves(tx.tables, tx.dialect), {"trial_ids": trial_ids})


@prepared
def _curves(tables: Optuna, dialect: str) -> sa.Delete:
    table = tables.trial_intermediate_values
    return sa.delete(table).where(among(table.c.trial_id, "trial_ids", dialect))


def beat(tx: Transaction, worker_id: int, *, clock: float | None = None, spent: Spent = None) -> None:
    """Note a worker's sign of life and, where it is known, where its time went so far."""
    alive = {"worker": worker_id, "beat_at": tx.clock() if clock is None else clock, "ended_at": None}
    tx.write(_WORKER, alive if spent is None else alive | {"spent": dict(spent)})


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
    ended = {"outcome": outcome, "ended_at": tokens.clock, **more}
    held = [claim for claim in claims if tokens[claim].held]
    if held:
        _close(tx, ended, "note", {claim: notes.get(claim) for claim in held})
    return set(held)


def _close(tx: Transaction, ended: Mapping[str, Any], column: str, texts: Mapping[Claim, str | None]) -> None:
    """Write how the attempts of claims that hold their trials ended.

    Args:
        tx: The transaction.
        ended: Column -> value, the same for all.
        column: A column that has a text of its own for each.
        texts: These, of all claims.
    """
    if tx.dialect == "postgresql":
        lists = {"trial_ids": [claim.trial_id for claim in texts], "texts": list(texts.values())}
        tx.write(_closed_at_once(column), {**lists, **ended})
    else:
        tx.execute(
            _CLOSED, [{"trial": claim.trial_id, column: text, **ended} for claim, text in texts.items()]
        )


# The latest attempt alone is open; an earlier one may have the token of another trial's latest.
_CLOSED = sa.update(ATTEMPTS).where(ATTEMPTS.c.trial_id == sa.bindparam("trial"), ATTEMPTS.c.open)


@prepared
def _closed_at_once(column: str) -> sa.Update:
    changed = {column: each_of("texts", ATTEMPTS.c.trial_id, "trial_ids")}
    return _open_attempts("postgresql").values(changed)


def _store_curves(tx: Transaction, curves: Sequence[tuple[Claim, Sequence[float]]], tokens: Tokens) -> None:
    """Write curves in place of what was stored of them."""
    # With points to write the flag alone is not enough: the same report, with an answer that was lost, may
    # have been under way when the token was read.
    drop_curves(tx, [claim.trial_id for claim, curve in curves if curve or tokens[claim].reported])
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
