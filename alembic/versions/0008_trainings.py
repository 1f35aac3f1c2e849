"""Trainings that the verdict of a search needs, shared out among its workers."""

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table; what a study needs is found when it is judged."""
    op.create_table(
        "hpsearch_trainings",
        sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("worker_id", sa.Integer),
        sa.Column("lease_until", sa.Float(53), nullable=False),
        sa.Column("ended_at", sa.Float(53)),
        sa.Column("data", sa.LargeBinary),
    )
