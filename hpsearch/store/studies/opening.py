"""Creating a study, or attaching to it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from shlex import quote
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import ContractError
from hpsearch.metrics import Metric
from hpsearch.store.records.records import Study
from hpsearch.store.schema.deleted import METRIC_NAMES, any_deleted, forget_deleted
from hpsearch.store.schema.tables import STUDIES
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.studies.find import Terms, expect_unchanged, find_named, study_names
from hpsearch.store.studies.stops import NOT_STOPPED
from hpsearch.store.studies.verdicts import drop_verdict
from hpsearch.study_file import LIVE, code_changes, confirmation_name, diff, expect_unreserved, frozen

_DIGESTS = ("data_hash:", "study.learned.")
"""Keys of a contract that change with others, and whose values say nothing to a person."""
_FOLLOWS = ("study.parallelism:", "study.search.rounds:")


def open_study(tx: Transaction, terms: Terms) -> Study:
    """Create a study, or attach to the one of that name.

    Budget, attempts and confirmation of a search may be others than before; they hold from now on, and what
    the search has delivered is forgotten. The confirmation of a search that has changed makes room for a new
    one: it keeps its trials under another name.

    Raises:
        ContractError: The study exists with other settings; the message lists every difference. Or another
            study has its name, or that of its confirmation.
        FieldError: The name belongs to a confirmation.
        StaleTermsError: The search to confirm has changed.
    """
    if any_deleted(tx.connection, tx.tables):
        forget_deleted(tx)
    found = expect_open(tx, terms)
    search_id = None if terms.confirms is None else terms.confirms.search_id
    # One with the same contract confirms another search where that was deleted and made again.
    if found is not None and (found.contract != terms.contract or search_id not in {None, found.search_id}):
        if terms.confirms is not None:
            _set_aside(tx, found)
            found = None
        else:
            _change(tx, found, terms)
            found = find_named(tx, terms.name)
    if found is None:
        forget_deleted(tx)
        _insert(tx, terms)
        found = find_named(tx, terms.name)
    assert found is not None
    return found if terms.confirms is not None else _with_places(tx, found, terms)


def expect_open(tx: Transaction, terms: Terms) -> Study | None:
    """Refuse what ``open_study`` refuses, which has the errors; return the study where it is there."""
    if terms.confirms is not None:
        expect_unchanged(tx, terms.confirms)
    found = find_named(tx, terms.name)
    if found is None:
        refuse_foreign(tx, terms.name)
    if terms.confirms is not None:
        _expect_own(tx, found, search=terms.confirms.name, search_id=terms.confirms.search_id)
        return found
    if found is None or not found.is_search:
        expect_unreserved(terms.name)
    if found is not None and found.contract != terms.contract:
        _expect_going_on(tx, found, terms)
        _expect_budget(tx, found, terms)
    if terms.contract.get("study", {}).get("confirm", {}).get("top"):
        companion = find_named(tx, confirmation_name(terms.name))
        if companion is None:
            refuse_foreign(tx, confirmation_name(terms.name))
        _expect_own(tx, companion, search=terms.name, search_id=found.search_id if found else None)
    return found


def _expect_own(tx: Transaction, companion: Study | None, *, search: str, search_id: int | None) -> None:
    """Refuse a study that has the name of a search's confirmation, and is none.

    What confirms a search that was deleted is in no search's way: it is set aside.
    """
    if companion is None or companion.search_id == search_id:
        return
    living = sa.select(STUDIES.c.study_id).where(STUDIES.c.study_id == companion.search_id)
    if tx.scalar(living) is not None:
        raise ContractError(
            f"study {companion.name!r} is in this database and does not confirm {search!r}, whose confirming "
            "runs need the name; give yours another name"
        )


def _with_places(tx: Transaction, found: Study, terms: Terms) -> Study:
    """Note where a search's data and files are, and how alike its workers must be.

    No result depends on it, so it may change at any time. The data in the folder were hashed before: they are
    in the contract.
    """
    now: dict[str, Any] = {
        "base": terms.base,
        "artifacts": found.artifacts if terms.artifacts is None else terms.artifacts,
        "strict": found.strict if terms.strict is None else terms.strict,
    }
    if any(getattr(found, name) != value for name, value in now.items()):
        tx.execute(sa.update(STUDIES).where(STUDIES.c.search_id == found.search_id).values(now))
    return replace(found, **now)


def _set_aside(tx: Transaction, study: Study) -> None:
    """Give a study the first free one of the names NAME-1, NAME-2, ..."""
    table = tx.tables.studies
    taken = set(tx.scalars(sa.select(table.c.study_name)))
    free = next(name for n in count(1) if (name := f"{study.name}-{n}") not in taken)
    row = sa.update(table).where(table.c.study_id == study.study_id)
    tx.execute(row.values(study_name=free))


def _expect_going_on(tx: Transaction, found: Study, terms: Terms) -> None:
    """Refuse terms under which a search cannot go on."""
    if frozen(found.contract) != frozen(terms.contract):
        changes = diff(frozen(found.contract), frozen(terms.contract))
        if all(change.startswith("code.") for change in changes):
            code = code_changes(found.contract["code"], terms.contract["code"])
            raise ContractError(f"study {terms.name!r}: {code}")
        taken = set(study_names(tx))
        free = next(name for n in count(2) if (name := f"{terms.name}-{n}") not in taken)
        shown = [change for change in changes if not change.startswith(_DIGESTS)] or changes
        raise ContractError(
            f"study {terms.name!r} exists with other settings (as created -> now): {'; '.join(shown)}\n"
            f"restore them, or give the study another name, such as --set {quote(f'name={free}')}; "
            f"what may change: {', '.join(LIVE)}" + _parallelism_hint(found, terms, changes)
        )


def _expect_budget(tx: Transaction, found: Study, terms: Terms, *, lock: bool = False) -> None:
    """Refuse a budget of fewer trials than have begun."""
    mine = STUDIES.c.study_id == found.study_id
    query = sa.select(STUDIES.c.admitted).where(mine)
    admitted = tx.scalar(query.with_for_update() if lock else query) or 0
    if terms.budget < admitted:
        raise ContractError(
            f"study {terms.name!r}: expected at least {admitted} trials, found {terms.budget}: "
            f"{admitted} have begun"
        )


def _change(tx: Transaction, found: Study, terms: Terms) -> None:
    """Let a search go on under other terms; no rule has ended it then."""
    _expect_budget(tx, found, terms, lock=True)  # again: a trial may have begun meanwhile
    changed = {
        "contract": json.dumps(terms.contract, sort_keys=True),
        "budget": terms.budget,
        "attempts": terms.attempts,
        "changes": STUDIES.c.changes + 1,
    }
    tx.execute(sa.update(STUDIES).where(STUDIES.c.study_id == found.study_id).values(changed | NOT_STOPPED))
    drop_verdict(tx, found.study_id)


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


def refuse_foreign(tx: Transaction, name: str) -> None:
    """Raise ``ContractError`` where a study of this name was not made by hpsearch."""
    # One statement, one snapshot: on PostgreSQL a study may have come since the last one looked.
    known = sa.exists().where(STUDIES.c.study_id == tx.tables.studies.c.study_id)
    query = sa.select(tx.tables.studies.c.study_id).where(tx.tables.studies.c.study_name == name, ~known)
    if tx.scalar(query) is not None:
        raise ContractError(
            f"study {name!r} is in this database but was not made by hpsearch; give yours another name"
        )


def _insert(tx: Transaction, terms: Terms) -> None:
    table = tx.tables.studies
    query = sa.insert(table).values(study_name=terms.name).returning(table.c.study_id)
    study_id = tx.scalar(query)
    direction = {"study_id": study_id, "direction": terms.metric.direction.upper(), "objective": 0}
    tx.execute(sa.insert(tx.tables.study_directions), direction)
    of = "validation " if isinstance(terms.metric, Metric) else ""
    names = json.dumps([f"{of}{terms.metric.title}"])
    metric = {"study_id": study_id, "key": METRIC_NAMES, "value_json": names}
    tx.execute(sa.insert(tx.tables.study_system_attributes), metric)
    tx.execute(
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
            "created_at": tx.clock(),
            "artifacts": terms.artifacts,
            "strict": bool(terms.strict),
        },
    )
