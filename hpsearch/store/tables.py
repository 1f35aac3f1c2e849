"""The tables: Optuna's, as they are found in the database, and hpsearch's own beside them."""

from dataclasses import dataclass, fields

import sqlalchemy as sa
from sqlalchemy.engine import Connection

OWN = sa.MetaData()
"""The tables that hpsearch adds, each with a ``study_id``; ``alembic/`` makes them."""

STUDIES = sa.Table(
    "hpsearch_studies",
    OWN,
    sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("contract", sa.Text, nullable=False),
    sa.Column("contract_hash", sa.String(64), nullable=False),
    sa.Column("base", sa.Text, nullable=False),
    sa.Column("budget", sa.Integer, nullable=False),
    sa.Column("parallelism", sa.Integer, nullable=False),
    sa.Column("admitted", sa.Integer, nullable=False),
    sa.Column("created_at", sa.Float(53), nullable=False),
)
"""One row a study: what was agreed, and how many trials have been admitted.

``base`` is the folder that relative data paths start from, on the machine that created the study.
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
)
"""One row for each time that a trial was claimed.

Legal moves of ``outcome``: NULL (held) -> ``finished`` | ``released`` | ``expired`` | ``exhausted``.
``open`` marks the latest attempt of a trial that is not settled: there is exactly one for each such trial.
"""

sa.Index(
    "hpsearch_attempts_open",
    ATTEMPTS.c.study_id,
    ATTEMPTS.c.number,
    unique=True,
    sqlite_where=ATTEMPTS.c.open,
    postgresql_where=ATTEMPTS.c.open,
)

ROUNDS = sa.Table(
    "hpsearch_rounds",
    OWN,
    sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("first_number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("stage", sa.String(32), nullable=False),
    sa.Column("low", sa.JSON, nullable=False),
    sa.Column("high", sa.JSON, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
"""One row a random round: its box in unit coordinates, and why."""

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
)
"""One row a worker process; ``process`` is what tells it from any other process that ever ran."""


@dataclass(frozen=True, slots=True)
class Optuna:
    """Optuna's tables, as reflected; each attribute has the table's name."""

    studies: sa.Table
    study_directions: sa.Table
    study_user_attributes: sa.Table
    study_system_attributes: sa.Table
    trials: sa.Table
    trial_params: sa.Table
    trial_values: sa.Table
    trial_intermediate_values: sa.Table
    trial_user_attributes: sa.Table

    @classmethod
    def reflect(cls, connection: Connection) -> "Optuna":
        """Return the tables as the database describes them (11 ms on SQLite)."""
        names = [field.name for field in fields(cls)]
        metadata = sa.MetaData()
        metadata.reflect(connection, only=names)
        return cls(**{name: metadata.tables[name] for name in names})
