"""Handing out trials: orphaned ones first, then new ones as far as budget and horizon reach."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import NotFoundError
from hpsearch.search import Proposal, TrialState, may_start
from hpsearch.spec import Space
from hpsearch.store.database import now
from hpsearch.store.records import Claim, Result, Schedule, Study
from hpsearch.store.results import (
    LEASE_S,
    attribute,
    beat,
    drop_curves,
    settle,
    to_datetime,
)
from hpsearch.store.tables import ATTEMPTS, ROUNDS, STUDIES, Optuna

EXPIRED_MOST = 10
"""A trial whose worker died so often fails for good: it may be what kills them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One claim: who claims, of which study, in which transaction.

    Attributes:
        connection: The transaction.
        tables: Optuna's tables.
        study: The study.
        space: Its search space.
        worker_id: Who claims.
        clock: The database's clock when the transaction began.
    """

    connection: Connection
    tables: Optuna
    study: Study
    space: Space
    worker_id: int
    clock: float


def schedule(connection: Connection, study: Study) -> Schedule:
    """Return where a study stands, as far as the next claim is concerned."""
    query = sa.select(STUDIES.c.admitted).where(STUDIES.c.study_id == study.study_id)
    admitted = int(connection.scalar(query) or 0)
    count = sa.select(sa.func.min(ATTEMPTS.c.number), sa.func.count())
    first, unsettled = connection.execute(count.where(*_open(study))).one()
    orphans = count.where(*_open(study), _orphaned(now(connection)))
    return Schedule(
        admitted=admitted,
        settled_prefix=admitted if first is None else int(first),
        orphans=int(connection.execute(orphans).one()[1]),
        unsettled=int(unsettled),
    )


def claim(desk: Desk, proposals: Sequence[Proposal], *, limit: int) -> list[Claim]:
    """Hand out at most ``limit`` trials: orphaned ones first, then new ones.

    A proposal is admitted when its number is the next free one, the budget is not spent, and every
    trial up to ``number - parallelism`` is settled; any other proposal is left alone. Under two
    callers each trial goes to one of them.

    Raises:
        NotFoundError: Somebody has deleted the study.
    """
    lock = sa.select(STUDIES.c.study_id).where(STUDIES.c.study_id == desk.study.study_id)
    desk.connection.execute(lock.with_for_update())
    _expect_study(desk)
    claims = _reissue(desk, limit)
    standing = schedule(desk.connection, desk.study)
    admissible = _admissible(desk.study, standing, proposals)[: limit - len(claims)]
    if admissible:
        claims += _admit(desk, admissible)
    beat(desk.connection, desk.worker_id, desk.clock)
    return claims


def _expect_study(desk: Desk) -> None:
    table = desk.tables.studies
    query = sa.select(table.c.study_id).where(table.c.study_id == desk.study.study_id)
    if desk.connection.scalar(query) is None:
        raise NotFoundError(f"study {desk.study.name!r} was deleted from the database while it was worked on")


def _admissible(study: Study, standing: Schedule, proposals: Sequence[Proposal]) -> list[Proposal]:
    found: list[Proposal] = []
    for proposal in proposals:
        number = standing.admitted + len(found)
        if proposal.number == number < study.budget and may_start(
            number, settled_prefix=standing.settled_prefix, parallelism=study.parallelism
        ):
            found.append(proposal)
    return found


def _reissue(desk: Desk, limit: int) -> list[Claim]:
    """Take over at most ``limit`` trials that no living attempt holds."""
    query = (
        sa.select(ATTEMPTS.c.trial_id, ATTEMPTS.c.attempt, ATTEMPTS.c.number)
        .where(*_open(desk.study), _orphaned(desk.clock))
        .order_by(ATTEMPTS.c.number)
        .limit(limit)
    )
    claims = []
    orphans = desk.connection.execute(query).all()
    drop_curves(desk.connection, desk.tables, [trial_id for trial_id, _, _ in orphans])
    for trial_id, attempt, number in orphans:
        _close(desk, trial_id, attempt)
        if _is_exhausted(desk, trial_id):
            lost = Result(state=TrialState.FAILED, value=None, reason=f"its worker died {EXPIRED_MOST} times")
            settle(desk.connection, desk.tables, [(trial_id, lost)], desk.clock)
        else:
            internal = _internal(desk, trial_id)
            claims.append(_new_claim(trial_id, number, attempt + 1, internal))
    _open_attempts(desk, claims)
    return claims


def _close(desk: Desk, trial_id: int, attempt: int) -> None:
    row = sa.update(ATTEMPTS).where(ATTEMPTS.c.trial_id == trial_id, ATTEMPTS.c.attempt == attempt)
    ended = {
        "outcome": sa.func.coalesce(ATTEMPTS.c.outcome, "expired"),
        "ended_at": sa.func.coalesce(ATTEMPTS.c.ended_at, desk.clock),
        "open": False,
    }
    desk.connection.execute(row.values(ended))


def _is_exhausted(desk: Desk, trial_id: int) -> bool:
    query = sa.select(sa.func.count()).where(ATTEMPTS.c.trial_id == trial_id, ATTEMPTS.c.outcome == "expired")
    return int(desk.connection.scalar(query) or 0) >= EXPIRED_MOST


def _internal(desk: Desk, trial_id: int) -> tuple[float, ...]:
    table = desk.tables.trial_params
    query = sa.select(table.c.param_name, table.c.param_value).where(table.c.trial_id == trial_id)
    values = {name: float(value) for name, value in desk.connection.execute(query)}
    return tuple(values[name] for name in desk.space.names)


def _admit(desk: Desk, proposals: Sequence[Proposal]) -> list[Claim]:
    """Give the next free numbers to proposals that carry them."""
    connection, tables = desk.connection, desk.tables
    ids = _insert_trials(desk, [p.number for p in proposals])
    distributions = [(p.name, p.distribution()) for p in desk.space]
    params = [
        {"trial_id": ids[p.number], "param_name": name, "param_value": value, "distribution_json": text}
        for p in proposals
        for (name, text), value in zip(distributions, p.internal, strict=True)
    ]
    connection.execute(sa.insert(tables.trial_params), params)
    stages = [attribute(ids[p.number], "stage", p.stage) for p in proposals]
    connection.execute(sa.insert(tables.trial_user_attributes), stages)
    claims = [_new_claim(ids[p.number], p.number, 1, p.internal) for p in proposals]
    _open_attempts(desk, claims)
    _open_rounds(desk, proposals)
    study = sa.update(STUDIES).where(STUDIES.c.study_id == desk.study.study_id)
    connection.execute(study.values(admitted=proposals[-1].number + 1))
    return claims


def _insert_trials(desk: Desk, numbers: Sequence[int]) -> dict[int, int]:
    """Insert running trials; return number -> key."""
    table = desk.tables.trials
    common = {
        "study_id": desk.study.study_id,
        "state": "RUNNING",
        "datetime_start": to_datetime(desk.clock),
    }
    query = sa.insert(table).returning(table.c.number, table.c.trial_id)
    rows = desk.connection.execute(query, [common | {"number": number} for number in numbers])
    return {int(number): int(trial_id) for number, trial_id in rows}


def _open_attempts(desk: Desk, claims: Sequence[Claim]) -> None:
    if claims:
        common = {
            "study_id": desk.study.study_id,
            "worker_id": desk.worker_id,
            "claimed_at": desk.clock,
            "lease_until": desk.clock + LEASE_S,
            "open": True,
        }
        names = ("trial_id", "attempt", "number", "token")
        rows = [common | {name: getattr(c, name) for name in names} for c in claims]
        desk.connection.execute(sa.insert(ATTEMPTS), rows)


def _open_rounds(desk: Desk, proposals: Sequence[Proposal]) -> None:
    rows = [
        {
            "study_id": desk.study.study_id,
            "first_number": p.number,
            "stage": p.stage,
            "low": list(p.opens.low),
            "high": list(p.opens.high),
            "reason": p.opens.reason,
        }
        for p in proposals
        if p.opens is not None
    ]
    if rows:
        desk.connection.execute(sa.insert(ROUNDS), rows)


def _new_claim(trial_id: int, number: int, attempt: int, internal: tuple[float, ...]) -> Claim:
    token = secrets.token_hex(16)
    return Claim(trial_id=trial_id, number=number, attempt=attempt, token=token, internal=internal)


def _open(study: Study) -> tuple[sa.ColumnElement[bool], ...]:
    return ATTEMPTS.c.study_id == study.study_id, ATTEMPTS.c.open


def _orphaned(clock: float) -> sa.ColumnElement[bool]:
    return sa.or_(ATTEMPTS.c.outcome.is_not(None), ATTEMPTS.c.lease_until <= clock)
