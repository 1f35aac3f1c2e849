"""What is left of studies that were deleted through Optuna, which does not know the tables beside its own.

SQLite gives a key again once it and all keys above it are free: a new study, or a new trial of any study, may
get the key of a deleted one. So what is left goes before a key is given, when a study is opened, and by
``db check``.
"""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.store.schema.nursing_tables import NURSED_EPOCHS
from hpsearch.store.schema.tables import ATTEMPTS, CHECKPOINTS, STUDIES, Optuna, prepared
from hpsearch.store.schema.transaction import Transaction
from hpsearch.study_file import confirmation_name

ALL = NURSED_EPOCHS.metadata.sorted_tables
"""hpsearch's tables, the ones of nursings included."""
METRIC_NAMES = "study:metric_names"
"""Optuna's system attribute that hpsearch gives every study; Optuna can change it, and not remove it."""


def forget_deleted(tx: Transaction) -> None:
    """Drop what is left of deleted studies, and of trials whose keys may be given again."""
    gone = _gone(tx.connection, tx.tables)
    for table in ALL:
        tx.execute(sa.delete(table).where(_left(table, tx.tables, gone)))
    for table in (ATTEMPTS, CHECKPOINTS):
        tx.execute(sa.delete(table).where(table.c.trial_id > _newest_trial(tx.tables)))


def forget_trials(tx: Transaction, trial_ids: Sequence[int]) -> None:
    """Drop what is left under the keys of trials that the ledger has never seen."""
    for table in (ATTEMPTS, CHECKPOINTS):
        tx.execute(sa.delete(table).where(table.c.trial_id.in_(trial_ids)))


def count_deleted(connection: Connection, tables: Optuna) -> int:
    """Return how many rows are left of deleted studies."""
    gone = _gone(connection, tables)
    counts = (sa.select(sa.func.count()).where(_left(table, tables, gone)) for table in ALL)
    return sum(int(connection.scalar(count) or 0) for count in counts)


def any_deleted(connection: Connection, tables: Optuna) -> bool:
    """Return whether anything is left of a deleted study."""
    gone = _gone(connection, tables)
    left = sa.exists().where(_left(STUDIES, tables, gone))
    return bool(connection.scalar(sa.select(sa.or_(left, next_key_is_taken(tables)))))


def next_key_is_taken(tables: Optuna) -> sa.ColumnElement[bool]:
    """Return the condition that the next trial of SQLite may get a key that is in the books already.

    Two looks at the end of an index: a claim asks it.
    """
    newest = sa.select(sa.func.max(ATTEMPTS.c.trial_id)).scalar_subquery()
    return newest > _newest_trial(tables)


def _newest_trial(tables: Optuna) -> sa.ColumnElement[int]:
    # The zero outside: with anything around max(), SQLite might read the whole table.
    return sa.func.coalesce(sa.select(sa.func.max(tables.trials.c.trial_id)).scalar_subquery(), 0)


def _left(table: sa.Table, tables: Optuna, gone: list[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a row belongs to a study that is not there, or is another one now."""
    study_id = table.c.study_id
    return sa.or_(study_id.not_in(sa.select(tables.studies.c.study_id)), study_id.in_(gone))


def _gone(connection: Connection, tables: Optuna) -> list[int]:
    """Return the keys of deleted studies under which Optuna alone has made others since.

    Such a study has not the attribute that hpsearch gives, nor the name in the contract.
    """
    found = connection.execute(_unmarked(tables))
    return [row.study_id for row in found if not _is_named_so(row)]


@prepared
def _unmarked(tables: Optuna) -> sa.Select[Any]:
    studies, marks, search = tables.studies, tables.study_system_attributes, STUDIES.alias("search")
    mine = (marks.c.study_id == studies.c.study_id, marks.c.key == METRIC_NAMES)
    return (
        sa.select(STUDIES.c.study_id, search.c.contract, studies.c.study_name)
        .join(studies, studies.c.study_id == STUDIES.c.study_id)
        .outerjoin(search, search.c.study_id == STUDIES.c.search_id)
        .where(~sa.exists().where(*mine))
    )


def _is_named_so(row: Any) -> bool:
    """Return whether a study has the name of its search, or begins with it; without a search it has not."""
    if row.contract is None:
        return False
    try:
        name = str(json.loads(row.contract)["study"]["name"])
    except (ValueError, TypeError, LookupError):
        return True  # what cannot be read proves nothing
    return str(row.study_name) == name or str(row.study_name).startswith(confirmation_name(name))
