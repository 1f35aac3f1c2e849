"""A study on many machines: where its files are, how alike its workers must be, what was trained half-way."""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns and the table; studies that there are have no place for files and are not strict."""
    studies = "hpsearch_studies"
    op.add_column(studies, sa.Column("artifacts", sa.Text))
    op.add_column(studies, sa.Column("strict", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "hpsearch_checkpoints",
        sa.Column("trial_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("study_id", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("curve", sa.JSON, nullable=False),
        sa.Column("saved_at", sa.Float(53), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary),
    )
