"""The workers of a study as people are shown them: machine, process, time, environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from hpsearch.store.records.records import Study
from hpsearch.store.schema.rules import expect_cells
from hpsearch.store.schema.tables import WORKERS
from hpsearch.store.schema.transaction import Transaction


class Activity(StrEnum):
    """An activity that a worker spends time on."""

    TRAINING = "training"
    DATABASE = "database"
    PROPOSALS = "proposals"
    IDLE = "idle"
    JUDGING = "judging"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """A worker process of a study.

    Attributes:
        host: Its machine.
        pid: Its process.
        started_at: When it was enlisted, seconds since 1970.
        beat_at: Its last sign of life, seconds since 1970.
        ended_at: When it ended or was given up, seconds since 1970, or ``None`` while it is at work.
        spent: ``Activity`` -> seconds, as of its last sign of life; empty where nothing was measured.
        environment: Versions and machine: name -> text or number; empty where nothing was noted.
    """

    host: str
    pid: int
    started_at: float
    beat_at: float
    ended_at: float | None
    spent: Mapping[str, float] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)


def first_worker(tx: Transaction, study: Study) -> WorkerRow | None:
    """Return the worker that came first to a search, or to the search that a study confirms."""
    mine = WORKERS.c.study_id == study.search_id
    row = tx.execute(sa.select(WORKERS).where(mine).order_by(WORKERS.c.worker_id).limit(1)).first()
    return None if row is None else _worker(row)


def workers(tx: Transaction, study: Study) -> list[WorkerRow]:
    """Return the workers that a study has had, in the order in which they were enlisted."""
    query = sa.select(WORKERS).where(WORKERS.c.study_id == study.study_id).order_by(WORKERS.c.worker_id)
    return [_worker(row) for row in tx.execute(query)]


def _worker(row: sa.Row[Any]) -> WorkerRow:
    expect_cells(WORKERS.name, row._asdict())
    return WorkerRow(**{name: getattr(row, name) for name in WorkerRow.__dataclass_fields__})
