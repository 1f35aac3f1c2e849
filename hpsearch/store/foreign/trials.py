"""The trials of a study that Optuna alone has made: as columns, as one trial, with their times."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from hpsearch.errors import ForeignStudyError, NotFoundError, to_type
from hpsearch.search import History, TrialState
from hpsearch.store.records.records import Recorded, Study
from hpsearch.store.schema.states import STATES
from hpsearch.store.schema.tables import numbered
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.trials.export_rows import number_of, read_epochs
from hpsearch.store.trials.history import KnownHistory
from hpsearch.store.trials.metadata import TrialMetadata, seconds_of
from hpsearch.store.trials.trial_row import TrialRow
from hpsearch.types import Float64Array

STEPS_MOST = 200
"""Columns of the curves: of more steps so many are taken, evenly spaced, with the first and the last."""


def recorded_of(study: Study) -> Recorded:
    """Return what Optuna recorded of a study with one objective.

    Raises:
        ForeignStudyError: It has several.
    """
    found = study.recorded
    assert found is not None
    if found.objectives != 1:
        raise ForeignStudyError(
            f"study {study.name!r}: expected one objective, found {found.objectives}, so no trial is "
            f"the best; {to_type('dashboard')} shows its Pareto front"
        )
    return found


def curve_steps(steps: Sequence[int]) -> list[int]:
    """Return the steps that curves have columns for, ascending.

    Args:
        steps: All steps that any trial has reported at, ascending.
    """
    if len(steps) <= STEPS_MOST:
        return list(steps)
    return [steps[i] for i in np.linspace(0, len(steps) - 1, STEPS_MOST).round().astype(np.int64)]


def read_history(tx: Transaction, study: Study, known: KnownHistory | None = None) -> KnownHistory:  # noqa: ARG001 - a verb of the ledger
    """Return the trials of a study; a complete trial whose value is not finite counts as failed.

    Column ``j`` of the curves is entry ``j`` of ``curve_steps``.
    """
    found, trials = recorded_of(study), tx.tables.trials
    mine = trials.c.study_id == study.study_id
    query = sa.select(trials.c.trial_id, trials.c.number, trials.c.state).where(mine)
    rows = tx.execute(query.order_by(trials.c.number)).all()
    place = {row.trial_id: i for i, row in enumerate(rows)}
    internal = np.full((len(rows), len(found.parameters)), np.nan)
    column = {name: j for j, name in enumerate(found.parameters)}
    for trial_id, name, stored in _children(tx, study, tx.tables.trial_params, "param_name", "param_value"):
        if trial_id in place and name in column:
            internal[place[trial_id], column[name]] = found.parameters[name].internal(float(stored))
    states = np.array([STATES[row.state] for row in rows], np.int64)
    values = np.full(len(rows), np.nan)
    for trial_id, _, value in _children(tx, study, tx.tables.trial_values, "objective", "value"):
        if trial_id in place and value is not None:
            values[place[trial_id]] = value
    infinite = (states == TrialState.COMPLETE) & np.isnan(values)
    unsettled = np.isin(states, (TrialState.RUNNING, TrialState.WAITING))
    values[unsettled] = np.nan
    sign = study.sign
    history = History(
        internal=internal,
        states=np.where(infinite, TrialState.FAILED, states),
        values=sign * values,
        curves=sign * _curves(tx, study, place),
        sign=sign,
    )
    return KnownHistory(history=history)


def _curves(tx: Transaction, study: Study, place: Mapping[int, int]) -> Float64Array:
    steps = curve_steps(read_epochs(tx, study))
    column = {step: j for j, step in enumerate(steps)}
    curves = np.full((len(place), len(steps)), np.nan)
    table = tx.tables.trial_intermediate_values
    for trial_id, step, value in _children(tx, study, table, "step", "intermediate_value"):
        if trial_id in place and step in column and value is not None:
            curves[place[trial_id], column[step]] = value
    return curves


def _children(tx: Transaction, study: Study, table: sa.Table, key: str, value: str) -> Sequence[Any]:
    trials = tx.tables.trials
    query = sa.select(table.c.trial_id, table.c[key], table.c[value])
    joined = query.join(trials, trials.c.trial_id == table.c.trial_id)
    return tx.execute(joined.where(trials.c.study_id == study.study_id)).all()


def read_metadata(tx: Transaction, study: Study, n: int) -> TrialMetadata:
    """Return the times of the first ``n`` trials; Optuna does not say where parameters came from."""
    trials = tx.tables.trials
    query = sa.select(trials.c.datetime_start, trials.c.datetime_complete)
    rows = tx.execute(query.where(trials.c.study_id == study.study_id).order_by(trials.c.number).limit(n))
    times = np.full((n, 2), np.nan)
    for i, row in enumerate(rows):
        times[i] = seconds_of(row[0]), seconds_of(row[1])
    return TrialMetadata(stages=("",) * n, reasons=("",) * n, started=times[:, 0], ended=times[:, 1])


def read_trial_row(tx: Transaction, study: Study, number: int) -> TrialRow:
    """Return one trial, with the attributes that its objective or a person has given it.

    Raises:
        NotFoundError: The study has no trial of that number.
    """
    found, table = recorded_of(study), tx.tables.trials
    row = tx.execute(sa.select(table).where(numbered(table, study.study_id, number))).one_or_none()
    if row is None:
        known = f"expected 0 to {study.budget - 1}" if study.budget else "it has none yet"
        raise NotFoundError(f"study {study.name!r} has no trial {number}: {known}")
    curve = _pairs(tx, tx.tables.trial_intermediate_values, row.trial_id, "step", "intermediate_value")
    values = _pairs(tx, tx.tables.trial_values, row.trial_id, "objective", "value")
    notes = _pairs(tx, tx.tables.trial_user_attributes, row.trial_id, "key", "value_json")
    ended = row.datetime_complete is not None and row.datetime_start is not None
    return TrialRow(
        number=number,
        state=STATES[row.state],
        stage="",
        value=values.get(0),
        params=read_params(tx, found, row.trial_id),
        curve=tuple(curve[step] for step in sorted(curve)),
        attempts=None,
        seconds=(row.datetime_complete - row.datetime_start).total_seconds() if ended else None,
        attributes={name: json.loads(text) for name, text in notes.items()},
    )


def read_params(tx: Transaction, found: Recorded, trial_id: int) -> dict[str, Any]:
    """Return name -> value of a trial's parameters, as its objective was given them."""
    stored = _pairs(tx, tx.tables.trial_params, trial_id, "param_name", "param_value")
    return {
        one.parameter.name: one.external(float(stored[name]))
        for name, one in found.parameters.items()
        if name in stored
    }


def _pairs(tx: Transaction, table: sa.Table, trial_id: int, key: str, value: str) -> dict[Any, Any]:
    """Return key -> value of a trial; a number that is not finite, which Optuna marks, as it was."""
    mark = f"{value}_type"
    marks = table.c[mark] if mark in table.c else sa.null()
    rows = tx.execute(sa.select(table.c[key], table.c[value], marks).where(table.c.trial_id == trial_id))
    return {name: number_of(found, kind) for name, found, kind in rows}
