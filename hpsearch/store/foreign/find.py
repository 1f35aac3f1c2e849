"""Studies that Optuna alone has made, found by name, with the space that their trials show."""

import json
from collections.abc import Sequence
from datetime import UTC

import numpy as np
import sqlalchemy as sa

from hpsearch.errors import NotFoundError, did_you_mean
from hpsearch.search import TrialState
from hpsearch.space import RecordedParameter, Space, observed_space, recorded_parameters
from hpsearch.space.checks import cut
from hpsearch.store.records.records import Recorded, Study
from hpsearch.store.schema.deleted import METRIC_NAMES
from hpsearch.store.schema.scan import read_or_blame
from hpsearch.store.schema.states import OPTUNA_STATES
from hpsearch.store.schema.tables import STUDIES, can_hold
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.studies import find
from hpsearch.study_file import NO_DATA, ObjectiveSpec, StudySpec
from hpsearch.text import printable
from hpsearch.types import Float64Array

FULL = (OPTUNA_STATES[TrialState.COMPLETE], OPTUNA_STATES[TrialState.PRUNED])
"""States of trials that have asked for all parameters that they needed."""
OBJECTIVE = "optuna:objective"
"""What the trials called: Optuna records no name of it."""
_LONGEST = 100


def find_study(tx: Transaction, name: str | None) -> Study:
    """Return a study by name, or the newest one: of hpsearch's, or for those who read of Optuna's, too.

    Raises:
        NotFoundError: There is none of that name, or none at all.
    """
    return _find_any(tx, name) if tx.foreign else find.find_study(tx, name)


def study_names(tx: Transaction) -> list[str]:
    """Return the names of all searches; for those who read also of the studies that Optuna alone has made."""
    own = find.study_names(tx) if tx.own else []
    return own + (foreign_names(tx) if tx.foreign else [])


def foreign_names(tx: Transaction) -> list[str]:
    """Return the names of the studies that Optuna alone has made, in the order of their making."""
    table = tx.tables.studies
    return list(tx.scalars(sa.select(table.c.study_name).where(_unknown(tx)).order_by(table.c.study_id)))


def _find_any(tx: Transaction, name: str | None) -> Study:
    """Return a study by name; without a name hpsearch's newest one, and without any of those Optuna's."""
    own = find.study_names(tx) if tx.own else []
    others = foreign_names(tx)
    name = find.newest(own or others) if name is None else name
    if name in others:
        return find_foreign(tx, name)
    if tx.own and (name in own or find.find_named(tx, name) is not None):
        return find.find_study(tx, name)
    raise NotFoundError(f"there is no study {name!r}{did_you_mean(name, own + others)}")


def _unknown(tx: Transaction) -> sa.ColumnElement[bool]:
    """Return what picks the studies that are not in the ledger."""
    if not tx.own:
        return sa.true()
    return ~sa.exists().where(STUDIES.c.study_id == tx.tables.studies.c.study_id)


def find_foreign(tx: Transaction, name: str, *, bare: bool = False) -> Study:
    """Return a study that Optuna alone has made.

    Args:
        tx: The transaction.
        name: Its name.
        bare: Whether its space is left out, for which the parameters of all trials are looked at.

    Raises:
        NotFoundError: There is none of that name.
        StorageError: Its rows say what they cannot.
    """
    return read_or_blame(
        tx.connection, tx.tables, lambda: _foreign(tx, name, bare=bare), about=name, own=False
    )


def _foreign(tx: Transaction, name: str, *, bare: bool) -> Study:
    studies, trials = tx.tables.studies, tx.tables.trials
    picked = (studies.c.study_name == name, _unknown(tx))
    study_id = tx.scalar(sa.select(studies.c.study_id).where(*picked)) if can_hold(name) else None
    if study_id is None:
        raise NotFoundError(f"study {name!r} was deleted from the database while it was read")
    mine = trials.c.study_id == study_id
    n, first = tx.execute(sa.select(sa.func.count(), sa.func.min(trials.c.datetime_start)).where(mine)).one()
    parameters = {} if bare else _parameters(tx, study_id)
    space = observed_space([p.parameter for p in parameters.values()], _presence(tx, study_id, parameters))
    directions = _directions(tx, study_id)
    return Study(
        study_id=study_id,
        name=name,
        search_id=study_id,
        contract={},
        searched={},
        base="",
        budget=n,
        parallelism=1,
        attempts=1,
        created_at=0.0 if first is None else first.replace(tzinfo=UTC).timestamp(),
        recorded=Recorded(
            spec=_spec(space, direction=directions[0], value=_value_name(tx, study_id), n_trials=n),
            parameters=parameters,
            objectives=len(directions),
        ),
    )


