"""Control, bounded attempts, digests of settled trials; what a study was agreed to be is kept once."""

import json

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"

STUDIES = sa.table(
    "hpsearch_studies",
    sa.column("study_id", sa.Integer),
    sa.column("contract", sa.Text),
    sa.column("search_id", sa.Integer),
    sa.column("newest_trial_id", sa.Integer),
)


def upgrade() -> None:
    """Add the columns and fill them for the studies there are."""
    numbers = {"attempts": "3", "search_id": "0", "newest_trial_id": "0", "reopened": "0"}
    for name, default in numbers.items():
        column = sa.Column(name, sa.Integer, nullable=False, server_default=default)
        op.add_column("hpsearch_studies", column)
    control = sa.Column("control", sa.String(8), nullable=False, server_default="run")
    op.add_column("hpsearch_studies", control)
    op.drop_column("hpsearch_studies", "contract_hash")
    op.add_column(
        "hpsearch_attempts", sa.Column("alone", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("hpsearch_attempts", sa.Column("note", sa.Text))
    op.add_column("hpsearch_attempts", sa.Column("digest", sa.String(64)))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    studies = sa.table("studies", sa.column("study_id", sa.Integer), sa.column("study_name", sa.String))
    trials = sa.table("trials", sa.column("study_id", sa.Integer), sa.column("trial_id", sa.Integer))
    names = dict(connection.execute(sa.select(studies.c.study_id, studies.c.study_name)).all())
    keys = {name: key for key, name in names.items()}
    for study_id, text in connection.execute(sa.select(STUDIES.c.study_id, STUDIES.c.contract)).all():
        contract = json.loads(text)
        if "study" in contract:
            contract["study"]["attempts"] = 3
        search = names.get(study_id, "").removesuffix(".confirm") if "confirms" in contract else None
        newest = sa.select(sa.func.max(trials.c.trial_id)).where(trials.c.study_id == study_id)
        row = sa.update(STUDIES).where(STUDIES.c.study_id == study_id)
        connection.execute(
            row.values(
                contract=json.dumps(contract, sort_keys=True),
                search_id=keys.get(search, study_id),
                newest_trial_id=connection.scalar(newest) or 0,
            )
        )
