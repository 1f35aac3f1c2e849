"""Creating a study, attaching to it, and finding it again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import ContractError, HpsearchError, NotFoundError, did_you_mean
from hpsearch.store.database.connection import now
from hpsearch.store.records.records import Study
from hpsearch.store.schema.tables import OWN, STUDIES, Optuna, can_hold
from hpsearch.store.studies.deliveries import drop_delivery
from hpsearch.store.studies.stops import NOT_STOPPED
from hpsearch.study_file import LIVE, diff, frozen

_FOLLOWS = ("study.parallelism:", "study.search.rounds:")
METRIC = "validation accuracy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a study is opened with.

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


class StaleTermsError(HpsearchError):
    """The search has changed since the terms of its confirmation were made: read it again."""


def open_study(connection: Connection, tables: Optuna, terms: Terms) -> Study:
    """Create a study, or attach to the one of that name.

    Budget, attempts and confirmation of a search may be others than before; they hold from now on, and what
    the search has delivered is forgotten. The confirmation of a search that has changed makes room for a new
    one: it keeps its trials under another name.

    Raises:
        ContractError: The study exists with other settings; the message lists every difference.
        StaleTermsError: The search to confirm has changed.
    """
    if terms.confirms is not None:
        expect_unchanged(connection, tables, terms.confirms)
    found = _find(connection, tables, terms.name)
    if found is not None and found.contract != terms.contract:
        if terms.confirms is not None:
            _set_aside(connection, tables, found)
            found = None
        else:
            _change(connection, tables, found, terms)
            found = _find(connection, tables, terms.name)
    if found is None:
        refuse_foreign(connection, tables, terms.name)
        forget_deleted(connection, tables)
        _insert(connection, tables, terms)
        found = _find(connection, tables, terms.name)
    assert found is not None
    return found if terms.confirms is not None else _with_fleet_terms(connection, found, terms)


def _with_fleet_terms(connection: Connection, found: Study, terms: Terms) -> Study:
    """Note what was said of a search's workers; no result depends on it, so it may change at any time."""
    artifacts = found.artifacts if terms.artifacts is None else terms.artifacts
    strict = found.strict if terms.strict is None else terms.strict
    if (artifacts, strict) != (found.artifacts, found.strict):
        mine = STUDIES.c.search_id == found.search_id
        connection.execute(sa.update(STUDIES).where(mine).values(artifacts=artifacts, strict=strict))
    return replace(found, artifacts=artifacts, strict=strict)


def expect_unchanged(
    connection: Connection, tables: Optuna, study: Study, *, reopened: int | None = None
) -> None:
    """Hold a study as it is until the end of the transaction.

    Args:
        connection: The transaction.
        tables: Optuna's tables.
        study: The study as it was.
        reopened: How often a failed trial had been tried again on request, where that matters.

    Raises:
        StaleTermsError: It is another one now.
    """
    mine = STUDIES.c.study_id == study.study_id
    again = connection.scalar(sa.select(STUDIES.c.reopened).where(mine).with_for_update())
    now_there = _find(connection, tables, study.name)
    if now_there is None or now_there.contract != study.contract or reopened not in {None, again}:
        raise StaleTermsError(f"study {study.name!r} has changed meanwhile: read it again")


def _set_aside(connection: Connection, tables: Optuna, study: Study) -> None:
    """Give a study the first free one of the names NAME-1, NAME-2, ..."""
    table = tables.studies
    taken = set(connection.scalars(sa.select(table.c.study_name)))
    free = next(name for n in count(1) if (name := f"{study.name}-{n}") not in taken)
    row = sa.update(table).where(table.c.study_id == study.study_id)
    connection.execute(row.values(study_name=free))


def _change(connection: Connection, tables: Optuna, found: Study, terms: Terms) -> None:
    """Let a search go on under other terms, as far as they may change; no rule has ended it then."""
    if frozen(found.contract) != frozen(terms.contract):
        changes = diff(frozen(found.contract), frozen(terms.contract))
        raise ContractError(
            f"study {terms.name!r} exists with other settings (as created -> now): {'; '.join(changes)}\n"
            f"restore them, or give the study another name; what may change: {', '.join(LIVE)}"
            + _parallelism_hint(found, terms, changes)
        )
    mine = STUDIES.c.study_id == found.study_id
    admitted = connection.scalar(sa.select(STUDIES.c.admitted).where(mine).with_for_update()) or 0
    if terms.budget < admitted:
        raise ContractError(
            f"study {terms.name!r}: expected at least {admitted} trials, found {terms.budget}: "
            f"{admitted} have begun"
        )
    changed = {
        "contract": json.dumps(terms.contract, sort_keys=True),
        "budget": terms.budget,
        "attempts": terms.attempts,
        "changes": STUDIES.c.changes + 1,
    }
    connection.execute(sa.update(STUDIES).where(mine).values(changed | NOT_STOPPED))
    drop_delivery(connection, tables, found.study_id)


