"""All trials of a study, one row each, read in batches so that memory does not grow with the study."""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeAlias, TypeVar

import sqlalchemy as sa

from hpsearch.errors import NotFoundError
from hpsearch.search import TrialState
from hpsearch.space import Value
from hpsearch.store.records.records import Study
from hpsearch.store.schema.rules import expect_column
from hpsearch.store.schema.states import STATES
from hpsearch.store.schema.tables import ATTEMPTS
from hpsearch.store.schema.transaction import Transaction

T = TypeVar("T")

BATCH = 2000
"""Trials read at a time: 5 MiB with 3 parameters and 5 epochs."""

_NOT_FINITE = {"INF": math.inf, "INF_POS": math.inf, "INF_NEG": -math.inf, "NAN": math.nan}
"""How Optuna marks numbers that it stores as NULL."""

Part: TypeAlias = tuple[sa.ColumnElement[bool], ...]
"""Which trials are meant, as conditions on their table."""
Cells: TypeAlias = Mapping[int, Mapping[Any, Any]]
"""Trial key -> name -> content; a trial without any has an empty mapping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """A trial as it stands in the database.

    Attributes:
        number: Its number.
        state: Where it stands.
        stage: Where its parameters came from; ``None`` for a trial that hpsearch did not make.
        value: Its result, or ``None``.
        params: Name -> value, of those parameters of the space that it has.
        curve: Validation accuracy after each epoch, from 1: epoch -> accuracy.
        attempts: How often it was claimed.
        started: When it was first claimed, UTC, or ``None``.
        ended: When it was settled, UTC, or ``None``.
        reason: Why it did not complete, or ``None``.
    """

    number: int
    state: TrialState
    stage: str | None
    value: float | None
    params: Mapping[str, Value]
    curve: Mapping[int, float]
    attempts: int
    started: datetime | None
    ended: datetime | None
    reason: str | None

    @property
    def seconds(self) -> float | None:
        """From its first claim to its end; ``None`` while it is not settled."""
        if self.started is None or self.ended is None:
            return None
        return (self.ended - self.started).total_seconds()


def read_epochs(tx: Transaction, study: Study) -> list[int]:
    """Return the epochs that any curve of a study has a point at, ascending."""
    points, trials = tx.tables.trial_intermediate_values, tx.tables.trials
    query = (
        sa.select(points.c.step)
        .distinct()
        .join(trials, trials.c.trial_id == points.c.trial_id)
        .where(trials.c.study_id == study.study_id)
    )
    return sorted(tx.scalars(query))


class _Reads(Protocol):
    """The part of a ledger that rows are read with."""

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Return what a function returns of a reading transaction."""


def read_export_rows(ledger: _Reads, study: Study) -> Iterator[ExportRow]:
    """Give the trials that a study has now, in the order of their keys, which is that of their numbers.

    Each batch is a transaction of its own, so a slow reader of the rows holds nothing up. Settled trials
    never change; what is given of a running one is as of its batch.

    Raises:
        NotFoundError: The study is deleted meanwhile.
    """
    last = ledger.read(partial(_newest, study=study))
    after = -1
    while after < last:
        after, rows = ledger.read(partial(_read_batch, study=study, after=after, last=last))
        if not rows:
            raise NotFoundError(f"study {study.name!r} was deleted from the database while it was read")
        yield from rows


def number_of(content: Any, mark: str | None) -> Any:
    """Return a number as it was reported: where Optuna stores none, its mark says which one was meant."""
    return _NOT_FINITE.get(mark or "") if content is None else content


def _newest(tx: Transaction, *, study: Study) -> int:
    trials = tx.tables.trials
    newest = tx.scalar(sa.select(sa.func.max(trials.c.trial_id)).where(trials.c.study_id == study.study_id))
    return -1 if newest is None else int(newest)


