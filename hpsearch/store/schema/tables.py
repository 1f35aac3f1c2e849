"""The tables: Optuna's, as they are found in the database, and hpsearch's own beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection


class AttemptOutcome(StrEnum):
    """The end of an attempt."""

    FINISHED = "finished"
    RELEASED = "released"
    EXPIRED = "expired"
    CRASHED = "crashed"
    OVERRULED = "overruled"


class Control(StrEnum):
    """An order to all workers of a study; each obeys within a heartbeat."""

    RUN = "run"
    PAUSE = "pause"
    STOP = "stop"
    CANCEL = "cancel"


OWN = sa.MetaData()
"""The tables that hpsearch adds, each with a ``study_id``; ``alembic/`` makes them."""

STUDIES = sa.Table(
    "hpsearch_studies",
    OWN,
    sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("contract", sa.Text, nullable=False),
    sa.Column("base", sa.Text, nullable=False),
    sa.Column("budget", sa.Integer, nullable=False),
    sa.Column("parallelism", sa.Integer, nullable=False),
    sa.Column("admitted", sa.Integer, nullable=False),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="3"),
    sa.Column("search_id", sa.Integer, nullable=False, server_default="0"),
    sa.Column("control", sa.String(8), nullable=False, server_default="run"),
    sa.Column("newest_trial_id", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reopened", sa.Integer, nullable=False, server_default="0"),
    sa.Column("stop_number", sa.Integer),
    sa.Column("stop_rule", sa.String(16)),
    sa.Column("stop_text", sa.Text),
    sa.Column("changes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("artifacts", sa.Text),
    sa.Column("strict", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("adopted", sa.Integer, nullable=False, server_default="0"),
)
"""One row a study: what was agreed, and how many trials have been admitted.

``base`` is the folder that relative data paths start from: that of the study file, as the last start saw it.
``attempts`` is how often a trial may kill its worker. ``search_id`` is the search whose ``control`` the study
obeys: its own, or that of the search it confirms. No trial of the study up to the key ``newest_trial_id`` is
unknown to the ledger. ``reopened`` counts the failed trials that were tried again on request, ``changes`` the
times that the study went on under other terms. ``stop_number`` is the first trial that is not begun because a
rule has ended the study; ``stop_rule`` and ``stop_text`` say which, and why. ``artifacts`` is where the
study's files are for every machine: a folder that all of them see, or an address. ``strict``: workers that do
not run on what the first one ran on are refused. ``adopted`` is the number after the last trial that the
ledger took in and did not write: proposals made from a shorter history saw other parameters there.
"""

ATTEMPTS = sa.Table(
    "hpsearch_attempts",
    OWN,
    sa.Column("trial_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("study_id", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("token", sa.String(32), nullable=False),
    sa.Column("worker_id", sa.Integer, nullable=False),
    sa.Column("claimed_at", sa.Float(53), nullable=False),
    sa.Column("lease_until", sa.Float(53), nullable=False),
    sa.Column("ended_at", sa.Float(53)),
    sa.Column("outcome", sa.String(16)),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("alone", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("note", sa.Text),
    sa.Column("digest", sa.String(64)),
)
"""One row for each time that a trial was claimed.

Legal moves of ``outcome``: NULL (held) -> an ``AttemptOutcome``; expired -> NULL when its worker comes back
before another worker has taken the trial over. ``open`` marks the latest attempt of a trial that is not
settled: there is exactly one for each such trial. ``alone``: no other trial was claimed with it. ``note``:
the error that ended it. ``digest``: that of the settled trial, with the attempt that settled it.
"""

sa.Index(
    "hpsearch_attempts_open",
    ATTEMPTS.c.study_id,
    ATTEMPTS.c.number,
    unique=True,
    sqlite_where=ATTEMPTS.c.open,  # on PostgreSQL too; saying so here would import its dialect, 20 ms
)

OPEN: sa.ColumnElement[bool] = sa.literal_column("hpsearch_attempts.open")
"""``ATTEMPTS.c.open`` as a condition: SQLite would not use the index for ``open = 1``."""

ROUNDS = sa.Table(
    "hpsearch_rounds",
    OWN,
    sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("first_number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("stage", sa.String(32), nullable=False),
    sa.Column("low", sa.JSON, nullable=False),
    sa.Column("high", sa.JSON, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False, server_default="{}"),
)
"""One row a random round: its box in unit coordinates, why, and the numbers a parameter that decided it."""

WORKERS = sa.Table(
    "hpsearch_workers",
    OWN,
    sa.Column("worker_id", sa.Integer, primary_key=True),
    sa.Column("study_id", sa.Integer, nullable=False, index=True),
    sa.Column("host", sa.String(256), nullable=False),
    sa.Column("process", sa.String(128), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started_at", sa.Float(53), nullable=False),
    sa.Column("beat_at", sa.Float(53), nullable=False),
    sa.Column("ended_at", sa.Float(53)),
    sa.Column("spent", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("environment", sa.JSON, nullable=False, server_default="{}"),
)
"""One row per worker process; ``process`` distinguishes it from any other process that ever ran.

