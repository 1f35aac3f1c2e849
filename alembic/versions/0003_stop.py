"""How a study was ended by a rule of its own, and the evidence behind the boxes of its rounds."""

import hashlib
import json

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"

STUDIES = sa.table(
    "hpsearch_studies",
    sa.column("study_id", sa.Integer),
    sa.column("contract", sa.Text),
    sa.column("search_id", sa.Integer),
)
NO_RULES = {"target": None, "hours": None, "plateau": None}


def upgrade() -> None:
    """Add the columns; what the studies there are were agreed to be has no rules."""
    op.add_column("hpsearch_studies", sa.Column("stop_number", sa.Integer))
    op.add_column("hpsearch_studies", sa.Column("stop_rule", sa.String(16)))
    op.add_column("hpsearch_studies", sa.Column("stop_text", sa.Text))
    op.add_column("hpsearch_studies", sa.Column("changes", sa.Integer, nullable=False, server_default="0"))
    op.add_column("hpsearch_rounds", sa.Column("evidence", sa.JSON, nullable=False, server_default="{}"))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """Write down that there are no rules; a confirmation names its search by the hash of its contract."""
    rows = connection.execute(sa.select(STUDIES)).all()
    before = {row.study_id: json.loads(row.contract) for row in rows}
    after = {key: _with_rules(contract) for key, contract in before.items()}
    for row in rows:
        contract = after[row.study_id]
        search = before.get(row.search_id, {})
        if contract.get("confirms") == _hash(search):
            contract["confirms"] = _hash(after.get(row.search_id, {}))
        filled = {"contract": json.dumps(contract, sort_keys=True)}
        connection.execute(sa.update(STUDIES).where(STUDIES.c.study_id == row.study_id).values(filled))


def _with_rules(contract: dict) -> dict:
    if "study" not in contract:
        return dict(contract)
    return {**contract, "study": {**contract["study"], "stop": NO_RULES}}


def _hash(contract: object) -> str:
    canonical = json.dumps(contract, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
