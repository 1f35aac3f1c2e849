"""Giving the next free numbers to trials, as far as budget and horizon reach."""

from collections.abc import Sequence

import sqlalchemy as sa

from hpsearch.search import Proposal, may_start
from hpsearch.store.board import Board
from hpsearch.store.desk import Desk, insert_params
from hpsearch.store.records import Claim
from hpsearch.store.results import attribute, to_datetime
from hpsearch.store.strangers import adopt
from hpsearch.store.tables import ROUNDS, STUDIES, add_rows

_STUDY = sa.update(STUDIES).where(STUDIES.c.study_id == sa.bindparam("study"))


def admit(desk: Desk, board: Board, proposals: Sequence[Proposal], *, limit: int) -> list[Claim]:
    """Give the next free numbers to at most ``limit`` trials.

    Trials that were added through Optuna have their numbers already and come first; the proposals were made
    without a look at them, so they wait for the next claim.
    """
    if board.strangers:
        adopted = adopt(desk, board, proposals, limit=limit)
        admitted, newest, claims = adopted.admitted, adopted.newest_trial_id, adopted.claims
    else:
        claims = _insert(desk, _admissible(desk, board, proposals)[:limit])
        admitted = board.admitted + len(claims)
        newest = max((claim.trial_id for claim in claims), default=0)
    if newest:
        change = {"study": desk.study.study_id, "admitted": admitted, "newest_trial_id": newest}
        desk.connection.execute(_STUDY, change)
    numbers = {claim.number for claim in claims}
    _open_rounds(desk, [p for p in proposals if p.number in numbers])
    return claims


def _admissible(desk: Desk, board: Board, proposals: Sequence[Proposal]) -> list[Proposal]:
    found: list[Proposal] = []
    for proposal in proposals:
        number = board.admitted + len(found)
        starts = may_start(number, settled_prefix=board.settled_prefix, parallelism=desk.study.parallelism)
        if proposal.number == number < board.end and starts:
            found.append(proposal)
    return found


def _insert(desk: Desk, proposals: Sequence[Proposal]) -> list[Claim]:
    """Write down running trials with their parameters and stages."""
    if not proposals:
        return []
    common = {
        "study_id": desk.study.study_id,
        "state": "RUNNING",
        "datetime_start": to_datetime(desk.clock),
    }
    numbers = [common | {"number": p.number} for p in proposals]
    rows = add_rows(desk.connection, desk.tables.trials, numbers, "number", "trial_id")
    ids = {int(row.number): int(row.trial_id) for row in rows}
    insert_params(desk, [(ids[p.number], p.internal) for p in proposals])
    stages = [attribute(ids[p.number], "stage", p.stage) for p in proposals]
    add_rows(desk.connection, desk.tables.trial_user_attributes, stages)
    return [desk.claim(ids[p.number], p.number, 1, p.internal) for p in proposals]


def _open_rounds(desk: Desk, proposals: Sequence[Proposal]) -> None:
    rows = [
        {
            "study_id": desk.study.study_id,
            "first_number": p.number,
            "stage": p.stage,
            "low": list(p.opens.low),
            "high": list(p.opens.high),
            "reason": p.opens.reason,
            "evidence": {name: dict(numbers) for name, numbers in p.opens.evidence.items()},
        }
        for p in proposals
        if p.opens is not None
    ]
    if rows:
        desk.connection.execute(sa.insert(ROUNDS), rows)
