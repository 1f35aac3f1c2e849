"""The claim: a worker takes trials, orphaned ones first, then new ones as far as budget and horizon reach."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from hpsearch.search import TrialState
from hpsearch.store.attempts.admit import Admission, Further, admit
from hpsearch.store.attempts.adopt import settled_by_hand
from hpsearch.store.attempts.attempts import ClaimContext, close_attempt, open_attempts, read_params
from hpsearch.store.attempts.checkpoints import drop_checkpoints
from hpsearch.store.attempts.finish import beat, drop_curves, settle
from hpsearch.store.attempts.open_attempts import OpenAttempt, expire
from hpsearch.store.attempts.study_row import read_row
from hpsearch.store.records.records import Claim, Result, Spent, Study
from hpsearch.store.schema.tables import ATTEMPTS, AttemptOutcome, Control
from hpsearch.store.schema.transaction import Transaction

if TYPE_CHECKING:
    from hpsearch.search import Proposal

DEATHS = (AttemptOutcome.EXPIRED, AttemptOutcome.CRASHED)


def claim(  # noqa: PLR0913 - one verb
    tx: Transaction,
    study: Study,
    *,
    worker_id: int,
    proposals: Sequence["Proposal"],
    limit: int,
    reopened: int = 0,
    until: int | None = None,
    further: Further | None = None,
    spent: Spent = None,
) -> list[Claim]:
    """Hand out at most ``limit`` trials: orphaned ones first, then new ones.

    A trial whose worker died is handed out with no other, so that one that kills its workers takes no
    neighbour with it. A proposal is admitted when its number is the next free one, the budget is not spent,
    and every trial up to ``number - parallelism`` is settled; any other proposal is left alone, and all are
    when they come from a history with another count of ``reopened`` trials, from other terms, or from one
    without a trial that was added through Optuna and adopted since. Under two callers each trial goes to one
    of them. Called again with the same token, because the answer was lost, it answers the same.

    Args:
        tx: The transaction; its token is that of the new claims.
        study: The study.
        worker_id: The worker that claims.
        proposals: What the next numbers may try.
        limit: At most so many trials are handed out.
        reopened: That of the history which the proposals were made from.
        until: The first number that a rule of the study might not let begin; ``None`` when no rule looks at
            results.
        further: Gives more proposals from the same history, for numbers below another one; asked while the
            study is locked, when other workers have taken the numbers of all ``proposals`` meanwhile.
        spent: Where the worker's time went so far.
    """
    row = read_row(tx, study, lock=True, keys=limit)
    context = ClaimContext(tx=tx, study=study, row=row, worker_id=worker_id, spent=spent)
    # An earlier try of this call was committed and its answer lost: the trials are this worker's already.
    if before := [attempt for attempt in row.waiting if attempt.token == tx.token]:
        return _with_params(context, before)
    if row.control is not Control.RUN or limit < 1:
        beat(tx, worker_id, clock=context.clock, spent=spent)
        return []
    _close_overruled(context)
    suspects, others = _orphans(context)
    # A trial that has killed a worker before is trained alone, in the order of numbers like all others.
    if suspects and (not others or suspects[0].number < others[0].number):
        others, limit = suspects, 1
    claims, admission = _take_over(context, others[:limit]), Admission.nothing()
    # Proposals from another history, or under other terms, would not be what their numbers say.
    if len(claims) < limit and (row.reopened, row.changes) == (reopened, study.changes):
        budget = row.budget if until is None else min(row.budget, until)
        within = replace(context, row=replace(row, budget=budget))
        admission = admit(within, proposals, limit=limit - len(claims), further=further)
        claims += admission.claims
    with tx.at_once() as together:
        admission.write(replace(context, tx=together))
        open_attempts(replace(context, tx=together), claims)
        beat(together, worker_id, clock=context.clock, spent=spent)
    return claims


def _close_overruled(context: ClaimContext) -> None:
    """Close the attempts whose trials were settled by hand, and keep the digests of what was set."""
    for attempt in context.row.waiting:
        if attempt.overruled:
            digest = settled_by_hand(context, attempt.trial_id, attempt.number)
            ended = {"outcome": AttemptOutcome.OVERRULED, "ended_at": context.clock}
            _close(context, attempt, **ended, digest=digest)
            drop_checkpoints(context.tx, [attempt.trial_id])


def _with_params(context: ClaimContext, attempts: Sequence[OpenAttempt]) -> list[Claim]:
    internal = read_params(context, [a.trial_id for a in attempts])
    return [context.claim(a.trial_id, a.number, a.attempt, internal[a.trial_id]) for a in attempts]


def _close(context: ClaimContext, attempt: OpenAttempt, **values: object) -> None:
    close_attempt(context, trial_id=attempt.trial_id, attempt=attempt.attempt, **values)


def _orphans(context: ClaimContext) -> tuple[list[OpenAttempt], list[OpenAttempt]]:
    """Return the trials to take over: those that a worker has died with before, and the others.

    A trial that has had all its attempts, or that lacks a parameter, fails for good here.
    """
    orphans = [attempt for attempt in context.row.waiting if attempt.orphaned and not attempt.overruled]
    if not orphans:
        return [], []
    expire(context.tx, context.clock, *_lapsed(context))
    keys = [attempt.trial_id for attempt in orphans]
    params, deaths = read_params(context, keys), _deaths(context, keys)
    suspects: list[OpenAttempt] = []
    others: list[OpenAttempt] = []
    for attempt in orphans:
        died, died_alone = deaths.get(attempt.trial_id, (0, 0))
        if attempt.trial_id not in params:
            _give_up(context, attempt, (), "it was asked for through Optuna and never told")
        elif died_alone >= context.study.attempts:
            reason = f"given up after {died_alone} attempts alone: {_cause(context, attempt)}"
            _give_up(context, attempt, params[attempt.trial_id], reason)
        else:
            (suspects if died else others).append(attempt)
    return suspects, others


def _lapsed(context: ClaimContext) -> tuple[sa.ColumnElement[bool], ...]:
    return ATTEMPTS.c.study_id == context.study.study_id, ATTEMPTS.c.lease_until <= context.clock


def _deaths(context: ClaimContext, trial_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return trial key -> how many attempts have died, and how many of them with no other trial in hand."""
    alone = sa.func.sum(sa.case((ATTEMPTS.c.alone, 1), else_=0))
    query = (
        sa.select(ATTEMPTS.c.trial_id, sa.func.count(), alone)
        .where(ATTEMPTS.c.trial_id.in_(trial_ids), ATTEMPTS.c.outcome.in_(DEATHS))
        .group_by(ATTEMPTS.c.trial_id)
    )
    return {
        trial_id: (int(died), int(died_alone)) for trial_id, died, died_alone in context.tx.execute(query)
    }