def _parallelism_hint(found: Study, terms: Terms, changes: Sequence[str]) -> str:
    """Say what to do when nothing but defaults that follow from the budget have changed."""
    if (
        not all(change.startswith(_FOLLOWS) for change in changes)
        or found.budget == terms.budget
        or found.parallelism == terms.parallelism
    ):
        return ""
    return (
        "\nparallelism follows from trials where the file does not set it: "
        f"write parallelism = {found.parallelism} to go on"
    )


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
        stranger = sa.select(tables.studies.c.study_id).where(tables.studies.c.study_name == name)
        if can_hold(name) and connection.scalar(stranger) is not None:
            raise NotFoundError(
                f"expected a study of hpsearch's, found {name!r}, which Optuna alone has made"
            )
        raise NotFoundError(f"there is no study {name!r}{did_you_mean(name, names)}")
    return found


def find_studies(connection: Connection, tables: Optuna, names: Sequence[str]) -> list[Study]:
    """Return those studies of some names that are there, searches or not."""
    return [study for name in names if (study := _find(connection, tables, name)) is not None]


def find_companion(connection: Connection, tables: Optuna, study: Study) -> Study | None:
    """Return the study that confirms a search, or ``None`` while there is none."""
    query = (
        sa.select(tables.studies.c.study_name)
        .join(STUDIES, STUDIES.c.study_id == tables.studies.c.study_id)
        .where(STUDIES.c.search_id == study.study_id, STUDIES.c.study_id != study.study_id)
        .order_by(STUDIES.c.study_id.desc())  # the last one: those before it were set aside
    )
    name = connection.scalars(query).first()
    return None if name is None else _find(connection, tables, name)


def find_search(connection: Connection, tables: Optuna, study: Study) -> Study:
    """Return the search that a study confirms, or the study itself where it is a search."""
    query = (
        sa.select(tables.studies.c.study_name)
        .join(STUDIES, STUDIES.c.study_id == tables.studies.c.study_id)
        .where(STUDIES.c.study_id == study.search_id)
    )
    name = connection.scalar(query)
    return (None if name is None else _find(connection, tables, name)) or study


def study_names(connection: Connection, tables: Optuna) -> list[str]:
    """Return the names of all searches in the order of their making, without companion studies."""
    query = (
        sa.select(tables.studies.c.study_name, STUDIES.c.contract)
        .join(STUDIES, STUDIES.c.study_id == tables.studies.c.study_id)
        .order_by(STUDIES.c.study_id)
    )
    return [name for name, contract in connection.execute(query) if "confirms" not in json.loads(contract)]


def _find(connection: Connection, tables: Optuna, name: str) -> Study | None:
    if not can_hold(name):
        return None
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
        search_id=row.search_id,
        contract=json.loads(row.contract),
        base=row.base,
        budget=row.budget,
        parallelism=row.parallelism,
        attempts=row.attempts,
        changes=row.changes,
        artifacts=row.artifacts,
        strict=row.strict,
    )


def refuse_foreign(connection: Connection, tables: Optuna, name: str) -> None:
    """Raise ``ContractError`` where a study of this name was not made by hpsearch."""
    # One statement, one snapshot: on PostgreSQL a study may have come since the last one looked.
    known = sa.exists().where(STUDIES.c.study_id == tables.studies.c.study_id)
    query = sa.select(tables.studies.c.study_id).where(tables.studies.c.study_name == name, ~known)
    if connection.scalar(query) is not None:
        raise ContractError(
            f"study {name!r} is in this database but was not made by hpsearch; give yours another name"
        )


def forget_deleted(connection: Connection, tables: Optuna) -> None:
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
            "base": terms.base,
            "budget": terms.budget,
            "parallelism": terms.parallelism,
            "attempts": terms.attempts,
            "search_id": terms.confirms.search_id if terms.confirms else study_id,
            "admitted": 0,
            "created_at": now(connection),
            "artifacts": terms.artifacts,
            "strict": bool(terms.strict),
        },
    )
