"""Control of a running study: pause, stop, enqueue parameters, retry a failed trial."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import HpsearchError, NotFoundError, to_type
from hpsearch.search import Stage, StopRule
from hpsearch.space import plain_value, read_point
from hpsearch.space.checks import FieldError, key_text
from hpsearch.store.attempts.adopt import FIXED
from hpsearch.store.attempts.checkpoints import drop_checkpoints
from hpsearch.store.attempts.finish import attribute
from hpsearch.store.attempts.study_row import StudyRow, read_row
from hpsearch.store.records.records import Study
from hpsearch.store.schema.tables import ATTEMPTS, OPEN, STUDIES, AttemptOutcome, Control, numbered
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.studies.stops import NOT_STOPPED
from hpsearch.store.studies.verdicts import drop_verdict

TICKET = "enqueued"
"""The user attribute that tells one request from its repetition."""


class RefusedError(HpsearchError):
    """The request would change what other trials have seen, or is not possible now."""


def set_control(tx: Transaction, study: Study, control: Control) -> Control:
    """Tell every worker of a study, and of its confirmation, what to do; return what held before."""
    mine = STUDIES.c.study_id == study.search_id
    before = tx.scalar(sa.select(STUDIES.c.control).where(mine).with_for_update())
    tx.execute(sa.update(STUDIES).where(mine).values(control=control))
    return Control(before or Control.RUN)


def enqueue(tx: Transaction, study: Study, params: Mapping[str, Any]) -> int:
    """Let the next free number try these parameters, once; return the number.

    The trial waits like one that Optuna's own ``enqueue_trial`` adds. The search fills in what is left out.
    A transaction that is tried again asks for the same trial.

    Raises:
        FieldError: No parameter is given, a name is not in the space, or a value not in its range.
        RefusedError: The budget has no trial left.
    """
    if not params:
        names = ", ".join(map(key_text, study.space.names))
        raise FieldError("", f"expected at least one parameter of the space ({names}), found none")
    given = read_point(study.space, params)
    study_row = read_row(tx, study, lock=True)
    trials, attributes = tx.tables.trials, tx.tables.trial_user_attributes
    known = (
        sa.select(trials.c.number)
        .join(attributes, attributes.c.trial_id == trials.c.trial_id)
        .where(trials.c.study_id == study.study_id, attributes.c.key == TICKET)
        .where(attributes.c.value_json == json.dumps(tx.token))
    )
    if (number := tx.scalar(known)) is not None:
        return int(number)
    last = tx.scalar(sa.select(sa.func.max(trials.c.number)).where(trials.c.study_id == study.study_id))
    number = max(study_row.admitted, -1 if last is None else last + 1)
    if number >= study_row.end:
        raise _full(study, study_row)
    row = {"study_id": study.study_id, "number": number, "state": "WAITING"}
    trial_id = tx.scalar(sa.insert(trials).values(row).returning(trials.c.trial_id))
    assert trial_id is not None
    notes = [attribute(trial_id, "stage", Stage.ENQUEUED), attribute(trial_id, TICKET, tx.token)]
    tx.execute(sa.insert(attributes), notes)
    kinds = {parameter.name: parameter for parameter in study.space}
    # As Optuna has them: another program may ask for the trial through Optuna, which has no lists.
    wishes = {name: plain_value(kinds[name].external(value)) for name, value in given.items()}
    tx.execute(sa.insert(tx.tables.trial_system_attributes), attribute(trial_id, FIXED, wishes))
    return number


def _full(study: Study, study_row: StudyRow) -> RefusedError:
    """Return why there is no trial left, and what to do."""
    stopped = study_row.stopped
    if stopped is not None and stopped.rule is StopRule.SPACE:
        return RefusedError(
            f"study {study.name!r} was {stopped}\n"
            f"a study with a larger space, under another name, can try more: {to_type('start FILE')}"
        )
    if study_row.stopped is not None and study_row.end < study_row.budget:
        return RefusedError(
            f"study {study.name!r} was {study_row.stopped}\n"
            f"change [stop] in its file to go on: {to_type('start FILE')}"
        )
    return RefusedError(
        f"study {study.name!r}: all {study_row.budget} trials have their parameters; "
        f"{to_type('start FILE --trials N')} adds more"
    )


def retry(tx: Transaction, study: Study, number: int) -> None:
    """Let a trial that failed be tried again, with all its attempts.

    A rule that has ended the study is asked again: it may have seen the failure.

    Raises:
        NotFoundError: There is no such trial.
        RefusedError: The trial did not fail, or a later trial has seen that it failed.
    """
    study_row = read_row(tx, study, lock=True)
    trials = tx.tables.trials
    mine = numbered(trials, study.study_id, number)
    row = tx.execute(sa.select(trials.c.trial_id, trials.c.state).where(mine)).one_or_none()
    if row is None:
        raise NotFoundError(f"study {study.name!r} has no trial {number}")
    if row.state == "RUNNING" and _is_open(tx, row.trial_id):
        return  # it waits already: the answer to the first request was lost
    if row.state != "FAIL":
        raise RefusedError(
            f"trial {number} of study {study.name!r} has not failed: it is {row.state.lower()}"
        )
    if study_row.admitted > number + study.parallelism:
        seen = number + study.parallelism
        raise RefusedError(
            f"trial {number} of study {study.name!r} stays failed: trial {seen} has seen that it failed, "
            "and perhaps later ones\ntry its parameters under a new number: "
            + to_type(f"enqueue --like {number}", study.name)
        )
    _reopen(tx, study, row.trial_id)


def _is_open(tx: Transaction, trial_id: int) -> bool:
    query = sa.select(ATTEMPTS.c.trial_id).where(ATTEMPTS.c.trial_id == trial_id, OPEN)
    return tx.scalar(query) is not None


def _reopen(tx: Transaction, study: Study, trial_id: int) -> None:
    mine = ATTEMPTS.c.trial_id == trial_id
    last = tx.scalar(sa.select(sa.func.max(ATTEMPTS.c.attempt)).where(mine))
    ended_at = sa.func.coalesce(ATTEMPTS.c.ended_at, tx.clock())
    forgiven = {"outcome": AttemptOutcome.RELEASED, "ended_at": ended_at, "digest": None}
    tx.execute(sa.update(ATTEMPTS).where(mine).values(forgiven))
    tx.execute(sa.update(ATTEMPTS).where(mine, ATTEMPTS.c.attempt == last).values(open=True))
    trials, attributes = tx.tables.trials, tx.tables.trial_user_attributes
    running = {"state": "RUNNING", "datetime_complete": None}
    tx.execute(sa.update(trials).where(trials.c.trial_id == trial_id).values(running))
    drop_verdict(tx, study.search_id)
    drop_checkpoints(tx, [trial_id])
    reason = (attributes.c.trial_id == trial_id, attributes.c.key == "reason")
    tx.execute(sa.delete(attributes).where(*reason))
    row = sa.update(STUDIES).where(STUDIES.c.study_id == study.study_id)
    tx.execute(row.values(reopened=STUDIES.c.reopened + 1, **NOT_STOPPED))
