"""Reading the history: trials as columns, from the first one that may have changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.search import History, TrialState
from hpsearch.spec import Space, in_space
from hpsearch.store.records import Study
from hpsearch.store.results import OPTUNA_STATES
from hpsearch.store.tables import STUDIES, Optuna, prepared

_STUDY = sa.select(STUDIES.c.admitted, STUDIES.c.reopened).where(STUDIES.c.study_id == sa.bindparam("study"))

STATES = {name: state for state, name in OPTUNA_STATES.items()}

Children: TypeAlias = Callable[[sa.Table, str, str], Iterable[Any]]
"""(table, key column, value column) -> rows of (trial key, key, value)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A history, and where to read on from.

    Attributes:
        history: The trials read so far.
        first_changing: All trials below this key are final.
        reopened: How often a failed trial of the study had been tried again on request.
    """

    history: History
    first_changing: int = 0
    reopened: int = 0

    @classmethod
    def nothing(cls, space: Space) -> "Known":
        """Return what is known of a study that nobody has looked at."""
        return cls(history=History.empty(len(space)))


def read_history(connection: Connection, tables: Optuna, study: Study, space: Space, known: Known) -> Known:
    """Return the study's history; of what was ``known``, only trials that were not settled are read again."""
    found = connection.execute(_STUDY, {"study": study.study_id}).one_or_none()
    admitted, reopened = found or (0, 0)
    if reopened != known.reopened:
        known = Known(history=History.empty(len(space)), reopened=reopened)
    kept = known.history.up_to(known.history.settled_prefix)
    part = {"study": study.study_id, "first": known.first_changing, "admitted": admitted}
    rows, fresh = _read(connection, tables, space, part)
    if not rows:
        return known
    unsettled = np.flatnonzero(fresh.states == TrialState.RUNNING)
    return Known(
        history=kept.followed_by(fresh),
        first_changing=rows[unsettled[0]] if unsettled.size else rows[-1] + 1,
        reopened=reopened,
    )


def read_trial(connection: Connection, tables: Optuna, space: Space, trial_id: int) -> History:
    """Return one trial as a history of its own."""
    return _read(connection, tables, space, {"trial": trial_id})[1]


def _read(
    connection: Connection, tables: Optuna, space: Space, part: Mapping[str, int]
) -> tuple[list[int], History]:
    """Return keys and columns of some trials, ascending by number.

    Args:
        connection: The transaction.
        tables: Optuna's tables.
        space: The search space.
        part: One ``trial``, or a ``study``'s from the key ``first`` to before the number ``admitted``.
    """
    one = "trial" in part
    found = connection.execute(_trials(tables, one=one), part)
    rows = [(int(trial_id), STATES[state]) for trial_id, state in found]

    def children(table: sa.Table, key: str, value: str) -> Iterable[Any]:
        return connection.execute(_children(tables, table, key, value, one=one), part)

    history = _columns(rows, tables, space, children) if rows else History.empty(len(space))
    return [trial_id for trial_id, _ in rows], history


def _conditions(tables: Optuna, *, one: bool) -> tuple[sa.ColumnElement[bool], ...]:
    trials = tables.trials
    if one:
        return (trials.c.trial_id == sa.bindparam("trial"),)
    return (
        trials.c.study_id == sa.bindparam("study"),
        trials.c.trial_id >= sa.bindparam("first"),
        trials.c.number < sa.bindparam("admitted"),
    )


@prepared
def _trials(tables: Optuna, *, one: bool) -> sa.Select[Any]:
    trials = tables.trials
    query = sa.select(trials.c.trial_id, trials.c.state).where(*_conditions(tables, one=one))
    return query.order_by(trials.c.number)


@prepared
def _children(tables: Optuna, table: sa.Table, key: str, value: str, *, one: bool) -> sa.Select[Any]:
    trials = tables.trials
    joined = sa.join(table, trials, table.c.trial_id == trials.c.trial_id)
    query = sa.select(table.c.trial_id, table.c[key], table.c[value]).select_from(joined)
    return query.where(*_conditions(tables, one=one))


def _columns(rows: list[tuple[int, TrialState]], tables: Optuna, space: Space, children: Children) -> History:
    """Return the columns of trials, (key, state) ascending by number.

    What somebody else has written through Optuna need not make sense: points of a curve that are not the
    first, second, ... are left out, and a trial whose parameters are not in the space has failed.
    """
    place = {trial_id: i for i, (trial_id, _) in enumerate(rows)}
    column = {name: j for j, name in enumerate(space.names)}
    internal = np.full((len(rows), len(space)), np.nan)
    for trial_id, name, value in children(tables.trial_params, "param_name", "param_value"):
        if name in column:
            internal[place[trial_id], column[name]] = value
    values = np.full(len(rows), np.nan)
    for trial_id, _, value in children(tables.trial_values, "objective", "value"):
        values[place[trial_id]] = np.nan if value is None else value
    points = list(children(tables.trial_intermediate_values, "step", "intermediate_value"))
    lengths = Counter(trial_id for trial_id, _, _ in points)
    curves = np.full((len(rows), max(lengths.values(), default=0)), np.nan)
    for trial_id, step, accuracy in points:
        if 1 <= step <= lengths[trial_id] and accuracy is not None:
            curves[place[trial_id], step - 1] = accuracy
    states = np.array([state for _, state in rows], np.int64)
    return _sensible(History(internal=internal, states=states, values=values, curves=curves), space)


def _sensible(history: History, space: Space) -> History:
    """Return a history in which settled trials that are no point of the space, or have no value, failed."""
    settled = history.states != TrialState.RUNNING
    valued = np.isfinite(history.values) | (history.states == TrialState.FAILED)
    senseless = settled & ~(in_space(space, history.internal) & valued)
    if not senseless.any():
        return history
    return History(
        internal=history.internal,
        states=np.where(senseless, TrialState.FAILED, history.states),
        values=np.where(senseless, np.nan, history.values),
        curves=np.where(senseless[:, None], np.nan, history.curves),
    )