def _give_up(context: ClaimContext, attempt: OpenAttempt, internal: tuple[float, ...], reason: str) -> None:
    lost = Result(state=TrialState.FAILED, value=None, reason=reason)
    claim = context.claim(attempt.trial_id, attempt.number, attempt.attempt, internal)
    drop_curves(context.tx, [attempt.trial_id])
    drop_checkpoints(context.tx, [attempt.trial_id])
    settle(context.tx, [(claim, lost)], context.clock)
    _close(context, attempt, digest=settled_by_hand(context, attempt.trial_id, attempt.number))


def _cause(context: ClaimContext, attempt: OpenAttempt) -> str:
    """Return how the last attempt of a trial ended."""
    last = (ATTEMPTS.c.trial_id == attempt.trial_id, ATTEMPTS.c.attempt == attempt.attempt)
    crashed = ATTEMPTS.c.outcome == AttemptOutcome.CRASHED
    note = context.tx.scalar(sa.select(ATTEMPTS.c.note).where(*last, crashed))
    if not note:
        return "its worker died"
    return f"its training raised {note}" if context.study.spec.has_data else str(note)


def _take_over(context: ClaimContext, orphans: Sequence[OpenAttempt]) -> list[Claim]:
    """Give trials that no living worker holds to this one; what dead attempts reported is dropped."""
    if not orphans:
        return []
    drop_curves(context.tx, [attempt.trial_id for attempt in orphans])
    for attempt in orphans:
        _close(context, attempt)
    return [replace(claim, attempt=claim.attempt + 1) for claim in _with_params(context, orphans)]
