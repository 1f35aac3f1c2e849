"""Nursings: trainings that a person steers, their interventions, and what came of each epoch."""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables; studies that there are have no nursings."""
    op.create_table(
        "hpsearch_nursings",
        sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("trial", sa.Integer),
        sa.Column("parent", sa.Integer),
        sa.Column("branched", sa.Integer),
        sa.Column("first_epoch", sa.Integer, nullable=False),
        sa.Column("epochs", sa.Integer, nullable=False),
        sa.Column("script", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.Float(53), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("host", sa.String(256), nullable=False),
        sa.Column("process", sa.String(128), nullable=False),
    )
    op.create_table(
        "hpsearch_interventions",
        sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("scripted", sa.Integer),
        sa.Column("made_at", sa.Float(53), nullable=False),
    )
    op.create_table(
        "hpsearch_nursed_epochs",
        sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("loss", sa.Float(53)),
        sa.Column("value", sa.Float(53)),
        sa.Column("digest", sa.String(64), nullable=False),
    )
