"""Where the time of each worker went, and what it ran on."""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; nothing was measured of the workers there are."""
    for name in ("spent", "environment"):
        column = sa.Column(name, sa.JSON, nullable=False, server_default="{}")
        op.add_column("hpsearch_workers", column)
