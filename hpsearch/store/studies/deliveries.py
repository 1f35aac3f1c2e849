"""What a study found, kept with it."""

import json

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.store.records.records import Study
from hpsearch.store.records.views import Delivery
from hpsearch.store.schema.tables import Optuna

DELIVERY = "result"
"""The study's user attribute that holds what it found."""


def set_delivery(connection: Connection, tables: Optuna, study: Study, delivery: Delivery) -> None:
    """Store what the study found, in place of what was there."""
    drop_delivery(connection, tables, study.study_id)
    table = tables.study_user_attributes
    text = json.dumps(delivery.to_json(), sort_keys=True)
    row = {"study_id": study.study_id, "key": DELIVERY, "value_json": text}
    connection.execute(sa.insert(table), row)


def drop_delivery(connection: Connection, tables: Optuna, study_id: int) -> None:
    """Forget what a study found."""
    table = tables.study_user_attributes
    connection.execute(sa.delete(table).where(table.c.study_id == study_id, table.c.key == DELIVERY))


def find_delivery(connection: Connection, tables: Optuna, study: Study) -> Delivery | None:
    """Return what the study found, or ``None`` while that is not known."""
    table = tables.study_user_attributes
    mine = (table.c.study_id == study.study_id, table.c.key == DELIVERY)
    text = connection.scalar(sa.select(table.c.value_json).where(*mine))
    return None if text is None else Delivery.from_json(json.loads(text))
