"""Trials that the ledger did not write: enqueued, asked for, told or added through Optuna.

They have their numbers already, given by Optuna under its lock on the study. A claim adopts them in the order
of these numbers: a waiting trial is handed out with the parameters that somebody wished for; a settled one is
taken as it is; a running one is left to whoever asked for it until a lease has passed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from hpsearch.errors import StudyFileError
from hpsearch.search import Proposal, TrialState, history_digests, may_start
from hpsearch.space import filled, read_point
from hpsearch.store.attempts.attempts import Desk, insert_params
from hpsearch.store.attempts.finish import attribute, settle, to_datetime
from hpsearch.store.attempts.study_row import Board
from hpsearch.store.records.records import Claim, Result
from hpsearch.store.schema.tables import ATTEMPTS, Outcome
from hpsearch.store.trials.history import read_trial

FIXED = "fixed_params"
"""Optuna's system attribute with the parameters that an enqueued trial must have."""
ENQUEUED = "enqueued"
"""The stage of trials whose parameters somebody chose."""
NOBODY = 0
"""The worker of trials that no worker claimed."""


@dataclass(slots=True, kw_only=True)
class Adopted:
    """What a claim made of the strangers.

    Attributes:
        admitted: Trials that have a number and were given to a worker, with these.
        newest_trial_id: The key of the last one looked at; 0 when none was.
        claims: Those that are handed out.
    """

    admitted: int
    newest_trial_id: int = 0
    claims: list[Claim] = field(default_factory=list)


def adopt(desk: Desk, board: Board, proposals: Sequence[Proposal], *, limit: int) -> Adopted:
    """Take in the trials that were added through Optuna, as far as budget, horizon and ``limit`` reach.

    Args:
        desk: The claim.
        board: Where the study stands.
        proposals: The first fills in the parameters that an enqueued trial leaves open.
        limit: At most so many are handed out.
    """
    adopted = Adopted(admitted=board.admitted)
    for trial_id, number, state in board.strangers:
        if number >= adopted.admitted:  # a number below was given twice, by hand: it is not the study's
            if number > adopted.admitted or number >= board.end:
                break
            if state != "WAITING":
                _take_in(desk, trial_id, number, state)
            elif not _hand_out(desk, board, adopted, trial_id, proposals, limit=limit):
                break
            adopted.admitted += 1
        adopted.newest_trial_id = max(adopted.newest_trial_id, trial_id)
    return adopted


def settled_by_hand(desk: Desk, trial_id: int, number: int) -> str | None:
    """Return the digest of a trial that somebody settled through Optuna."""
    row = read_trial(desk.connection, desk.tables, desk.space, trial_id)
    return history_digests(row, first=number)[0]


def _take_in(desk: Desk, trial_id: int, number: int, state: str) -> None:
    """Count a trial that runs, or has run, in somebody else's hands."""
    if state == "RUNNING":
        _note(desk, trial_id, number, open=True, lease_until=desk.clock + desk.lease_s)
    else:
        digest = settled_by_hand(desk, trial_id, number)
        _note(desk, trial_id, number, outcome=Outcome.OVERRULED, ended_at=desk.clock, digest=digest)


def _hand_out(  # noqa: PLR0913 - what a claim knows
    desk: Desk, board: Board, adopted: Adopted, trial_id: int, proposals: Sequence[Proposal], *, limit: int
) -> bool:
    """Start a waiting trial, or fail it when its parameters cannot be; tell whether its number is used."""
    number = adopted.admitted
    starts = may_start(number, settled_prefix=board.settled_prefix, parallelism=desk.study.parallelism)
    if not starts or len(adopted.claims) == limit:
        return False
    try:
        wish = read_point(desk.space, _wishes(desk, trial_id))
    except StudyFileError as error:
        lost = Result(state=TrialState.FAILED, value=None, reason=f"enqueued parameters: {error}")
        claim = desk.claim(trial_id, number, 1, ())
        settle(desk.connection, desk.tables, [(claim, lost)], desk.clock)
        digest = settled_by_hand(desk, trial_id, number)
        _note(desk, trial_id, number, outcome=Outcome.FINISHED, ended_at=desk.clock, digest=digest)
        return True
    # The proposals saw no waiting trial as pending: only one for this very number may fill in.
    filler = proposals[0].internal if proposals and proposals[0].number == number else ()
    internal = filled(desk.space, wish, filler)
    if internal is None:
        return False
    _start(desk, trial_id, internal)
    adopted.claims.append(desk.claim(trial_id, number, 1, internal))
    return True


def _wishes(desk: Desk, trial_id: int) -> dict[str, object]:
    table = desk.tables.trial_system_attributes
    query = sa.select(table.c.value_json).where(table.c.trial_id == trial_id, table.c.key == FIXED)
    text = desk.connection.scalar(query)
    wishes = {} if text is None else json.loads(text)
    return wishes if isinstance(wishes, dict) else {}


def _start(desk: Desk, trial_id: int, internal: tuple[float, ...]) -> None:
    table, attributes = desk.tables.trials, desk.tables.trial_user_attributes
    running = {"state": "RUNNING", "datetime_start": to_datetime(desk.clock)}
    desk.connection.execute(sa.update(table).where(table.c.trial_id == trial_id).values(running))
    insert_params(desk, [(trial_id, internal)])
    desk.connection.execute(
        sa.delete(attributes).where(attributes.c.trial_id == trial_id, attributes.c.key == "stage")
    )
    desk.connection.execute(sa.insert(attributes), attribute(trial_id, "stage", ENQUEUED))


def _note(desk: Desk, trial_id: int, number: int, **values: object) -> None:
    """Write an attempt of nobody's."""
    common = {
        "trial_id": trial_id,
        "attempt": 1,
        "study_id": desk.study.study_id,
        "number": number,
        "token": desk.token,
        "worker_id": NOBODY,
        "claimed_at": desk.clock,
        "lease_until": desk.clock,
        "open": False,
    }
    desk.connection.execute(sa.insert(ATTEMPTS), common | values)
