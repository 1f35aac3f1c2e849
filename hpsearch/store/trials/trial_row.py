"""One trial, and the random rounds, as people are shown them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import NotFoundError
from hpsearch.search import TrialState
from hpsearch.search.stage import box_stage
from hpsearch.space import Space, Value
from hpsearch.store.records.records import UNSETTLED, Study
from hpsearch.store.schema.rules import expect_cells, expect_column
from hpsearch.store.schema.states import STATES
from hpsearch.store.schema.tables import ATTEMPTS, ROUNDS, numbered
from hpsearch.store.schema.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """A trial as people are shown it.

    Attributes:
        number: Its number.
        state: Its state.
        stage: Where its parameters came from; empty where that is not known.
        value: Validation accuracy, or ``None``.
        params: Name -> value.
        curve: Validation accuracy after each epoch.
        attempts: How often it was claimed; ``None`` for a study that Optuna alone has made.
        seconds: From its first claim to its end, or ``None`` while it runs.
        reason: Why it did not complete, or ``None``.
        numbers: Further numbers that a function or a command gave, name -> number.
        error: The traceback of its last attempt that failed, or ``None``.
        log: The end of what that attempt printed, or ``None``.
        attributes: The user attributes of a trial of a study that Optuna alone has made, name -> JSON.
    """

    number: int
    state: TrialState
    stage: str
    value: float | None
    params: Mapping[str, Any]
    curve: tuple[float, ...] = ()
    attempts: int | None = 1
    seconds: float | None = None
    reason: str | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None
    log: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A box as it was opened: that of a random round, or of TPE.

    Attributes:
        first_number: The first trial that was proposed in it.
        stage: The stage of that trial.
        low: Lower ends of the box in unit coordinates.
        high: Upper ends.
        reason: Why the box is what it is.
        evidence: Parameter -> name -> number that the box was decided by.
    """

    first_number: int
    stage: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    reason: str
    evidence: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The round, or ``"tpe"``, also where TPE had too few results for its first trial."""
        return box_stage(self.stage)

    def box(self, space: Space) -> dict[str, tuple[Value, Value]]:
        """Return name -> the ends of the box, in the parameters' own units."""
        ends = zip(space, self.low, self.high, strict=True)
        return {
            p.name: (p.external(p.from_unit(low)), p.external(p.from_unit(high))) for p, low, high in ends
        }


def read_trial_row(tx: Transaction, study: Study, number: int) -> TrialRow:
    """Return one trial.

    Raises:
        NotFoundError: The study has no trial of that number.
    """
    table = tx.tables.trials
    query = sa.select(table).where(numbered(table, study.study_id, number))
    row = tx.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(f"study {study.name!r} has no trial {number}: expected 0 to {study.budget - 1}")
    trial_id = row.trial_id
    curve = _pairs(tx, tx.tables.trial_intermediate_values, trial_id, "step", "intermediate_value")
    value = _pairs(tx, tx.tables.trial_values, trial_id, "objective", "value")
    notes = _pairs(tx, tx.tables.trial_user_attributes, trial_id, "key", "value_json")
    attempts = sa.select(
        sa.func.count(), sa.func.min(ATTEMPTS.c.claimed_at), sa.func.max(ATTEMPTS.c.ended_at)
    ).where(ATTEMPTS.c.trial_id == trial_id)
    n_attempts, began, ended = tx.execute(attempts).one()
    state = STATES[row.state]
    return TrialRow(
        number=number,
        state=state,
        stage=json.loads(notes.get("stage", '""')),
        value=value.get(0),
        params=params_of(tx, study, trial_id),
        curve=tuple(curve[step] for step in sorted(curve)),
        attempts=n_attempts,
        seconds=None if state in UNSETTLED or ended is None else ended - began,
        reason=json.loads(notes.get("reason", "null")),
        numbers=_numbers(notes),
        error=_text(notes, "error"),
        log=_text(notes, "log"),
    )


def _numbers(notes: Mapping[str, str]) -> dict[str, float]:
    """Return the numbers that are noted of a trial; other programs may have written anything there."""
    found = json.loads(notes.get("numbers", "{}"))
    named = found.items() if isinstance(found, dict) else ()
    return {key: value for key, value in named if type(value) in {int, float}}


def _text(notes: Mapping[str, str], key: str) -> str | None:
    found = json.loads(notes.get(key, "null"))
    return found if isinstance(found, str) else None


def read_tests(tx: Transaction, study: Study) -> dict[int, float]:
    """Return number -> the test value that a function or a command gave, of the trials that have one."""
    trials, notes = tx.tables.trials, tx.tables.trial_user_attributes
    query = (
        sa.select(trials.c.number, notes.c.value_json)
        .join(notes, notes.c.trial_id == trials.c.trial_id)
        .where(trials.c.study_id == study.study_id, notes.c.key == "test")
    )
    found = {number: json.loads(text) for number, text in tx.execute(query)}
    return {number: float(value) for number, value in found.items() if type(value) in {int, float}}


def params_of(tx: Transaction, study: Study, trial_id: int) -> Mapping[str, Any]:
    """Return name -> value of a trial's parameters, as the model sees them."""
    stored = _pairs(tx, tx.tables.trial_params, trial_id, "param_name", "param_value")
    return {p.name: p.external(stored[p.name]) for p in study.space if p.name in stored}


def _pairs(tx: Transaction, table: sa.Table, trial_id: int, key: str, value: str) -> dict[Any, Any]:
    query = sa.select(table.c[key], table.c[value]).where(table.c.trial_id == trial_id)
    rows = tx.execute(query).all()
    for column, cells in ((key, (row[0] for row in rows)), (value, (row[1] for row in rows))):
        expect_column(table.name, column, cells)
    return {row[0]: row[1] for row in rows}


def read_digests(tx: Transaction, study: Study) -> list[str]:
    """Return the digests of the settled trials, in the order of their numbers."""
    query = sa.select(ATTEMPTS.c.digest).where(
        ATTEMPTS.c.study_id == study.study_id, ATTEMPTS.c.digest.is_not(None)
    )
    return list(tx.scalars(query.order_by(ATTEMPTS.c.number)))


def read_rounds(tx: Transaction, study: Study) -> list[Round]:
    """Return the random rounds that have begun, in order."""
    query = sa.select(ROUNDS).where(ROUNDS.c.study_id == study.study_id).order_by(ROUNDS.c.first_number)
    rows = tx.execute(query).all()
    for row in rows:
        expect_cells(ROUNDS.name, row._asdict())
    return [
        Round(
            first_number=row.first_number,
            stage=row.stage,
            low=tuple(row.low),
            high=tuple(row.high),
            reason=row.reason,
            evidence=row.evidence,
        )
        for row in rows
    ]
