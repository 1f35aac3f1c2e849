"""The ledger: studies, attempts, rounds, workers."""

import sqlalchemy as sa

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "hpsearch_studies",
        sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("contract_hash", sa.String(64), nullable=False),
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("budget", sa.Integer, nullable=False),
        sa.Column("parallelism", sa.Integer, nullable=False),
        sa.Column("admitted", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Float(53), nullable=False),
    )
    op.create_table(
        "hpsearch_attempts",
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
    op.create_index(
        "hpsearch_attempts_open",
        "hpsearch_attempts",
        ["study_id", "number"],
        unique=True,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_table(
        "hpsearch_rounds",
        sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("first_number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("low", sa.JSON, nullable=False),
        sa.Column("high", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "hpsearch_workers",
        sa.Column("worker_id", sa.Integer, primary_key=True),
        sa.Column("study_id", sa.Integer, nullable=False, index=True),
        sa.Column("host", sa.String(256), nullable=False),
        sa.Column("process", sa.String(128), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started_at", sa.Float(53), nullable=False),
        sa.Column("beat_at", sa.Float(53), nullable=False),
        sa.Column("ended_at", sa.Float(53)),
    )
