"""The state of the tokens of claims: a valid token holds its trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hpsearch.store.database.columns import among
from hpsearch.store.database.connection import CLOCKS
from hpsearch.store.records.records import Claim
from hpsearch.store.schema.tables import ATTEMPTS, CHECKPOINTS, STUDIES, AttemptOutcome, Optuna, prepared
from hpsearch.store.schema.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TokenState:
    """The state of the token of one claim.

    Attributes:
        outcome: How it ended; ``None`` while it holds its trial.
        saved: Whether there is a checkpoint of its trial.
        reported: Whether a point of its trial's curve is stored.
    """

    outcome: AttemptOutcome | None
    saved: bool = False
    reported: bool = False

    @property
    def held(self) -> bool:
        """Whether the claim holds its trial."""
        return self.outcome is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The state of tokens, and what is read with them in one go.

    Attributes:
        states: The state of each claim's token.
        clock: The database's clock when they were read.
        control: What the workers of the study are to do; ``None`` where no claim is known.
    """

    states: Mapping[Claim, TokenState]
    clock: float
    control: str | None

    def __getitem__(self, claim: Claim) -> TokenState:
        return self.states[claim]


def read_tokens(tx: Transaction, claims: Sequence[Claim]) -> Tokens:
    """Return the state of each claim's token; the rows of attempts and trials are locked.

    A claim whose token is not the attempt's, or whose trial was settled by hand, is overruled. One that has
    expired and was not taken over still holds its trial: its worker was away, not dead.
    """
    which = {"trial_ids": [claim.trial_id for claim in claims]}
    found = tx.execute(_attempts(tx.tables, tx.dialect), which).all()
    rows = {(row.trial_id, row.attempt, row.token): row for row in found}
    states = {c: _token_state(rows.get((c.trial_id, c.attempt, c.token))) for c in claims}
    if not found:
        return Tokens(states=states, clock=tx.clock(), control=None)
    return Tokens(states=states, clock=float(found[0].clock), control=found[0].control)


def _token_state(row: Any) -> TokenState:
    if row is None:
        return TokenState(AttemptOutcome.OVERRULED)
    if row.outcome not in {None, AttemptOutcome.EXPIRED}:
        return TokenState(AttemptOutcome(row.outcome))
    if row.open and row.state == "RUNNING":
        return TokenState(None, saved=row.saved, reported=row.reported)
    return TokenState(AttemptOutcome.OVERRULED)


@prepared
def _attempts(tables: Optuna, dialect: str) -> sa.Select[Any]:
    trials, points, search = tables.trials, tables.trial_intermediate_values, STUDIES.alias("search")
    names = ("trial_id", "attempt", "token", "outcome", "open")
    mine = among(ATTEMPTS.c.trial_id, "trial_ids", dialect)
    # Questions to an index in passing: statements of their own would cost each result a round trip.
    saved = sa.exists().where(CHECKPOINTS.c.trial_id == ATTEMPTS.c.trial_id).label("saved")
    reported = sa.exists().where(points.c.trial_id == ATTEMPTS.c.trial_id).label("reported")
    control = (
        sa.select(search.c.control)
        .join(STUDIES, STUDIES.c.search_id == search.c.study_id)
        .where(STUDIES.c.study_id == ATTEMPTS.c.study_id)
        .scalar_subquery()
        .label("control")
    )
    clock = CLOCKS[dialect].label("clock")
    return (
        sa.select(*(ATTEMPTS.c[name] for name in names), trials.c.state, saved, reported, clock, control)
        .join(trials, trials.c.trial_id == ATTEMPTS.c.trial_id)
        .where(mine)
        .order_by(ATTEMPTS.c.trial_id)
        .with_for_update(of=[ATTEMPTS, trials])
    )
