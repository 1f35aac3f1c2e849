"""Reading the history: trials as columns, from the first one that may have changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.search import History, TrialState
from hpsearch.spec import Space
from hpsearch.store.records import Study
from hpsearch.store.results import OPTUNA_STATES
from hpsearch.store.tables import Optuna

STATES = {name: state for state, name in OPTUNA_STATES.items()}

Children: TypeAlias = Callable[[sa.Table, str, str], Iterable[Any]]
"""(table, key column, value column) -> rows of (trial key, key, value)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A history, and where to read on from.

    Attributes:
        history: The trials read so far.
        first_changing: All trials below this key are final.
    """

    history: History
    first_changing: int = 0


def read_history(connection: Connection, tables: Optuna, study: Study, space: Space, known: Known) -> Known:
    """Return the study's history; of what was ``known``, only trials that were not settled are read again."""
    kept = known.history.up_to(known.history.settled_prefix)
    trials = tables.trials
    part = (trials.c.study_id == study.study_id, trials.c.trial_id >= known.first_changing)
    query = sa.select(trials.c.trial_id, trials.c.state).where(*part).order_by(trials.c.number)
    rows = [(int(trial_id), STATES[state]) for trial_id, state in connection.execute(query)]
    if not rows:
        return known

    def children(table: sa.Table, key: str, value: str) -> Iterable[Any]:
        joined = sa.join(table, trials, table.c.trial_id == trials.c.trial_id)
        columns = (table.c.trial_id, table.c[key], table.c[value])
        return connection.execute(sa.select(*columns).select_from(joined).where(*part))

    fresh = _columns(rows, tables, space, children)
    unsettled = [trial_id for trial_id, state in rows if state is TrialState.RUNNING]
    return Known(
        history=kept.followed_by(fresh),
        first_changing=unsettled[0] if unsettled else rows[-1][0] + 1,
    )


def _columns(rows: list[tuple[int, TrialState]], tables: Optuna, space: Space, children: Children) -> History:
    """Return the columns of trials, (key, state) ascending by number."""
    place = {trial_id: i for i, (trial_id, _) in enumerate(rows)}
    column = {name: j for j, name in enumerate(space.names)}
    internal = np.full((len(rows), len(space)), np.nan)
    for trial_id, name, value in children(tables.trial_params, "param_name", "param_value"):
        internal[place[trial_id], column[name]] = value
    values = np.full(len(rows), np.nan)
    for trial_id, _, value in children(tables.trial_values, "objective", "value"):
        values[place[trial_id]] = value
    points = list(children(tables.trial_intermediate_values, "step", "intermediate_value"))
    curves = np.full((len(rows), max((step for _, step, _ in points), default=0)), np.nan)
    for trial_id, step, accuracy in points:
        curves[place[trial_id], step - 1] = accuracy
    states = np.array([state for _, state in rows], np.int64)
    return History(internal=internal, states=states, values=values, curves=curves)
