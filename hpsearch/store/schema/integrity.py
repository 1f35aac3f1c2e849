"""The check of a database: the file, and the promises of the ledger for every study in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import StorageError
from hpsearch.store.database import sqlite
from hpsearch.store.database.connection import Database, now
from hpsearch.store.schema.deleted import count_deleted, forget_deleted
from hpsearch.store.schema.findings import MOST, Finding
from hpsearch.store.schema.scan import senseless_cells
from hpsearch.store.schema.tables import ATTEMPTS, STUDIES, Optuna
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.schema.versions import check_schema

SETTLED = ("COMPLETE", "PRUNED", "FAIL")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A query of what breaks it: key of the study, number of the trial."""

    text: str
    broken: sa.Select[Any]
    is_damage: bool = True


def check_database(database: Database) -> list[Finding]:
    """Return what is wrong with a database: nothing, if all is well. What is left of deleted studies goes.

    Raises:
        StorageError: It cannot be read at all, or its schema is of another version.
    """
    if database.path is not None:
        with database.translated():
            texts = sqlite.damage(database.path, most=MOST)
        if texts:  # the rows of a broken file prove nothing
            return [Finding(study=None, number=None, text=text, is_damage=True) for text in texts]
    check_schema(database)
    found = database.read(lambda c: _found(c, Optuna.reflect(c)))
    return [*found, *_mended(database)]


def _mended(database: Database) -> Iterator[Finding]:
    """Yield what is left of deleted studies, and drop it: it belongs to no study."""
    n = database.read(lambda c: count_deleted(c, Optuna.reflect(c)))
    if n:
        try:
            database.write(lambda c: forget_deleted(Transaction(c, Optuna.reflect(c))))
            became = "they have been removed"
        except StorageError:
            became = "the next command that may write removes them"
        text = f"{n} rows were left of studies that were deleted; {became}"
        yield Finding(study=None, number=None, text=text, is_damage=False)


def _found(connection: Connection, tables: Optuna) -> list[Finding]:
    return [*senseless_cells(connection, tables), *_broken(connection, tables)]


def _broken(connection: Connection, tables: Optuna) -> Iterator[Finding]:
    names = sa.select(tables.studies.c.study_id, tables.studies.c.study_name)
    study_names = {int(key): str(name) for key, name in connection.execute(names)}
    for rule in (*_trial_rules(tables, now(connection)), *_study_rules(tables)):
        for row in connection.execute(rule.broken.limit(MOST)):
            study_id, number = row[0], row[1]
            if study_id in study_names:  # what is left of a deleted study is no damage
                study = study_names[study_id]
                yield Finding(study=study, number=number, text=rule.text, is_damage=rule.is_damage)


def _trial_rules(tables: Optuna, clock: float) -> Iterator[_Rule]:
    trials, values, books = tables.trials, tables.trial_values, _books()
    tried = books.join(trials, trials.c.trial_id == books.c.trial_id)
    broken = sa.select(trials.c.study_id, trials.c.number).select_from(tried)
    is_settled = trials.c.state.in_(SETTLED)
    yield _Rule(
        text="its attempts are not numbered 1, 2, 3 ...",
        broken=broken.where(sa.or_(books.c.first != 1, books.c.last != books.c.n)),
    )
    yield _Rule(
        text="its attempts were made under another number",
        broken=broken.where(sa.or_(books.c.low != trials.c.number, books.c.high != trials.c.number)),
    )
    yield _Rule(text="runs without an open attempt", broken=broken.where(~is_settled, books.c.open == 0))
    yield _Rule(text="has more than one open attempt", broken=broken.where(books.c.open > 1))
    yield _Rule(
        text="was settled through Optuna; the next claim takes it in",
        broken=broken.where(is_settled, books.c.open == 1),
        is_damage=False,
    )
    yield _Rule(
        text="its worker is gone; it waits to be taken over",
        broken=sa.select(ATTEMPTS.c.study_id, ATTEMPTS.c.number).where(
            ATTEMPTS.c.open, ATTEMPTS.c.outcome.is_(None), ATTEMPTS.c.lease_until <= clock
        ),
        is_damage=False,
    )
    yield _Rule(
        text="has attempts, but is gone itself",
        broken=sa.select(books.c.study_id, books.c.low)
        .select_from(books.outerjoin(trials, trials.c.trial_id == books.c.trial_id))
        .where(trials.c.trial_id.is_(None)),
    )
    yield _Rule(
        text="the number was given to more than one trial",
        broken=broken.group_by(trials.c.study_id, trials.c.number).having(sa.func.count() > 1),
    )
    yield _Rule(
        text="is complete, but has not one value",
        broken=broken.outerjoin(values, values.c.trial_id == trials.c.trial_id)
        .where(trials.c.state == "COMPLETE")
        .group_by(trials.c.study_id, trials.c.number, trials.c.trial_id)
        .having(sa.func.count(values.c.trial_value_id) != 1),
    )


def _study_rules(tables: Optuna) -> Iterator[_Rule]:
    trials, books = tables.trials, _books()
    tried = (
        sa.select(
            STUDIES.c.study_id,
            sa.func.count(trials.c.trial_id).label("n"),
            sa.func.coalesce(sa.func.max(trials.c.number) + 1, 0).label("next"),
        )
        .select_from(
            STUDIES.outerjoin(books, books.c.study_id == STUDIES.c.study_id).outerjoin(
                trials, trials.c.trial_id == books.c.trial_id
            )
        )
        .group_by(STUDIES.c.study_id)
        .subquery()
    )
    whole = sa.cast(sa.null(), sa.Integer)
    broken = sa.select(STUDIES.c.study_id, whole).join(tried, tried.c.study_id == STUDIES.c.study_id)
    yield _Rule(
        text="the trials that were handed out are not as many as were counted",
        broken=broken.where(STUDIES.c.admitted != tried.c.n),
    )
    there = sa.select(sa.func.count()).where(
        trials.c.study_id == STUDIES.c.study_id, trials.c.number < STUDIES.c.admitted
    )
    yield _Rule(
        text="the trials that are there are not as many as were handed out",
        broken=broken.where(STUDIES.c.admitted != there.scalar_subquery()),
    )
    yield _Rule(
        text="the numbers of its trials have gaps",
        broken=broken.where(tried.c.next != tried.c.n),
    )
    yield _Rule(
        text="more trials were handed out than its budget allows",
        broken=broken.where(STUDIES.c.admitted > STUDIES.c.budget),
    )
    yield _Rule(
        text="more trials were handed out than the rule that ended it allows",
        broken=broken.where(STUDIES.c.admitted > STUDIES.c.stop_number),
    )


def _books() -> sa.Subquery:
    """Return a row for each trial that was handed out: what its attempts say."""
    return (
        sa.select(
            ATTEMPTS.c.study_id,
            ATTEMPTS.c.trial_id,
            sa.func.count().label("n"),
            sa.func.min(ATTEMPTS.c.attempt).label("first"),
            sa.func.max(ATTEMPTS.c.attempt).label("last"),
            sa.func.min(ATTEMPTS.c.number).label("low"),
            sa.func.max(ATTEMPTS.c.number).label("high"),
            sa.func.sum(sa.case((ATTEMPTS.c.open, 1), else_=0)).label("open"),
        )
        .group_by(ATTEMPTS.c.study_id, ATTEMPTS.c.trial_id)
        .subquery()
    )
