"""Checkpoints of trials whose training was cut short: one row a trial, until the trial is settled."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hpsearch.store.attempts.tokens import read_tokens
from hpsearch.store.database.columns import among
from hpsearch.store.records.records import Claim, Study
from hpsearch.store.schema.tables import CHECKPOINTS, prepared
from hpsearch.store.schema.transaction import Transaction

_MINE = CHECKPOINTS.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True))
_NAMES = ("trial_id", "attempt", "curve", "digest", "data")
_READ = sa.select(*(CHECKPOINTS.c[name] for name in _NAMES)).where(_MINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCheckpoint:
    """A checkpoint of a trial, as the ledger stores it.

    Attributes:
        trial_id: The trial's key.
        attempt: Which of its attempts got there.
        curve: Its curve until then: a value an epoch.
        digest: SHA-256 of its lane's state, 64 hexadecimal digits.
        data: That state; ``None`` where the study's artifact store holds it.
    """

    trial_id: int
    attempt: int
    curve: tuple[float, ...]
    digest: str
    data: bytes | None

    @property
    def artifact(self) -> str:
        """The name of the state in the artifact store; no other attempt and no other state has it."""
        return f"checkpoints/{self.trial_id}-{self.attempt}-{self.digest}"


def save_checkpoints(
    tx: Transaction, study: Study, saved: Sequence[tuple[Claim, StoredCheckpoint]]
) -> list[Claim]:
    """Store checkpoints of trials, in place of earlier ones; return the claims whose checkpoints were taken.

    Only who holds a trial may: under two callers that is the one with the latest token, and what the other
    brings is left out. Called again, because the answer was lost, it changes nothing.
    """
    tokens = read_tokens(tx, [claim for claim, _ in saved])
    taken = [(claim, where) for claim, where in saved if tokens[claim].held]
    drop_checkpoints(tx, [claim.trial_id for claim, _ in taken if tokens[claim].saved])
    common = {"study_id": study.study_id, "saved_at": tokens.clock}
    rows = [
        common
        | {name: getattr(where, name) for name in _NAMES}
        | {"epoch": len(where.curve), "curve": list(where.curve)}
        for _, where in taken
    ]
    if rows:
        tx.execute(sa.insert(CHECKPOINTS), rows)
    return [claim for claim, _ in taken]


def read_checkpoints(tx: Transaction, claims: Sequence[Claim]) -> dict[Claim, StoredCheckpoint]:
    """Return the checkpoints of claimed trials; a trial without one is left out."""
    found = tx.execute(_READ, {"trial_ids": [claim.trial_id for claim in claims]})
    saved = {row.trial_id: StoredCheckpoint(**row._asdict() | {"curve": tuple(row.curve)}) for row in found}
    return {claim: saved[claim.trial_id] for claim in claims if claim.trial_id in saved}


def drop_checkpoints(tx: Transaction, trial_ids: Sequence[int]) -> None:
    """Delete the checkpoints of trials that are settled, or that begin anew."""
    if trial_ids:
        tx.write(_drop(tx.dialect), {"trial_ids": trial_ids})


@prepared
def _drop(dialect: str) -> sa.Delete:
    return sa.delete(CHECKPOINTS).where(among(CHECKPOINTS.c.trial_id, "trial_ids", dialect))
