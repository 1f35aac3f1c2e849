"""What every way of handing out a trial does: open an attempt, close an attempt, read parameters."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.space import Space, complete
from hpsearch.store.records.records import Claim, Spent, Study
from hpsearch.store.schema.tables import ATTEMPTS, Optuna, add_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One claim: who claims, of which study, in which transaction.

    Attributes:
        connection: The transaction.
        tables: Optuna's tables.
        study: The study.
        space: Its search space.
        worker_id: Who claims.
        token: The new claims' token; no other claim has it.
        clock: The database's clock, since the study is held against others.
        lease_s: A claim lives so long after its last sign of life.
        spent: Where the worker's time went so far.
    """

    connection: Connection
    tables: Optuna
    study: Study
    space: Space
    worker_id: int
    token: str
    clock: float
    lease_s: float
    spent: Spent = None

    def claim(self, trial_id: int, number: int, attempt: int, internal: tuple[float, ...]) -> Claim:
        """Return a claim with this desk's token."""
        return Claim(trial_id=trial_id, number=number, attempt=attempt, token=self.token, internal=internal)


def open_attempts(desk: Desk, claims: Sequence[Claim]) -> None:
    """Write down who holds trials from now on."""
    if not claims:
        return
    common = {
        "study_id": desk.study.study_id,
        "worker_id": desk.worker_id,
        "claimed_at": desk.clock,
        "lease_until": desk.clock + desk.lease_s,
        "open": True,
        "alone": len(claims) == 1,
    }
    names = ("trial_id", "attempt", "number", "token")
    rows = [common | {name: getattr(c, name) for name in names} for c in claims]
    add_rows(desk.connection, ATTEMPTS, rows)


def close_attempt(desk: Desk, *, trial_id: int, attempt: int, **values: object) -> None:
    """Write down that an attempt is not the trial's latest any more, or that the trial is settled."""
    row = sa.update(ATTEMPTS).where(ATTEMPTS.c.trial_id == trial_id, ATTEMPTS.c.attempt == attempt)
    desk.connection.execute(row.values(open=False, **values))


def insert_params(desk: Desk, rows: Iterable[tuple[int, Sequence[float]]]) -> None:
    """Write the internal parameters of trials, by their keys; none where a parameter is not active."""
    distributions = _distributions(desk.space)
    params = [
        {"trial_id": trial_id, "param_name": name, "param_value": value, "distribution_json": text}
        for trial_id, internal in rows
        for (name, text), value in zip(distributions, internal, strict=True)
        if not math.isnan(value)
    ]
    add_rows(desk.connection, desk.tables.trial_params, params)


@lru_cache(maxsize=16)
def _distributions(space: Space) -> Sequence[tuple[str, str]]:
    """Return names and Optuna's distributions of the parameters."""
    return [(p.name, p.distribution()) for p in space]


def read_params(desk: Desk, trial_ids: Sequence[int]) -> Mapping[int, tuple[float, ...]]:
    """Return the internal parameters of trials, by their keys; a trial that lacks one is left out."""
    table = desk.tables.trial_params
    query = sa.select(table.c.trial_id, table.c.param_name, table.c.param_value)
    found: dict[int, dict[str, float]] = {trial_id: {} for trial_id in trial_ids}
    for trial_id, name, value in desk.connection.execute(query.where(table.c.trial_id.in_(trial_ids))):
        found[trial_id][name] = float(value)
    names = desk.space.names
    points = {
        trial_id: tuple(values.get(name, math.nan) for name in names) for trial_id, values in found.items()
    }
    return {
        trial_id: point for trial_id, point in points.items() if complete(desk.space, np.array([point])).all()
    }
