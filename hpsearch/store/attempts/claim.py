"""Handing out trials: orphaned ones first, then new ones as far as budget and horizon reach."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from hpsearch.search import Proposal, TrialState
from hpsearch.store.attempts.admit import Admission, Further, admit
from hpsearch.store.attempts.adopt import settled_by_hand
from hpsearch.store.attempts.attempts import Desk, close_attempt, open_attempts, read_params
from hpsearch.store.attempts.checkpoints import drop_checkpoints
from hpsearch.store.attempts.finish import beat, drop_curves, settle
from hpsearch.store.attempts.open_attempts import Held
from hpsearch.store.attempts.study_row import Board, expire
from hpsearch.store.database.postgres import at_once
from hpsearch.store.records.records import Claim, Result
from hpsearch.store.schema.tables import ATTEMPTS, Control, Outcome

DEATHS = (Outcome.EXPIRED, Outcome.CRASHED)


def claim(  # noqa: PLR0913 - one verb
    desk: Desk,
    board: Board,
    proposals: Sequence[Proposal],
    *,
    limit: int,
    reopened: int,
    until: int | None = None,
    further: Further | None = None,
) -> list[Claim]:
    """Hand out at most ``limit`` trials: orphaned ones first, then new ones.

    A trial whose worker died is handed out with no other, so that one that kills its workers takes no
    neighbour with it. A proposal is admitted when its number is the next free one, the budget is not spent,
    and every trial up to ``number - parallelism`` is settled; any other proposal is left alone, and all are
    when they come from a history with another count of ``reopened`` trials, from other terms, or from one
    without a trial that was added through Optuna and taken in since. Under two
    callers each trial goes to one of them. Called again with the same token, because the answer was lost, it
    answers the same.

    Args:
        desk: Who claims.
        board: Where the study stands; held against others.
        proposals: What the next numbers may try.
        limit: At most so many are handed out.
        reopened: That of the history which the proposals were made from.
        until: The first number that a rule of the study might not let begin; ``None`` when none looks at
            results.
        further: Gives more proposals from the same history, for numbers below another one; asked when all
            of theirs are taken.
    """
    if before := [held for held in board.waiting if held.token == desk.token]:
        return _with_params(desk, before)
    if board.control is not Control.RUN or limit < 1:
        beat(desk.connection, desk.worker_id, desk.clock, desk.spent)
        return []
    for held in board.waiting:
        if held.overruled:
            digest = settled_by_hand(desk, held.trial_id, held.number)
            _close(desk, held, outcome=Outcome.OVERRULED, ended_at=desk.clock, digest=digest)
            drop_checkpoints(desk.connection, [held.trial_id])
    suspects, others = _orphans(desk, board)
    if suspects and (not others or suspects[0].number < others[0].number):
        others, limit = suspects, 1
    claims, admission = _take_over(desk, others[:limit]), Admission.nothing()
    if len(claims) < limit and (board.reopened, board.changes) == (reopened, desk.study.changes):
        asked = board if until is None else replace(board, budget=min(board.budget, until))
        admission = admit(desk, asked, proposals, limit=limit - len(claims), further=further)
        claims += admission.claims
    with at_once(desk.connection):
        admission.write(desk)
        open_attempts(desk, claims)
        beat(desk.connection, desk.worker_id, desk.clock, desk.spent)
    return claims


def _with_params(desk: Desk, held: Sequence[Held]) -> list[Claim]:
    internal = read_params(desk, [h.trial_id for h in held])
    return [desk.claim(h.trial_id, h.number, h.attempt, internal[h.trial_id]) for h in held]


def _close(desk: Desk, held: Held, **values: object) -> None:
    close_attempt(desk, trial_id=held.trial_id, attempt=held.attempt, **values)


def _orphans(desk: Desk, board: Board) -> tuple[list[Held], list[Held]]:
    """Return the trials that wait to be taken over: those whose worker has died before, and the others.

    A trial that has had all its attempts, or that nobody can train, fails for good here.
    """
    orphans = [held for held in board.waiting if held.orphaned and not held.overruled]
    if not orphans:
        return [], []
    expire(desk.connection, desk.clock, *_lapsed(desk))
    keys = [held.trial_id for held in orphans]
    params, deaths = read_params(desk, keys), _deaths(desk, keys)
    suspects: list[Held] = []
    others: list[Held] = []
    for held in orphans:
        died, died_alone = deaths.get(held.trial_id, (0, 0))
        if held.trial_id not in params:
            _give_up(desk, held, (), "it was asked for through Optuna and never told")
        elif died_alone >= desk.study.attempts:
            reason = f"given up after {died_alone} attempts alone: {_cause(desk, held)}"
            _give_up(desk, held, params[held.trial_id], reason)
        else:
            (suspects if died else others).append(held)
    return suspects, others


def _lapsed(desk: Desk) -> tuple[sa.ColumnElement[bool], ...]:
    return ATTEMPTS.c.study_id == desk.study.study_id, ATTEMPTS.c.lease_until <= desk.clock


def _deaths(desk: Desk, trial_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return trial key -> how many attempts have died, and how many of them with no other trial in hand."""
    alone = sa.func.sum(sa.case((ATTEMPTS.c.alone, 1), else_=0))
    query = (
        sa.select(ATTEMPTS.c.trial_id, sa.func.count(), alone)
        .where(ATTEMPTS.c.trial_id.in_(trial_ids), ATTEMPTS.c.outcome.in_(DEATHS))
        .group_by(ATTEMPTS.c.trial_id)
    )
    return {
        trial_id: (int(died), int(died_alone))
        for trial_id, died, died_alone in desk.connection.execute(query)
    }


def _give_up(desk: Desk, held: Held, internal: tuple[float, ...], reason: str) -> None:
    lost = Result(state=TrialState.FAILED, value=None, reason=reason)
    claim = desk.claim(held.trial_id, held.number, held.attempt, internal)
    drop_curves(desk.connection, desk.tables, [held.trial_id])
    drop_checkpoints(desk.connection, [held.trial_id])
    settle(desk.connection, desk.tables, [(claim, lost)], desk.clock)
    _close(desk, held, digest=settled_by_hand(desk, held.trial_id, held.number))


def _cause(desk: Desk, held: Held) -> str:
    """Return how the last attempt of a trial ended."""
    last = (ATTEMPTS.c.trial_id == held.trial_id, ATTEMPTS.c.attempt == held.attempt)
    crashed = ATTEMPTS.c.outcome == Outcome.CRASHED
    note = desk.connection.scalar(sa.select(ATTEMPTS.c.note).where(*last, crashed))
    return f"its training raised {note}" if note else "its worker died"


def _take_over(desk: Desk, orphans: Sequence[Held]) -> list[Claim]:
    """Give trials that no living worker holds to this one; what dead attempts reported is dropped."""
    if not orphans:
        return []
    drop_curves(desk.connection, desk.tables, [held.trial_id for held in orphans])
    for held in orphans:
        _close(desk, held)
    return [replace(claim, attempt=claim.attempt + 1) for claim in _with_params(desk, orphans)]
