"""The read side: what people ask of a study."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import NotFoundError
from hpsearch.search import TrialState
from hpsearch.space import Space
from hpsearch.store.attempts.study_row import read_board
from hpsearch.store.records.records import UNSETTLED, Study
from hpsearch.store.records.views import Round, Status, TrialRow
from hpsearch.store.schema.states import OPTUNA_STATES, STATES
from hpsearch.store.schema.tables import ATTEMPTS, ROUNDS, WORKERS, Optuna, numbered


def status(connection: Connection, tables: Optuna, study: Study) -> Status:
    """Return where a study stands."""
    trials, values = tables.trials, tables.trial_values
    mine = trials.c.study_id == study.study_id
    counts = sa.select(trials.c.state, sa.func.count()).where(mine).group_by(trials.c.state)
    best = (
        sa.select(trials.c.number, values.c.value)
        .join(values, values.c.trial_id == trials.c.trial_id)
        .where(mine, trials.c.state == OPTUNA_STATES[TrialState.COMPLETE])
        .where(values.c.value.is_not(None))
        .order_by(values.c.value.desc(), trials.c.number)
        .limit(1)
    )
    living = sa.select(sa.func.count()).where(
        WORKERS.c.study_id == study.study_id, WORKERS.c.ended_at.is_(None)
    )
    found = connection.execute(best).one_or_none()
    board = read_board(connection, tables, study)
    return Status(
        study=study.name,
        budget=board.budget,
        control=board.control,
        orphans=board.schedule.orphans,
        counts={STATES[state]: int(n) for state, n in connection.execute(counts)},
        best_number=found.number if found else None,
        best_value=float(found.value) if found else None,
        workers=int(connection.scalar(living) or 0),
        created_at=board.created_at,
        stopped=board.stopped,
    )


def trial(connection: Connection, tables: Optuna, study: Study, space: Space, number: int) -> TrialRow:
    """Return one trial.

    Raises:
        NotFoundError: The study has no trial of that number.
    """
    table = tables.trials
    query = sa.select(table).where(numbered(table, study.study_id, number))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(f"study {study.name!r} has no trial {number}: expected 0 to {study.budget - 1}")
    trial_id = row.trial_id
    curve = _pairs(connection, tables.trial_intermediate_values, trial_id, "step", "intermediate_value")
    value = _pairs(connection, tables.trial_values, trial_id, "objective", "value")
    notes = _pairs(connection, tables.trial_user_attributes, trial_id, "key", "value_json")
    attempts = sa.select(
        sa.func.count(), sa.func.min(ATTEMPTS.c.claimed_at), sa.func.max(ATTEMPTS.c.ended_at)
    ).where(ATTEMPTS.c.trial_id == trial_id)
    n_attempts, began, ended = connection.execute(attempts).one()
    state = STATES[row.state]
    return TrialRow(
        number=number,
        state=state,
        stage=json.loads(notes.get("stage", '""')),
        value=value.get(0),
        params=params_of(connection, tables, space, trial_id),
        curve=tuple(curve[step] for step in sorted(curve)),
        attempts=n_attempts,
        seconds=None if state in UNSETTLED or ended is None else ended - began,
        reason=json.loads(notes.get("reason", "null")),
    )


def params_of(connection: Connection, tables: Optuna, space: Space, trial_id: int) -> Mapping[str, Any]:
    """Return name -> value of a trial's parameters, as the model sees them."""
    stored = _pairs(connection, tables.trial_params, trial_id, "param_name", "param_value")
    return {p.name: p.external(stored[p.name]) for p in space if p.name in stored}


def _pairs(connection: Connection, table: sa.Table, trial_id: int, key: str, value: str) -> dict[Any, Any]:
    query = sa.select(table.c[key], table.c[value]).where(table.c.trial_id == trial_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def digests(connection: Connection, study: Study) -> list[str]:
    """Return the digests of the settled trials, in the order of their numbers."""
    query = sa.select(ATTEMPTS.c.digest).where(
        ATTEMPTS.c.study_id == study.study_id, ATTEMPTS.c.digest.is_not(None)
    )
    return list(connection.scalars(query.order_by(ATTEMPTS.c.number)))


def rounds(connection: Connection, study: Study) -> list[Round]:
    """Return the random rounds that have begun, in order."""
    query = sa.select(ROUNDS).where(ROUNDS.c.study_id == study.study_id).order_by(ROUNDS.c.first_number)
    return [
        Round(
            first_number=row.first_number,
            stage=row.stage,
            low=tuple(row.low),
            high=tuple(row.high),
            reason=row.reason,
            evidence=row.evidence,
        )
        for row in connection.execute(query)
    ]
