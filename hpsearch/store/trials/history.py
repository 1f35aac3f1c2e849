"""The history of a study: trials as columns, read from the first one that may have changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import index
from typing import Any

import numpy as np
import sqlalchemy as sa

from hpsearch.errors import StorageError, to_type
from hpsearch.search import History, TrialState
from hpsearch.space import Space, complete, in_space
from hpsearch.store.database.columns import among, packed, read_rows
from hpsearch.store.records.records import Study
from hpsearch.store.schema.rules import expect_cells
from hpsearch.store.schema.states import STATES
from hpsearch.store.schema.tables import STUDIES, Optuna, by_key, prepared
from hpsearch.store.schema.transaction import Transaction

_STUDY = sa.select(STUDIES.c.admitted, STUDIES.c.reopened, STUDIES.c.newest_trial_id).where(
    STUDIES.c.study_id == sa.bindparam("study")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHistory:
    """A history, and where to read on from.

    Attributes:
        history: The trials read so far.
        first_changing: All trials below this key are final.
        reopened: How often a failed trial of the study had been tried again on request.
    """

    history: History
    first_changing: int = 0
    reopened: int = 0


def read_history(tx: Transaction, study: Study, known: KnownHistory | None = None) -> KnownHistory:
    """Return the study's history; of what was ``known``, only trials that have changed are read again.

    Curves of trials that run are left out: no trial may see them yet.

    Raises:
        StorageError: There are more or fewer trials than were handed out.
    """
    found = tx.execute(_STUDY, {"study": study.study_id}).one_or_none()
    if found is None:
        return known or KnownHistory(history=History.empty(len(study.space), sign=study.sign))
    expect_cells(STUDIES.name, found._asdict())
    return read_on(tx, study, known, (found.admitted, found.reopened, found.newest_trial_id))


def read_on(
    tx: Transaction, study: Study, known: KnownHistory | None, head: tuple[int, int, int]
) -> KnownHistory:
    """Return ``read_history``, where the row of the study has been read.

    Args:
        tx: The transaction.
        study: The study.
        known: An earlier history.
        head: ``admitted``, ``reopened`` and ``newest_trial_id`` of the row.

    Raises:
        StorageError: There are more or fewer trials than were handed out.
    """
    space = study.space
    nothing = History.empty(len(space), sign=study.sign)
    known = known or KnownHistory(history=nothing)
    admitted, reopened, newest = head
    if reopened != known.reopened:
        known = KnownHistory(history=nothing, reopened=reopened)
    part = {"study": study.study_id, "admitted": admitted}
    dialect = tx.dialect
    query = _trials(tx.tables, dialect)
    if known.first_changing:
        query = _later_trials(tx.tables, dialect)
        part |= {"first": known.first_changing, "newest": newest}
    rows = [(int(key), STATES[state]) for key, state in read_rows(tx.connection, query, part)]
    first = known.history.settled_prefix if known.first_changing else 0
    if first + len(rows) != index(admitted):  # each row's place is its number, so none of them would be right
        raise damaged_study(study, f"{admitted} trials were handed out, and {first + len(rows)} are there")
    if not rows:
        return known
    changed = _changed(known.history, space, first, [state for _, state in rows])
    if changed:
        fresh = _read(tx, study, [rows[place - first] for place in changed])
        known = replace(known, history=known.history.with_rows(changed, fresh))
    unsettled = (key for key, state in rows if state is TrialState.RUNNING)
    return replace(known, first_changing=next(unsettled, rows[-1][0] + 1))


def damaged_study(study: Study, what: str) -> StorageError:
    """Return the error of a study whose rows another program has changed."""
    return StorageError(
        f"study {study.name!r}: {what}; another program has changed the database\n"
        f"{to_type('db check')} lists the damage; a copy from before it goes on"
    )


def _changed(history: History, space: Space, first: int, states: Sequence[TrialState]) -> list[int]:
    """Return the numbers of the trials from ``first`` on that must be read, by the states they have now.

    A trial of others may get its parameters while it runs.
    """
    known = history.part(slice(first, first + len(states)))
    same = (known.states == states[: len(known)]) & complete(space, known.internal)
    return [first + place for place in range(len(states)) if place >= len(known) or not same[place]]


def read_trial(tx: Transaction, study: Study, trial_id: int) -> History:
    """Return one trial as a history of its own."""
    query = sa.select(tx.tables.trials.c.state).where(tx.tables.trials.c.trial_id == trial_id)
    return _read(tx, study, [(trial_id, STATES[tx.execute(query).scalar_one()])])


@prepared
def _trials(tables: Optuna, dialect: str) -> sa.Select[Any]:
    return packed(_numbered(tables.trials).where(tables.trials.c.study_id == sa.bindparam("study")), dialect)


@prepared
def _later_trials(tables: Optuna, dialect: str) -> sa.Select[Any]:
    key = tables.trials.c.trial_id
    between = key.between(sa.bindparam("first"), sa.bindparam("newest"))
    return packed(_numbered(tables.trials).where(by_key(tables.trials, dialect), between), dialect)


def _numbered(trials: sa.Table) -> sa.Select[Any]:
    query = sa.select(trials.c.trial_id, trials.c.state).where(trials.c.number < sa.bindparam("admitted"))
    return query.order_by(trials.c.number)


_Rows = list[tuple[int, Any, Any]]
"""Key of a trial, name or place, and a value."""


def _children(tx: Transaction, keys: Sequence[int]) -> tuple[_Rows, _Rows, _Rows]:
    """Return parameters, values and points of curves of trials; there may be others between them."""
    first, last = min(keys), max(keys)
    sparse = tx.dialect == "postgresql" and last - first >= 2 * len(keys)
    tables = _of_trials(tx.tables, tx.dialect, sparse=sparse)
    which = {"keys": list(keys)} if sparse else {"first": first, "last": last}
    if tx.dialect != "postgresql":
        params, values, points = ([*tx.execute(table, which)] for table in tables)
        return params, values, points
    row = tx.execute(_together(tx.tables, sparse=sparse), which).one()
    params, values, points = ([*zip(*(c or () for c in row[k : k + 3]), strict=True)] for k in (0, 3, 6))
    return params, values, points


@prepared
def _of_trials(tables: Optuna, dialect: str, *, sparse: bool) -> tuple[sa.Select[Any], ...]:
    return tuple(
        packed(
            sa.select(table.c.trial_id, table.c[key], table.c[value]).where(
                among(table.c.trial_id, "keys", dialect)
                if sparse
                else table.c.trial_id.between(sa.bindparam("first"), sa.bindparam("last"))
            ),
            dialect,
        )
        for table, key, value in (
            (tables.trial_params, "param_name", "param_value"),
            (tables.trial_values, "objective", "value"),
            (tables.trial_intermediate_values, "step", "intermediate_value"),
        )
    )


@prepared
def _together(tables: Optuna, *, sparse: bool) -> sa.Select[Any]:
    """Return one statement for PostgreSQL, which gives one row: the lists of all three tables."""
    first, *others = (query.subquery() for query in _of_trials(tables, "postgresql", sparse=sparse))
    source: sa.FromClause = first
    for other in others:
        source = source.join(other, sa.true())
    return sa.select(*first.c, *(column for other in others for column in other.c)).select_from(source)


def _read(tx: Transaction, study: Study, rows: Sequence[tuple[int, TrialState]]) -> History:
    """Return the columns of trials, (key, state) ascending by number.

    What other programs have written through Optuna need not make sense: points of a curve that are not the
    first, second, ... are left out, and a trial whose parameters are not in the space has failed.
    """
    space = study.space
    params, values_of, points = _children(tx, [trial_id for trial_id, _ in rows])
    place = {trial_id: i for i, (trial_id, _) in enumerate(rows)}
    settled = {trial_id for trial_id, state in rows if state is not TrialState.RUNNING}
    column = {name: j for j, name in enumerate(space.names)}
    internal = np.full((len(rows), len(space)), np.nan)
    for trial_id, name, value in params:
        if trial_id in place and name in column:
            internal[place[trial_id], column[name]] = value
    values = np.full(len(rows), np.nan)
    for trial_id, _, value in values_of:
        if trial_id in settled:
            values[place[trial_id]] = np.nan if value is None else value
    points = [point for point in points if point[0] in settled]
    lengths = Counter(trial_id for trial_id, _, _ in points)
    curves = np.full((len(rows), max(lengths.values(), default=0)), np.nan)
    for trial_id, step, value in points:
        if 1 <= step <= lengths[trial_id] and value is not None:
            curves[place[trial_id], step - 1] = value
    states = np.array([state for _, state in rows], np.int64)
    history = History(
        internal=internal,
        states=states,
        values=study.sign * values,
        curves=study.sign * curves,
        sign=study.sign,
    )
    return _sensible(history, space)


def _sensible(history: History, space: Space) -> History:
    """Return a history in which settled trials that are no point of the space, or have no value, failed."""
    settled = history.states != TrialState.RUNNING
    valued = np.isfinite(history.values) | (history.states == TrialState.FAILED)
    senseless = settled & ~(in_space(space, history.internal) & valued)
    if not senseless.any():
        return history
    return replace(
        history,
        states=np.where(senseless, TrialState.FAILED, history.states),
        values=np.where(senseless, np.nan, history.values),
        curves=np.where(senseless[:, None], np.nan, history.curves),
    )
