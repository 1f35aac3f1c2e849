"""The context of a claim, and what every claim does: open and close attempts, read and write parameters."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import sqlalchemy as sa

from hpsearch.search import may_start
from hpsearch.space import Space, complete
from hpsearch.store.attempts.study_row import StudyRow
from hpsearch.store.records.records import Claim, Spent, Study
from hpsearch.store.schema.tables import ATTEMPTS
from hpsearch.store.schema.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimContext:
    """One claim: which worker claims trials of which study, in which transaction.

    Attributes:
        tx: The transaction; its token is that of the new claims.
        study: The study.
        row: Its row, locked until the end of the transaction.
        worker_id: The worker that claims.
        spent: Where the worker's time went so far.
    """

    tx: Transaction
    study: Study
    row: StudyRow
    worker_id: int
    spent: Spent = None

    @property
    def clock(self) -> float:
        """The database's clock, read after the study was locked."""
        return self.row.clock

    @property
    def space(self) -> Space:
        """The study's search space."""
        return self.study.space

    def may_start(self, number: int) -> bool:
        """Return whether every trial that trial ``number`` may see is settled."""
        prefix, parallelism = self.row.settled_prefix, self.study.parallelism
        return may_start(number, settled_prefix=prefix, parallelism=parallelism)

    def claim(self, trial_id: int, number: int, attempt: int, internal: tuple[float, ...]) -> Claim:
        """Return a claim with the token of this one."""
        token = self.tx.token
        return Claim(trial_id=trial_id, number=number, attempt=attempt, token=token, internal=internal)


def open_attempts(context: ClaimContext, claims: Sequence[Claim]) -> None:
    """Write the attempts by which a worker holds trials from now on."""
    if not claims:
        return
    common = {
        "study_id": context.study.study_id,
        "worker_id": context.worker_id,
        "claimed_at": context.clock,
        "lease_until": context.clock + context.tx.lease_s,
        "open": True,
        "alone": len(claims) == 1,
    }
    names = ("trial_id", "attempt", "number", "token")
    rows = [common | {name: getattr(c, name) for name in names} for c in claims]
    context.tx.add(ATTEMPTS, rows)


def close_attempt(context: ClaimContext, *, trial_id: int, attempt: int, **values: object) -> None:
    """Note that an attempt is not the trial's latest any more, or that the trial is settled."""
    row = sa.update(ATTEMPTS).where(ATTEMPTS.c.trial_id == trial_id, ATTEMPTS.c.attempt == attempt)
    context.tx.execute(row.values(open=False, **values))


def insert_params(context: ClaimContext, rows: Iterable[tuple[int, Sequence[float]]]) -> None:
    """Write the internal parameters of trials, by their keys; none where a parameter is not active."""
    distributions = _distributions(context.space)
    params = [
        {"trial_id": trial_id, "param_name": name, "param_value": value, "distribution_json": text}
        for trial_id, internal in rows
        for (name, text), value in zip(distributions, internal, strict=True)
        if not math.isnan(value)
    ]
    context.tx.add(context.tx.tables.trial_params, params)


@lru_cache(maxsize=16)
def _distributions(space: Space) -> Sequence[tuple[str, str]]:
    """Return names and Optuna's distributions of the parameters."""
    return [(p.name, p.distribution()) for p in space]


def read_params(context: ClaimContext, trial_ids: Sequence[int]) -> Mapping[int, tuple[float, ...]]:
    """Return the internal parameters of trials, by their keys; a trial that lacks one is left out."""
    table = context.tx.tables.trial_params
    query = sa.select(table.c.trial_id, table.c.param_name, table.c.param_value)
    found: dict[int, dict[str, float]] = {trial_id: {} for trial_id in trial_ids}
    for trial_id, name, value in context.tx.execute(query.where(table.c.trial_id.in_(trial_ids))):
        found[trial_id][name] = float(value)
    names = context.space.names
    points = {
        trial_id: tuple(values.get(name, math.nan) for name in names) for trial_id, values in found.items()
    }
    return {
        trial_id: point
        for trial_id, point in points.items()
        if complete(context.space, np.array([point])).all()
    }
