"""What people ask of a running study: to pause, to stop, to try these parameters, to try that trial again."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import HpsearchError, NotFoundError
from hpsearch.space import Space, read_point
from hpsearch.store.attempts.adopt import ENQUEUED, FIXED
from hpsearch.store.attempts.checkpoints import drop_checkpoints
from hpsearch.store.attempts.finish import attribute
from hpsearch.store.attempts.study_row import Board, read_board
from hpsearch.store.database.connection import now
from hpsearch.store.records.records import Study
from hpsearch.store.schema.tables import ATTEMPTS, OPEN, STUDIES, Control, Optuna, Outcome, numbered
from hpsearch.store.studies.deliveries import drop_delivery
from hpsearch.store.studies.stops import NOT_STOPPED

TICKET = "enqueued"
"""The user attribute that tells one request from its repetition."""


class RefusedError(HpsearchError):
    """What was asked for would change what other trials have seen, or is not possible now."""


def set_control(connection: Connection, study: Study, control: Control) -> Control:
    """Tell every worker of a study, and of its confirmation, what to do; return what held before."""
    mine = STUDIES.c.study_id == study.search_id
    before = connection.scalar(sa.select(STUDIES.c.control).where(mine).with_for_update())
    connection.execute(sa.update(STUDIES).where(mine).values(control=control))
    return Control(before or Control.RUN)


def enqueue(  # noqa: PLR0913 - one verb
    connection: Connection,
    tables: Optuna,
    study: Study,
    space: Space,
    *,
    params: Mapping[str, Any],
    ticket: str,
) -> int:
    """Let the next free number try these parameters; return the number.

    The trial waits as those do that Optuna's own ``enqueue_trial`` adds. What is left out is filled in by
    the search. The same ticket asks for the same trial.

    Raises:
        FieldError: A name is not in the space, or a value not in its range.
        RefusedError: The budget has no trial left.
    """
    read_point(space, params)
    board = read_board(connection, tables, study, lock=True)
    trials, attributes = tables.trials, tables.trial_user_attributes
    known = (
        sa.select(trials.c.number)
        .join(attributes, attributes.c.trial_id == trials.c.trial_id)
        .where(trials.c.study_id == study.study_id, attributes.c.key == TICKET)
        .where(attributes.c.value_json == json.dumps(ticket))
    )
    if (number := connection.scalar(known)) is not None:
        return int(number)
    last = connection.scalar(
        sa.select(sa.func.max(trials.c.number)).where(trials.c.study_id == study.study_id)
    )
    number = max(board.admitted, -1 if last is None else last + 1)
    if number >= board.end:
        raise _full(study, board)
    row = {"study_id": study.study_id, "number": number, "state": "WAITING"}
    trial_id = connection.scalar(sa.insert(trials).values(row).returning(trials.c.trial_id))
    assert trial_id is not None
    notes = [attribute(trial_id, "stage", ENQUEUED), attribute(trial_id, TICKET, ticket)]
    connection.execute(sa.insert(attributes), notes)
    wish = attribute(trial_id, FIXED, dict(params))
    connection.execute(sa.insert(tables.trial_system_attributes), wish)
    return number


def _full(study: Study, board: Board) -> RefusedError:
    """Return why there is no trial left, and what to do."""
    if board.stopped is not None and board.end < board.budget:
        return RefusedError(
            f"study {study.name!r} was {board.stopped}\n"
            "change [stop] in its file to go on: hpsearch start FILE"
        )
    return RefusedError(
        f"study {study.name!r}: all {board.budget} trials have their parameters; "
        "hpsearch start FILE --trials N adds more"
    )


def retry(connection: Connection, tables: Optuna, study: Study, number: int) -> None:
    """Let a trial that failed be tried again, with all its attempts.

    A rule that has ended the study is asked again: it may have seen the failure.

    Raises:
        NotFoundError: There is no such trial.
        RefusedError: The trial did not fail, or a later trial has seen that it failed.
    """
    board = read_board(connection, tables, study, lock=True)
    trials = tables.trials
    mine = numbered(trials, study.study_id, number)
    row = connection.execute(sa.select(trials.c.trial_id, trials.c.state).where(mine)).one_or_none()
    if row is None:
        raise NotFoundError(f"study {study.name!r} has no trial {number}")
    if row.state == "RUNNING" and _is_open(connection, row.trial_id):
        return  # it waits already: the answer to the first request was lost
    if row.state != "FAIL":
        raise RefusedError(
            f"trial {number} of study {study.name!r} has not failed: it is {row.state.lower()}"
        )
    if board.admitted > number + study.parallelism:
        seen = number + study.parallelism
        raise RefusedError(
            f"trial {number} of study {study.name!r} stays failed: trial {seen} has seen that it failed, "
            f"and perhaps later ones\ntry its parameters under a new number: hpsearch enqueue --like {number}"
        )
    _reopen(connection, tables, study, row.trial_id)


def _is_open(connection: Connection, trial_id: int) -> bool:
    query = sa.select(ATTEMPTS.c.trial_id).where(ATTEMPTS.c.trial_id == trial_id, OPEN)
    return connection.scalar(query) is not None


def _reopen(connection: Connection, tables: Optuna, study: Study, trial_id: int) -> None:
    mine = ATTEMPTS.c.trial_id == trial_id
    last = connection.scalar(sa.select(sa.func.max(ATTEMPTS.c.attempt)).where(mine))
    ended_at = sa.func.coalesce(ATTEMPTS.c.ended_at, now(connection))
    forgiven = {"outcome": Outcome.RELEASED, "ended_at": ended_at, "digest": None}
    connection.execute(sa.update(ATTEMPTS).where(mine).values(forgiven))
    connection.execute(sa.update(ATTEMPTS).where(mine, ATTEMPTS.c.attempt == last).values(open=True))
    trials, attributes = tables.trials, tables.trial_user_attributes
    running = {"state": "RUNNING", "datetime_complete": None}
    connection.execute(sa.update(trials).where(trials.c.trial_id == trial_id).values(running))
    drop_delivery(connection, tables, study.search_id)
    drop_checkpoints(connection, [trial_id])
    reason = (attributes.c.trial_id == trial_id, attributes.c.key == "reason")
    connection.execute(sa.delete(attributes).where(*reason))
    row = sa.update(STUDIES).where(STUDIES.c.study_id == study.study_id)
    connection.execute(row.values(reopened=STUDIES.c.reopened + 1, **NOT_STOPPED))