def _read_batch(tx: Transaction, *, study: Study, after: int, last: int) -> tuple[int, list[ExportRow]]:
    """Return the key of the last trial read, and the rows; no rows when there are no such trials."""
    table = tx.tables.trials
    part = (
        table.c.study_id == study.study_id,
        table.c.trial_id > after,
        table.c.trial_id <= last,
    )
    names = ("trial_id", "number", "state", "datetime_start", "datetime_complete")
    query = sa.select(*(table.c[name] for name in names)).where(*part)
    trials = tx.execute(query.order_by(table.c.trial_id).limit(BATCH)).all()
    if not trials:
        return -1, []
    for name in names[1:]:
        if name != "state":  # its column has a type that refuses other words
            expect_column(table.name, name, (getattr(trial, name) for trial in trials))
    last = int(trials[-1].trial_id)
    cells = _TrialCells(tx, (*part, table.c.trial_id <= last))
    params = cells.of(tx.tables.trial_params, "param_name", "param_value")
    values = cells.of(tx.tables.trial_values, "objective", "value", kind="value_type")
    curves = cells.of(
        tx.tables.trial_intermediate_values, "step", "intermediate_value", kind="intermediate_value_type"
    )
    notes = cells.of(tx.tables.trial_user_attributes, "key", "value_json")
    recorded = study.recorded
    attempts = cells.attempts() if recorded is None else {}
    return last, [
        ExportRow(
            number=trial.number,
            state=STATES[trial.state],
            stage=_text(notes[trial.trial_id].get("stage")) if recorded is None else None,
            value=values[trial.trial_id].get(0),
            params=_external(study, params[trial.trial_id]),
            curve=dict(sorted(curves[trial.trial_id].items())),
            attempts=attempts.get(trial.trial_id, 0),
            started=trial.datetime_start,
            ended=trial.datetime_complete,
            reason=_text(notes[trial.trial_id].get("reason")) if recorded is None else None,
        )
        for trial in trials
    ]


@dataclass(frozen=True, slots=True)
class _TrialCells:
    """Reads what other tables say of some trials.

    Attributes:
        tx: The transaction.
        part: Which trials.
    """

    tx: Transaction
    part: Part

    def of(self, table: sa.Table, key: str, value: str, kind: str | None = None) -> Cells:
        """Return trial key -> key column -> value column; ``kind`` says what a NULL stands for."""
        trials = self.tx.tables.trials
        marks = table.c[kind] if kind else sa.null()
        query = sa.select(table.c.trial_id, table.c[key], table.c[value], marks)
        joined = query.join(trials, trials.c.trial_id == table.c.trial_id).where(*self.part)
        cells: defaultdict[int, dict[Any, Any]] = defaultdict(dict)
        rows = self.tx.execute(joined).all()
        expect_column(table.name, key, (row[1] for row in rows))
        expect_column(table.name, value, (row[2] for row in rows))
        for trial_id, name, content, mark in rows:
            cells[trial_id][name] = number_of(content, mark)
        return cells

    def attempts(self) -> Mapping[int, int]:
        """Return trial key -> how often it was claimed."""
        trials = self.tx.tables.trials
        query = sa.select(ATTEMPTS.c.trial_id, sa.func.count())
        joined = query.join(trials, trials.c.trial_id == ATTEMPTS.c.trial_id).where(*self.part)
        rows = self.tx.execute(joined.group_by(ATTEMPTS.c.trial_id))
        return {row[0]: row[1] for row in rows}


def _external(study: Study, stored: Mapping[str, float]) -> dict[str, Value]:
    """Return name -> value; of a study that Optuna alone has made as the space has it: one type a column."""
    if study.recorded is None:
        return {p.name: p.external(stored[p.name]) for p in study.space if p.name in stored}
    return {
        one.parameter.name: one.parameter.external(one.internal(float(stored[name])))
        for name, one in study.recorded.parameters.items()
        if name in stored
    }


def _text(note: str | None) -> str | None:
    """Return an attribute as text: other programs may have written anything there through Optuna."""
    content = None if note is None else json.loads(note)
    return content if content is None or isinstance(content, str) else note
