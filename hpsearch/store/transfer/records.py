"""A study as plain records that another database can hold, and such records as a study.

What a database gives its rows, their keys, is left out: trials are told by their numbers, workers by their
places. So is what belongs to the machines: the folder of the data, the store of the files. Every other column
travels by its name, and so will one that a later version adds.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import BundleError, StorageError, to_type
from hpsearch.store.attempts.adopt import NO_WORKER
from hpsearch.store.database.columns import add_rows
from hpsearch.store.schema.rules import CELLS
from hpsearch.store.schema.tables import ATTEMPTS, ROUNDS, STUDIES, WORKERS, AttemptOutcome
from hpsearch.store.schema.transaction import Transaction

BATCH = 1000
"""Trials that are read or written at a time: 3 MiB with 3 parameters and 5 epochs."""

STUDY_TABLES = ("study_directions", "study_user_attributes", "study_system_attributes")
TRIAL_TABLES = (
    "trial_params",
    "trial_values",
    "trial_intermediate_values",
    "trial_user_attributes",
    "trial_system_attributes",
)
"""Optuna's tables that say something of a study, and of a trial."""

_KEYS = {"study_id", "trial_id", "search_id", "newest_trial_id", "base", "artifacts", "contract"}
"""Columns that mean nothing elsewhere, and the contract, which is no text here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRecords:
    """A study as plain records.

    Attributes:
        head: What there is of the study itself: ``name``, ``contract``, ``newest`` (the last number that the
            ledger knows, or -1), and table -> rows.
        trials: Gives each trial, by number: its own columns and table -> rows. It may be called again.
    """

    head: Mapping[str, Any]
    trials: Callable[[], Iterator[Mapping[str, Any]]]


def read_records(tx: Transaction, study_id: int, name: str) -> StudyRecords:
    """Return a study, its trials to be read while the transaction lasts.

    Raises:
        StorageError: Two trials have one number.
    """
    trials = tx.tables.trials
    twice = sa.select(trials.c.number).where(trials.c.study_id == study_id)
    number = tx.scalar(twice.group_by(trials.c.number).having(sa.func.count() > 1).limit(1))
    if number is not None:
        raise StorageError(f"study {name!r}: expected one trial {number}, found more; {to_type('db check')}")
    row = tx.execute(sa.select(STUDIES).where(STUDIES.c.study_id == study_id)).one()
    known = sa.select(sa.func.max(trials.c.number)).where(
        trials.c.study_id == study_id, trials.c.trial_id <= row.newest_trial_id
    )
    last = tx.scalar(known)
    head = {"name": name, "contract": json.loads(row.contract), "newest": -1 if last is None else int(last)}
    for table in (STUDIES, ROUNDS, WORKERS, *(getattr(tx.tables, name) for name in STUDY_TABLES)):
        query = sa.select(table).where(table.c.study_id == study_id).order_by(*table.primary_key)
        head[table.name] = [_record(table, found) for found in tx.execute(query)]
    keys = sa.select(WORKERS.c.worker_id).where(WORKERS.c.study_id == study_id).order_by(WORKERS.c.worker_id)
    places = {int(key): place for place, key in enumerate(tx.scalars(keys), start=1)}
    return StudyRecords(head=head, trials=lambda: _read_trials(tx, study_id, places))


def write_records(tx: Transaction, records: StudyRecords, *, base: str, search_id: int | None) -> int:
    """Write a study that is not there yet; return its key.

    Workers that were at work on it elsewhere are not at work here: the trials that they held are released.

    Args:
        tx: The transaction.
        records: The study.
        base: The folder that relative data paths start from.
        search_id: The key of the search that it confirms, or ``None`` for a search.

    Raises:
        BundleError: The records do not make a study.
    """
    head = records.head
    studies = tx.tables.studies
    query = sa.insert(studies).values(study_name=_text(head["name"])).returning(studies.c.study_id)
    study_id = int(tx.scalar(query) or 0)
    for name in STUDY_TABLES:
        _add(tx, getattr(tx.tables, name), head[name], study_id=study_id)
    (row,) = head[STUDIES.name]
    own = {"study_id": study_id, "search_id": search_id or study_id, "base": base}
    own["contract"] = json.dumps(head["contract"], sort_keys=True)
    _add(tx, STUDIES, [row], **own)
    _add(tx, ROUNDS, head[ROUNDS.name], study_id=study_id)
    workers = [_add_worker(tx, worker, study_id) for worker in head[WORKERS.name]]
    newest = _write_trials(tx, records, study_id=study_id, workers=[NO_WORKER, *workers])
    mine = STUDIES.c.study_id == study_id
    tx.execute(sa.update(STUDIES).where(mine).values(newest_trial_id=newest))
    return study_id


def _read_trials(tx: Transaction, study_id: int, workers: Mapping[int, int]) -> Iterator[Mapping[str, Any]]:
    trials, after = tx.tables.trials, -1
    query = sa.select(trials).where(trials.c.study_id == study_id).order_by(trials.c.number).limit(BATCH)
    while rows := tx.execute(query.where(trials.c.number > after)).all():
        keys = [int(row.trial_id) for row in rows]
        children = {name: _children(tx, getattr(tx.tables, name), keys) for name in TRIAL_TABLES}
        attempts = _children(tx, ATTEMPTS, keys)
        for row in rows:
            record = _record(trials, row)
            record |= {name: found.get(row.trial_id, []) for name, found in children.items()}
            mine = attempts.get(row.trial_id, [])
            record[ATTEMPTS.name] = [a | {"worker_id": workers.get(a["worker_id"], NO_WORKER)} for a in mine]
            yield record
        after = rows[-1].number


def _children(
    tx: Transaction, table: sa.Table, trial_ids: Sequence[int]
) -> Mapping[int, list[dict[str, Any]]]:
    query = sa.select(table).where(table.c.trial_id.in_(trial_ids)).order_by(*table.primary_key)
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in tx.execute(query):
        found[row.trial_id].append(_record(table, row))
    return found


def _record(table: sa.Table, row: Any) -> dict[str, Any]:
    values = {column.name: getattr(row, column.name) for column in _columns(table)}
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in values.items()}


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns that mean something elsewhere."""
    given = set(table.primary_key) if len(table.primary_key) == 1 else set()
    return [column for column in table.columns if column not in given and column.name not in _KEYS]


