"""Creating a study, attaching to it, and finding it again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import ContractError, NotFoundError, did_you_mean
from hpsearch.spec import contract_hash, diff
from hpsearch.store.database import now
from hpsearch.store.records import Delivery, Study
from hpsearch.store.tables import OWN, STUDIES, Optuna

METRIC = "validation accuracy"
DELIVERY = "result"
"""The study's user attribute that holds what it found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a study is opened with.

    Attributes:
        name: Its name.
        contract: What every worker must agree on.
        base: The folder that relative data paths start from.
        budget: Number of trials, exactly.
        parallelism: Trials in flight over the whole fleet.
    """

    name: str
    contract: Mapping[str, Any]
    base: str
    budget: int
    parallelism: int


def open_study(connection: Connection, tables: Optuna, terms: Terms) -> Study:
    """Create a study, or attach to the one of that name.

    Raises:
        ContractError: The study exists with other settings; the message lists every difference.
    """
    found = _find(connection, tables, terms.name)
    if found is None:
        _refuse_foreign(connection, tables, terms.name)
        _forget_deleted(connection, tables)
        _insert(connection, tables, terms)
        found = _find(connection, tables, terms.name)
        assert found is not None
    if found.contract_hash != contract_hash(terms.contract):
        changes = "; ".join(diff(found.contract, terms.contract))
        raise ContractError(
            f"study {terms.name!r} exists with other settings (as created -> now): {changes}\n"
            "restore them, or give the study another name"
        )
    return found


def find_study(connection: Connection, tables: Optuna, name: str | None) -> Study:
    """Return a study by name, or the only one there is when ``name`` is ``None``.

    Raises:
        NotFoundError: There is none of that name, or more than one to choose from.
    """
    names = study_names(connection, tables)
    if name is None:
        if len(names) != 1:
            known = ", ".join(repr(n) for n in names[:5]) or "none"
            raise NotFoundError(f"expected one study or --study NAME, found {len(names)}: {known}")
        name = names[0]
    found = _find(connection, tables, name)
    if found is None:
        raise NotFoundError(f"there is no study {name!r}{did_you_mean(name, names)}")
    return found


def study_names(connection: Connection, tables: Optuna) -> list[str]:
    """Return the names of all searches in the order of their making, without companion studies."""
    query = (
        sa.select(tables.studies.c.study_name, STUDIES.c.contract)
        .join(STUDIES, STUDIES.c.study_id == tables.studies.c.study_id)
        .order_by(STUDIES.c.study_id)
    )
    return [name for name, contract in connection.execute(query) if "confirms" not in json.loads(contract)]


def set_delivery(connection: Connection, tables: Optuna, study: Study, delivery: Delivery) -> None:
    """Store what the study found, in place of what was there."""
    table = tables.study_user_attributes
    mine = (table.c.study_id == study.study_id, table.c.key == DELIVERY)
    connection.execute(sa.delete(table).where(*mine))
    text = json.dumps(delivery.to_json(), sort_keys=True)
    row = {"study_id": study.study_id, "key": DELIVERY, "value_json": text}
    connection.execute(sa.insert(table), row)


def find_delivery(connection: Connection, tables: Optuna, study: Study) -> Delivery | None:
    """Return what the study found, or ``None`` while that is not known."""
    table = tables.study_user_attributes
    mine = (table.c.study_id == study.study_id, table.c.key == DELIVERY)
    text = connection.scalar(sa.select(table.c.value_json).where(*mine))
    return None if text is None else Delivery.from_json(json.loads(text))


def _find(connection: Connection, tables: Optuna, name: str) -> Study | None:
    query = (
        sa.select(STUDIES)
        .join(tables.studies, STUDIES.c.study_id == tables.studies.c.study_id)
        .where(tables.studies.c.study_name == name)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Study(
        study_id=row.study_id,
        name=name,
        contract=json.loads(row.contract),
        contract_hash=row.contract_hash,
        base=row.base,
        budget=row.budget,
        parallelism=row.parallelism,
    )


def _refuse_foreign(connection: Connection, tables: Optuna, name: str) -> None:
    query = sa.select(tables.studies.c.study_id).where(tables.studies.c.study_name == name)
    if connection.scalar(query) is not None:
        raise ContractError(
            f"study {name!r} is in this database but was not made by hpsearch; give yours another name"
        )


def _forget_deleted(connection: Connection, tables: Optuna) -> None:
    """Drop what is left of studies that were deleted through Optuna: SQLite gives their keys again."""
    living = sa.select(tables.studies.c.study_id)
    for table in OWN.sorted_tables:
        connection.execute(sa.delete(table).where(table.c.study_id.not_in(living)))


def _insert(connection: Connection, tables: Optuna, terms: Terms) -> None:
    table = tables.studies
    query = sa.insert(table).values(study_name=terms.name).returning(table.c.study_id)
    study_id = connection.scalar(query)
    direction = {"study_id": study_id, "direction": "MAXIMIZE", "objective": 0}
    connection.execute(sa.insert(tables.study_directions), direction)
    metric = {"study_id": study_id, "key": "study:metric_names", "value_json": json.dumps([METRIC])}
    connection.execute(sa.insert(tables.study_system_attributes), metric)
    connection.execute(
        sa.insert(STUDIES),
        {
            "study_id": study_id,
            "contract": json.dumps(terms.contract, sort_keys=True),
            "contract_hash": contract_hash(terms.contract),
            "base": terms.base,
            "budget": terms.budget,
            "parallelism": terms.parallelism,
            "admitted": 0,
            "created_at": now(connection),
        },
    )
