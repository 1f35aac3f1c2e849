"""Whether claims still hold their trials."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.store.records.records import Claim
from hpsearch.store.schema.tables import ATTEMPTS, CHECKPOINTS, Optuna, Outcome, prepared


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a claim stands.

    Attributes:
        outcome: How it ended; ``None`` while it holds its trial.
        saved: Whether there is a checkpoint of its trial.
    """

    outcome: Outcome | None
    saved: bool = False

    @property
    def held(self) -> bool:
        """Whether the claim holds its trial."""
        return self.outcome is None


def read_standing(connection: Connection, tables: Optuna, claims: Sequence[Claim]) -> dict[Claim, Standing]:
    """Return where each claim stands; the rows of attempts and trials are locked.

    A claim whose token is not the attempt's, or whose trial somebody settled by hand, is overruled. One that
    has expired and that nobody has taken over still holds its trial: its worker was away, not dead.
    """
    which = {"trial_ids": [claim.trial_id for claim in claims]}
    found = connection.execute(_attempts(tables), which)
    rows = {(row.trial_id, row.attempt, row.token): row for row in found}
    return {claim: _standing(rows.get((claim.trial_id, claim.attempt, claim.token))) for claim in claims}


def _standing(row: Any) -> Standing:
    if row is None:
        return Standing(Outcome.OVERRULED)
    if row.outcome not in {None, Outcome.EXPIRED}:
        return Standing(Outcome(row.outcome))
    if row.open and row.state == "RUNNING":
        return Standing(None, saved=row.saved)
    return Standing(Outcome.OVERRULED)


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
