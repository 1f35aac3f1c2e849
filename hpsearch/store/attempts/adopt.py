"""External trials, which the ledger did not write: enqueued, asked for, told or added through Optuna.

They have their numbers already, given by Optuna under its lock on the study. A claim adopts them in the order
of these numbers: a waiting trial is handed out with the parameters that were enqueued; a settled one is taken
as it is; a running one is left to the program that asked for it until a lease has passed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from hpsearch.errors import StudyFileError
from hpsearch.search import Stage, TrialState, history_digests
from hpsearch.space import filled, read_point
from hpsearch.store.attempts.attempts import ClaimContext, insert_params
from hpsearch.store.attempts.finish import attribute, settle, to_datetime
from hpsearch.store.records.records import Claim, Result
from hpsearch.store.schema.deleted import forget_trials
from hpsearch.store.schema.tables import ATTEMPTS, AttemptOutcome
from hpsearch.store.trials.history import read_trial

if TYPE_CHECKING:
    from hpsearch.search import Proposal

FIXED = "fixed_params"
"""Optuna's system attribute with the parameters that an enqueued trial must have."""
NO_WORKER = 0
"""The key that stands for the worker of a trial that no worker claimed."""


@dataclass(slots=True, kw_only=True)
class Adoption:
    """The external trials that one claim has adopted.

    Attributes:
        admitted: Trials that have a number and were given to a worker, with these.
        newest_trial_id: The key of the last one looked at; 0 when none was.
        claims: Those that are handed out.
    """

    admitted: int
    newest_trial_id: int = 0
    claims: list[Claim] = field(default_factory=list)


def adopt(context: ClaimContext, proposals: Sequence["Proposal"], *, limit: int) -> Adoption:
    """Take in the trials that were added through Optuna, as far as budget, horizon and ``limit`` reach.

    Args:
        context: The claim.
        proposals: The first fills in the parameters that an enqueued trial leaves open.
        limit: At most so many are handed out.
    """
    adopted = Adoption(admitted=context.row.admitted)
    forget_trials(context.tx, [trial_id for trial_id, _, _ in context.row.external])
    for trial_id, number, state in context.row.external:
        if number >= adopted.admitted:  # a number below was given twice, by hand: it is not the study's
            if number > adopted.admitted or number >= context.row.end:
                break
            if state != "WAITING":
                _take_in(context, trial_id, number, state)
            elif not _hand_out(context, adopted, trial_id, proposals, limit=limit):
                break
            adopted.admitted += 1
        adopted.newest_trial_id = max(adopted.newest_trial_id, trial_id)
    return adopted


def settled_by_hand(context: ClaimContext, trial_id: int, number: int) -> str | None:
    """Return the digest of a trial that was settled through Optuna."""
    row = read_trial(context.tx, context.study, trial_id)
    return history_digests(row, first=number)[0]


def _take_in(context: ClaimContext, trial_id: int, number: int, state: str) -> None:
    """Count a trial that runs, or has run, in another program."""
    if state == "RUNNING":
        _note(context, trial_id, number, open=True, lease_until=context.clock + context.tx.lease_s)
    else:
        _note_settled(context, trial_id, number, AttemptOutcome.OVERRULED)


def _hand_out(
    context: ClaimContext, adopted: Adoption, trial_id: int, proposals: Sequence["Proposal"], *, limit: int
) -> bool:
    """Start a waiting trial, or fail it when its parameters cannot be; return whether its number is used."""
    number = adopted.admitted
    if not context.may_start(number) or len(adopted.claims) == limit:
        return False
    try:
        wish = read_point(context.space, _wishes(context, trial_id))
    except StudyFileError as error:
        lost = Result(state=TrialState.FAILED, value=None, reason=f"enqueued parameters: {error}")
        claim = context.claim(trial_id, number, 1, ())
        settle(context.tx, [(claim, lost)], context.clock)
        _note_settled(context, trial_id, number, AttemptOutcome.FINISHED)
        return True
    # The proposals saw no waiting trial as pending: only one for this very number may fill in.
    filler = proposals[0].internal if proposals and proposals[0].number == number else ()
    internal = filled(context.space, wish, filler)
    if internal is None:
        return False
    _start(context, trial_id, internal)
    adopted.claims.append(context.claim(trial_id, number, 1, internal))
    return True


def _wishes(context: ClaimContext, trial_id: int) -> dict[str, object]:
    table = context.tx.tables.trial_system_attributes
    query = sa.select(table.c.value_json).where(table.c.trial_id == trial_id, table.c.key == FIXED)
    text = context.tx.scalar(query)
    wishes = {} if text is None else json.loads(text)
    return wishes if isinstance(wishes, dict) else {}


def _start(context: ClaimContext, trial_id: int, internal: tuple[float, ...]) -> None:
    table, attributes = context.tx.tables.trials, context.tx.tables.trial_user_attributes
    running = {"state": "RUNNING", "datetime_start": to_datetime(context.clock)}
    context.tx.execute(sa.update(table).where(table.c.trial_id == trial_id).values(running))
    insert_params(context, [(trial_id, internal)])
    context.tx.execute(
        sa.delete(attributes).where(attributes.c.trial_id == trial_id, attributes.c.key == "stage")
    )
    context.tx.execute(sa.insert(attributes), attribute(trial_id, "stage", Stage.ENQUEUED))


def _note_settled(context: ClaimContext, trial_id: int, number: int, outcome: AttemptOutcome) -> None:
    digest = settled_by_hand(context, trial_id, number)
    _note(context, trial_id, number, outcome=outcome, ended_at=context.clock, digest=digest)


def _note(context: ClaimContext, trial_id: int, number: int, **values: object) -> None:
    """Write an attempt without a worker."""
    common = {
        "trial_id": trial_id,
        "attempt": 1,
        "study_id": context.study.study_id,
        "number": number,
        "token": context.tx.token,
        "worker_id": NO_WORKER,
        "claimed_at": context.clock,
        "lease_until": context.clock,
        "open": False,
    }
    context.tx.execute(sa.insert(ATTEMPTS), common | values)
