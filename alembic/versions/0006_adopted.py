"""Which trial that the ledger did not write it took in last: what was proposed without it is void."""

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; nobody is at work during an upgrade, so no proposal is out that could be void."""
    op.add_column("hpsearch_studies", sa.Column("adopted", sa.Integer, nullable=False, server_default="0"))