def _write_trials(tx: Transaction, records: StudyRecords, *, study_id: int, workers: Sequence[int]) -> int:
    """Write the trials of a study; return the key of the last one that the ledger knows."""
    clock, newest, known = tx.clock(), 0, int(records.head["newest"])
    trials = records.trials()
    while batch := list(islice(trials, BATCH)):
        keys = _write_batch(tx, batch, study_id=study_id, workers=workers, clock=clock)
        newest = max((key for number, key in keys.items() if number <= known), default=newest)
    return newest


def _write_batch(
    tx: Transaction,
    trials: Sequence[Mapping[str, Any]],
    *,
    study_id: int,
    workers: Sequence[int],
    clock: float,
) -> dict[int, int]:
    rows = [_values(tx.tables.trials, trial) | {"study_id": study_id} for trial in trials]
    added = add_rows(tx.connection, tx.tables.trials, rows, "number", "trial_id")
    keys = {int(row.number): int(row.trial_id) for row in added}
    for name in TRIAL_TABLES:
        table = getattr(tx.tables, name)
        children = [
            _values(table, child) | {"trial_id": keys[trial["number"]]}
            for trial in trials
            for child in trial[name]
        ]
        if children:
            tx.add(table, children)
    attempts = [
        _values(ATTEMPTS, _handed_back(attempt, clock))
        | {"trial_id": keys[trial["number"]], "study_id": study_id}
        | {"worker_id": workers[attempt["worker_id"]]}
        for trial in trials
        for attempt in trial[ATTEMPTS.name]
    ]
    if attempts:
        tx.add(ATTEMPTS, attempts)
    return keys


def _handed_back(attempt: Mapping[str, Any], clock: float) -> Mapping[str, Any]:
    """Return an attempt without a live worker."""
    if attempt["outcome"] is not None or not attempt["open"]:
        return attempt
    return {**attempt, "outcome": AttemptOutcome.RELEASED, "ended_at": clock}


def _add_worker(tx: Transaction, worker: Mapping[str, Any], study_id: int) -> int:
    values = _values(WORKERS, worker) | {"study_id": study_id}
    if values["ended_at"] is None:
        values["ended_at"] = values["beat_at"]
    return int(tx.scalar(sa.insert(WORKERS).values(values).returning(WORKERS.c.worker_id)) or 0)


def _add(tx: Transaction, table: sa.Table, rows: Sequence[Mapping[str, Any]], **own: Any) -> None:
    if rows:
        tx.execute(sa.insert(table), [_values(table, row) | own for row in rows])


def _values(table: sa.Table, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a record as the database takes them; one that is left out has its default.

    Raises:
        BundleError: A column is none of the table's, or holds what it cannot.
    """
    columns = {column.name: column for column in _columns(table)}
    values: dict[str, Any] = {}
    for name, content in record.items():
        if name in TRIAL_TABLES or name == ATTEMPTS.name:
            continue
        if name not in columns:
            raise BundleError(f"{table.name}: expected one of {', '.join(columns)}, found {name!r}")
        values[name] = _value(columns[name], content)
    return values


def _value(column: sa.Column[Any], content: Any) -> Any:
    value = _typed(column, content)
    rule, longest = CELLS.get(column.table.name, {}).get(column.name), getattr(column.type, "length", None)
    problem = None if rule is None else rule.problem(content)
    if isinstance(content, str) and longest is not None and len(content) > longest:
        problem = f"expected at most {longest} characters, found {len(content)}"
    if problem is not None:
        raise BundleError(f"{column.table.name}.{column.name}: {problem}")
    return value


def _typed(column: sa.Column[Any], content: Any) -> Any:
    if isinstance(column.type, sa.JSON) or (content is None and column.nullable):
        return content
    kind = column.type.python_type
    if kind is datetime and isinstance(content, str):
        return datetime.fromisoformat(content)
    if kind is float and type(content) is int:
        return float(content)
    if not isinstance(content, kind) or (kind is int and isinstance(content, bool)):
        raise BundleError(f"{column.table.name}.{column.name}: expected {kind.__name__}, found {content!r}")
    return content


def _text(content: object) -> str:
    if not isinstance(content, str) or not content:
        raise BundleError(f"name: expected that of a study, found {content!r}")
    return content