``spent`` is where its time went until its last sign of life, activity -> seconds; ``environment`` what it
runs on.
"""

CHECKPOINTS = sa.Table(
    "hpsearch_checkpoints",
    OWN,
    sa.Column("trial_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("study_id", sa.Integer, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("curve", sa.JSON, nullable=False),
    sa.Column("saved_at", sa.Float(53), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("data", sa.LargeBinary),
)
"""One row a trial that was handed back half-way: its curve until then, and the state of its lane.

``digest`` is the SHA-256 of that state; ``data`` holds it, or is NULL where the study's artifact store does.
The row goes when the trial is settled.
"""

TRAININGS = sa.Table(
    "hpsearch_trainings",
    OWN,
    sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("worker_id", sa.Integer),
    sa.Column("lease_until", sa.Float(53), nullable=False),
    sa.Column("ended_at", sa.Float(53)),
    sa.Column("data", sa.LargeBinary),
)
"""One row a training that the verdict of a search needs, until the verdict is stored.

``key`` is the SHA-256 of what it trains. ``data`` is its result once it has ``ended_at``, and its checkpoint
until then; NULL where nothing is kept. No worker has it where ``lease_until`` is past.
"""

prepared = lru_cache(maxsize=64)
"""Keeps the statements that a function makes of tables: making one takes five times as long as running it."""


@dataclass(frozen=True, slots=True)
class Optuna:
    """Optuna's tables, as reflected; each attribute has the table's name."""

    _seen: ClassVar[dict[str, Self]] = {}

    studies: sa.Table
    study_directions: sa.Table
    study_user_attributes: sa.Table
    study_system_attributes: sa.Table
    trials: sa.Table
    trial_params: sa.Table
    trial_values: sa.Table
    trial_intermediate_values: sa.Table
    trial_user_attributes: sa.Table
    trial_system_attributes: sa.Table

    @classmethod
    def reflect(cls, connection: Connection) -> Self:
        """Return the tables as the database describes them: read once a process and kind of database.

        Columns and primary keys are read, 3 ms on SQLite; foreign keys, indexes and checks are the database's
        own affair, and would take 7 ms more. One revision of Optuna's schema is known, which ``check_schema``
        has found, so every other database has the same.

        Raises:
            sqlalchemy.exc.NoSuchTableError: One of them is not there.
        """
        kind = connection.dialect.name
        if kind not in cls._seen:
            names = [field.name for field in fields(cls)]
            about = sa.inspect(connection)
            keys = {name: key for (_, name), key in about.get_multi_pk_constraint(filter_names=names).items()}
            found = {name: all_ for (_, name), all_ in about.get_multi_columns(filter_names=names).items()}
            made = {name: _table(name, found.get(name, ()), keys.get(name)) for name in names}
            cls._seen[kind] = cls(**made)
        return cls._seen[kind]


def _table(name: str, columns: Sequence[Any], key: Any) -> sa.Table:
    if not columns:
        raise sa.exc.NoSuchTableError(name)
    keys = set(key["constrained_columns"]) if key else set()
    made = (
        sa.Column(one["name"], one["type"], nullable=one["nullable"], primary_key=one["name"] in keys)
        for one in columns
    )
    return sa.Table(name, sa.MetaData(), *made)


def can_hold(text: str) -> bool:
    """Return whether a database can hold a text: half a character, or a zero, it cannot."""
    return "\0" not in text and text == text.encode(errors="replace").decode()


def numbered(table: sa.Table, study_id: int, number: int) -> sa.ColumnElement[bool]:
    """Return what picks one trial of a study; nothing for a number that no database can hold."""
    fits = -(2**63) <= number < 2**63
    return sa.and_(table.c.study_id == study_id, table.c.number == number) if fits else sa.false()


def by_key(trials: Any, dialect: str) -> sa.ColumnElement[bool]:
    """Return what picks the trials of ``:study`` where a range of keys is given as well.

    PostgreSQL is kept from the index of studies: before its statistics know the table, in the first minute of
    a fleet, it would walk through all of a study for the few trials of the range.
    """
    study = sa.bindparam("study", type_=sa.Integer)
    plain: sa.ColumnElement[int] = trials.c.study_id
    return (plain + 0 if dialect == "postgresql" else plain) == study