def _spec(space: Space, *, direction: str, value: str | None, n_trials: int) -> StudySpec:
    return StudySpec(
        name="study",
        seed=0,
        trials=max(1, min(n_trials, 1_000_000)),
        parallelism=1,
        data=NO_DATA,
        model={},
        space=space,
        objective=ObjectiveSpec(call=OBJECTIVE, metric=value, direction=direction),
    )


def _directions(tx: Transaction, study_id: int) -> list[str]:
    """Return the direction of each objective; a study that has none yet is minimized, as Optuna does."""
    table = tx.tables.study_directions
    query = sa.select(table.c.direction).where(table.c.study_id == study_id).order_by(table.c.objective)
    found = [str(direction).lower() for direction in tx.scalars(query)]
    return [one if one == "maximize" else "minimize" for one in found] or ["minimize"]


def _value_name(tx: Transaction, study_id: int) -> str | None:
    """Return what the study calls its value, or ``None`` where it was given no name."""
    table = tx.tables.study_system_attributes
    mine = (table.c.study_id == study_id, table.c.key == METRIC_NAMES)
    text = tx.scalar(sa.select(table.c.value_json).where(*mine))
    names = [] if text is None else json.loads(text)
    name = names[0] if isinstance(names, list) and names and isinstance(names[0], str) else ""
    return cut(printable(name).replace("\n", " "), _LONGEST).strip() or None


def _parameters(tx: Transaction, study_id: int) -> dict[str, RecordedParameter]:
    """Return name -> parameter, in the order in which the trials first asked for them."""
    params, trials = tx.tables.trial_params, tx.tables.trials
    of_study = (trials.c.trial_id == params.c.trial_id, trials.c.study_id == study_id)
    first = sa.func.min(params.c.param_id)
    query = (
        sa.select(params.c.param_name, params.c.distribution_json)
        .where(*of_study)
        .group_by(params.c.param_name, params.c.distribution_json)
        .order_by(first)
    )

    def numbers(name: str) -> Sequence[float]:
        values = sa.select(params.c.param_value).distinct().where(*of_study, params.c.param_name == name)
        return [float(value) for value in tx.scalars(values)]

    return recorded_parameters([(name, text) for name, text in tx.execute(query)], numbers)


def _presence(tx: Transaction, study_id: int, parameters: dict[str, RecordedParameter]) -> Float64Array:
    """Return the internal values of the full trials, ``(n, n_parameters)``; no rows where none lacks any."""
    params, trials = tx.tables.trial_params, tx.tables.trials
    if not parameters:
        return np.empty((0, 0))
    full = (trials.c.study_id == study_id, trials.c.state.in_(FULL))
    joined = (trials.c.trial_id == params.c.trial_id, *full)
    n = int(tx.scalar(sa.select(sa.func.count()).select_from(trials).where(*full)) or 0)
    n_values = int(tx.scalar(sa.select(sa.func.count()).select_from(params).where(*joined)) or 0)
    if n_values == n * len(parameters):
        return np.empty((0, len(parameters)))
    column = {name: j for j, name in enumerate(parameters)}
    rows = tx.execute(
        sa.select(params.c.trial_id, params.c.param_name, params.c.param_value).where(*joined)
    ).all()
    place = {trial_id: i for i, trial_id in enumerate(dict.fromkeys(row[0] for row in rows))}
    internal = np.full((n, len(parameters)), np.nan)
    for trial_id, name, value in rows:
        internal[place[trial_id], column[name]] = parameters[name].internal(float(value))
    return internal
