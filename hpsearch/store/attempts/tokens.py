"""The state of the tokens of claims: a valid token holds its trial."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hpsearch.store.records.records import Claim
from hpsearch.store.schema.tables import ATTEMPTS, CHECKPOINTS, AttemptOutcome, Optuna, prepared
from hpsearch.store.schema.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TokenState:
    """The state of the token of one claim.

    Attributes:
        outcome: How it ended; ``None`` while it holds its trial.
        saved: Whether there is a checkpoint of its trial.
    """

    outcome: AttemptOutcome | None
    saved: bool = False

    @property
    def held(self) -> bool:
        """Whether the claim holds its trial."""
        return self.outcome is None


def read_tokens(tx: Transaction, claims: Sequence[Claim]) -> dict[Claim, TokenState]:
    """Return the state of each claim's token; the rows of attempts and trials are locked.

    A claim whose token is not the attempt's, or whose trial was settled by hand, is overruled. One that has
    expired and was not taken over still holds its trial: its worker was away, not dead.
    """
    which = {"trial_ids": [claim.trial_id for claim in claims]}
    found = tx.execute(_attempts(tx.tables), which)
    rows = {(row.trial_id, row.attempt, row.token): row for row in found}
    return {claim: _token_state(rows.get((claim.trial_id, claim.attempt, claim.token))) for claim in claims}


def _token_state(row: Any) -> TokenState:
    if row is None:
        return TokenState(AttemptOutcome.OVERRULED)
    if row.outcome not in {None, AttemptOutcome.EXPIRED}:
        return TokenState(AttemptOutcome(row.outcome))
    if row.open and row.state == "RUNNING":
        return TokenState(None, saved=row.saved)
    return TokenState(AttemptOutcome.OVERRULED)


@prepared
def _attempts(tables: Optuna) -> sa.Select[Any]:
    trials = tables.trials
    names = ("trial_id", "attempt", "token", "outcome", "open")
    # A question to an index in passing: a statement of its own would cost each result a round trip.
    saved = sa.exists().where(CHECKPOINTS.c.trial_id == ATTEMPTS.c.trial_id).label("saved")
    return (
        sa.select(*(ATTEMPTS.c[name] for name in names), trials.c.state, saved)
        .join(trials, trials.c.trial_id == ATTEMPTS.c.trial_id)
        .where(ATTEMPTS.c.trial_id.in_(sa.bindparam("trial_ids", expanding=True)))
        .order_by(ATTEMPTS.c.trial_id)
        .with_for_update(of=[ATTEMPTS, trials])
    )
