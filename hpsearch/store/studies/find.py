"""Studies, found by name or by what they have to do with each other."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import HpsearchError, NotFoundError, did_you_mean, to_type
from hpsearch.metrics import METRICS, Measure
from hpsearch.store.records.records import Study
from hpsearch.store.schema.rules import expect_cells
from hpsearch.store.schema.tables import STUDIES, can_hold
from hpsearch.store.schema.transaction import Transaction

_SEARCH = STUDIES.alias("search")
_COLUMNS = [column for column in Study.__dataclass_fields__ if column in STUDIES.c and column != "contract"]


class StaleTermsError(HpsearchError):
    """The search has changed since the terms of its confirmation were made: read it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms that a study is opened with.

    Attributes:
        name: Its name.
        contract: What every worker must agree on.
        base: The folder that relative data paths start from.
        budget: Number of trials, exactly.
        parallelism: Trials in flight over the whole fleet.
        attempts: A trial fails for good when its worker has died so often, with no other trial in hand.
        confirms: The search that the study confirms, or ``None``.
        artifacts: Where its files are for every machine; ``None`` leaves what was said before, if anything.
        strict: Whether all workers must run on the same; ``None`` leaves what was said before, or not.
        metric: What its trials are judged by.
    """

    name: str
    contract: Mapping[str, Any]
    base: str
    budget: int
    parallelism: int
    attempts: int = 3
    confirms: Study | None = None
    artifacts: str | None = None
    strict: bool | None = None
    metric: Measure = METRICS["accuracy"]


def find_study(tx: Transaction, name: str | None) -> Study:
    """Return a study by name, or the newest one when ``name`` is ``None``.

    Raises:
        NotFoundError: There is none of that name, or none at all.
    """
    names = study_names(tx)
    name = newest(names) if name is None else name
    if (found := find_named(tx, name)) is not None:
        return found
    if name in names:
        raise ValueError(name)  # its own row cannot be read: that row is named where the verb was called
    foreign = sa.select(tx.tables.studies.c.study_id).where(tx.tables.studies.c.study_name == name)
    if can_hold(name) and tx.scalar(foreign) is not None:
        raise NotFoundError(f"expected a study of hpsearch's, found {name!r}, which Optuna alone has made")
    raise NotFoundError(f"there is no study {name!r}{did_you_mean(name, names)}")


def newest(names: Sequence[str]) -> str:
    """Return the last of the names of studies, which is the newest study.

    Raises:
        NotFoundError: There is none.
    """
    if not names:
        raise NotFoundError(f"expected a study, found none: {to_type('start FILE')} makes one")
    return names[-1]


def find_named(tx: Transaction, name: str) -> Study | None:
    """Return a study by name, search or not, or ``None`` without one."""
    return _find(tx, tx.tables.studies.c.study_name == name) if can_hold(name) else None


def find_studies(tx: Transaction, names: Sequence[str]) -> list[Study]:
    """Return those studies of some names that are there, searches or not."""
    return [study for name in names if (study := find_named(tx, name)) is not None]


def find_companion(tx: Transaction, study: Study) -> Study | None:
    """Return the study that confirms a search, or ``None`` while there is none."""
    return _find(tx, STUDIES.c.search_id == study.study_id, STUDIES.c.study_id != study.study_id)


def find_search(tx: Transaction, study: Study) -> Study:
    """Return the search that a study confirms, or the study itself where it is a search."""
    return study if study.is_search else _find(tx, STUDIES.c.study_id == study.search_id) or study


def study_names(tx: Transaction) -> list[str]:
    """Return the names of all searches in the order of their making, without companion studies."""
    query = (
        sa.select(tx.tables.studies.c.study_name)
        .join(STUDIES, STUDIES.c.study_id == tx.tables.studies.c.study_id)
        .where(STUDIES.c.search_id == STUDIES.c.study_id)
        .order_by(STUDIES.c.study_id)
    )
    return list(tx.scalars(query))


def expect_unchanged(tx: Transaction, study: Study, *, reopened: int | None = None) -> None:
    """Lock a study until the end of the transaction, and refuse one that is not what it was.

    Args:
        tx: The transaction.
        study: The study as it was.
        reopened: How often a failed trial had been tried again on request, where that matters.

    Raises:
        StaleTermsError: It is another one now.
    """
    mine = (STUDIES.c.study_id == study.study_id, STUDIES.c.created_at <= study.created_at)
    again = tx.scalar(sa.select(STUDIES.c.reopened).where(*mine).with_for_update())
    found = find_named(tx, study.name)
    if again is None or found is None or found.contract != study.contract or reopened not in {None, again}:
        raise StaleTermsError(f"study {study.name!r} has changed meanwhile: read it again")


def _find(tx: Transaction, *which: sa.ColumnElement[bool]) -> Study | None:
    """Return the newest study that meets ``which``: companions before it were set aside."""
    query = (
        sa.select(
            *(STUDIES.c[name] for name in _COLUMNS),
            STUDIES.c.contract,
            tx.tables.studies.c.study_name.label("name"),
            _SEARCH.c.contract.label("searched"),
        )
        .join(tx.tables.studies, STUDIES.c.study_id == tx.tables.studies.c.study_id)
        .outerjoin(_SEARCH, _SEARCH.c.study_id == STUDIES.c.search_id)
        .where(*which)
        .order_by(STUDIES.c.study_id.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    contracts = {"contract": json.loads(row.contract), "searched": json.loads(row.searched or "{}")}
    if not all(isinstance(contract, dict) for contract in contracts.values()) or not contracts["contract"]:
        raise TypeError("expected contracts")
    if not {"study", "confirms"} & set(contracts["contract"]):
        raise ValueError("expected the contract of a search or of a confirmation")
    expect_cells(STUDIES.name, {name: getattr(row, name) for name in _COLUMNS})
    return Study(**{**row._asdict(), **contracts})
