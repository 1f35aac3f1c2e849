"""Control, bounded attempts, digests of settled trials; what a study was agreed to be is kept once."""

import hashlib
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
    """Fill the new columns; a confirmation names its search by the hash of what that was agreed to be."""
    studies = sa.table("studies", sa.column("study_id", sa.Integer), sa.column("study_name", sa.String))
    trials = sa.table("trials", sa.column("study_id", sa.Integer), sa.column("trial_id", sa.Integer))
    names = dict(connection.execute(sa.select(studies.c.study_id, studies.c.study_name)).all())
    keys = {name: key for key, name in names.items()}
    contracts = {
        key: json.loads(text)
        for key, text in connection.execute(sa.select(STUDIES.c.study_id, STUDIES.c.contract)).all()
    }
    for contract in contracts.values():
        if "study" in contract:
            contract["study"]["attempts"] = 3
    for key, contract in contracts.items():
        search_id = key
        if "confirms" in contract:
            search_id = keys.get(names.get(key, "").removesuffix(".confirm"), key)
            contract["confirms"] = _hash(contracts.get(search_id, {}))
        newest = sa.select(sa.func.max(trials.c.trial_id)).where(trials.c.study_id == key)
        filled = {
            "contract": json.dumps(contract, sort_keys=True),
            "search_id": search_id,
            "newest_trial_id": connection.scalar(newest) or 0,
        }
        connection.execute(sa.update(STUDIES).where(STUDIES.c.study_id == key).values(filled))


def _hash(contract: object) -> str:
    canonical = json.dumps(contract, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
