"""The verdict of a study, stored as an attribute of the study."""

import json

import sqlalchemy as sa

from hpsearch.search import Verdict
from hpsearch.store.records.records import Study
from hpsearch.store.schema.rules import VERDICT
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.studies.find import expect_unchanged
from hpsearch.store.studies.trainings import drop_trainings


def set_verdict(tx: Transaction, study: Study, verdict: Verdict, *, reopened: int = 0) -> None:
    """Store the verdict of a study, in place of an earlier one.

    Raises:
        StaleTermsError: The study is not the one that was settled.
    """
    expect_unchanged(tx, study, reopened=reopened)
    drop_verdict(tx, study.study_id)
    text = json.dumps(verdict.to_json(), sort_keys=True)
    row = {"study_id": study.study_id, "key": VERDICT, "value_json": text}
    tx.execute(sa.insert(tx.tables.study_user_attributes), row)
    drop_trainings(tx, study.study_id)


def drop_verdict(tx: Transaction, study_id: int) -> None:
    """Delete the verdict of a study."""
    table = tx.tables.study_user_attributes
    tx.execute(sa.delete(table).where(table.c.study_id == study_id, table.c.key == VERDICT))


def find_verdict(tx: Transaction, study: Study) -> Verdict | None:
    """Return the verdict of a study, or ``None`` while it is not known.

    Raises:
        StorageError: The attribute holds something else: another program or a newer version wrote it.
    """
    table = tx.tables.study_user_attributes
    mine = (table.c.study_id == study.study_id, table.c.key == VERDICT)
    return verdict_of(tx.scalar(sa.select(table.c.value_json).where(*mine)))


def find_verdicts(tx: Transaction) -> dict[int, str]:
    """Return key of a study -> its verdict as it is stored, of all studies that have one."""
    table = tx.tables.study_user_attributes
    query = sa.select(table.c.study_id, table.c.value_json).where(table.c.key == VERDICT)
    return {row.study_id: row.value_json for row in tx.execute(query)}


def verdict_of(text: str | None) -> Verdict | None:
    """Return a verdict from its stored form; ``None`` of nothing.

    Raises:
        TypeError, ValueError, LookupError: It is none.
    """
    return None if text is None else Verdict.from_json(json.loads(text))
