"""The scan: every row of the studies in a database, held against the rules of its cells."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import HpsearchError, StorageError, first_line, to_type
from hpsearch.space import Space
from hpsearch.store.schema.cells import SENSELESS, CellRule
from hpsearch.store.schema.findings import MOST, Finding
from hpsearch.store.schema.rules import CELLS, ROW_RULES, space_of
from hpsearch.store.schema.tables import OWN, STUDIES, Optuna

T = TypeVar("T")

ROWS = 5000
"""Rows that are looked at in one go, a column after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _StudyScan:
    """The study that a row belongs to: its name, and the space of its search, where it says."""

    name: str
    space: Space | None


def senseless_cells(
    connection: Connection, tables: Optuna, *, about: str | None = None
) -> Generator[Finding]:
    """Yield the cells of the studies of a database that hold what they cannot, table by table.

    Args:
        connection: A transaction.
        tables: Optuna's tables.
        about: The name of a study to which the scan keeps, with what confirms it; all studies if ``None``.
    """
    owners = _owners(connection, tables, about)
    for name in CELLS:
        table = OWN.tables[name] if name in OWN.tables else getattr(tables, name)
        yield from islice(_senseless(connection, tables, table, owners), MOST)


def read_or_blame(
    connection: Connection,
    tables: Optuna,
    work: Callable[[], T],
    about: str | None = None,
    *,
    own: bool = True,
) -> T:
    """Return ``work()``; where it fails on what a row holds, name the row.

    Args:
        connection: A transaction.
        tables: Optuna's tables.
        work: Reads.
        about: The name of the study that is read, where one is.
        own: Whether hpsearch has made what is read: the rows of other programs' studies are not looked at.

    Raises:
        StorageError: Says which table, which row, which column, what was expected and what was found.
    """
    try:
        return work()
    except HpsearchError:
        raise
    except SENSELESS as error:
        if not own:
            raise StorageError(
                f"study {about!r}: expected rows as Optuna writes them, found one that cannot be: "
                f"{first_line(error)}; optuna.load_study shows whether Optuna reads them"
            ) from error
        for where in dict.fromkeys((about, None)):
            with closing(senseless_cells(connection, tables, about=where)) as cells:
                found = next(cells, None)
            if found is not None:
                raise StorageError(f"{found}; {to_type('db check')} lists what is wrong") from error
        raise


def _owners(connection: Connection, tables: Optuna, about: str | None) -> dict[int, _StudyScan]:
    """Return key -> study, of all studies that hpsearch made or of one with those that confirm it."""
    names, searches = tables.studies, STUDIES.alias("searches")
    query = (
        sa.select(
            names.c.study_id,
            *(_raw(c) for c in (names.c.study_name, STUDIES.c.search_id, searches.c.contract)),
        )
        .join(STUDIES, STUDIES.c.study_id == names.c.study_id)
        .outerjoin(searches, searches.c.study_id == STUDIES.c.search_id)
    )
    rows = connection.execute(query).all()
    wanted = {key for row in rows if about == row[1] for key in (row[0], row[2])}
    return {
        row[0]: _StudyScan(name=str(row[1]), space=space_of(row[3]))
        for row in rows
        if about is None or row[0] in wanted or row[2] in wanted
    }


def _senseless(
    connection: Connection, tables: Optuna, table: sa.Table, owners: Mapping[int, _StudyScan]
) -> Iterator[Finding]:
    rules, trials, keys = CELLS[table.name], tables.trials, list(table.primary_key)
    of = table if "study_id" in table.c else trials
    number = table.c.number if "number" in table.c else trials.c.number if of is trials else sa.null()
    columns = [of.c.study_id, number, *keys, *(table.c[name] for name in rules)]
    query = sa.select(*(_raw(column, connection.dialect.name) for column in columns)).order_by(*keys)
    if of is not table:
        query = query.join(trials, trials.c.trial_id == table.c.trial_id)
    if len(owners) <= MOST:
        query = query.where(of.c.study_id.in_(owners))
    first = 2 + len(keys)
    with connection.execute(query.execution_options(yield_per=ROWS)) as found:
        for rows in found.partitions():
            for place, problem in _problems(table.name, rules, rows, first, owners):
                owner, row = owners[rows[place][0]], rows[place]
                where = ", ".join(
                    f"{key.name} {value}" for key, value in zip(keys, row[2:first], strict=True)
                )
                yield Finding(
                    study=owner.name,
                    number=row[1] if type(row[1]) is int else None,
                    text=f"table {table.name}, row with {where}: {problem}",
                    is_damage=True,
                )


def _problems(
    table: str,
    rules: Mapping[str, CellRule],
    rows: Sequence[Any],
    first: int,
    owners: Mapping[int, _StudyScan],
) -> Iterator[tuple[int, str]]:
    """Yield the place of each row that cannot be, and why; each value of a column is judged once."""
    bad: dict[int, str] = {}
    for (name, rule), column in zip(rules.items(), list(zip(*rows, strict=True))[first:], strict=True):
        judged = {key: rule.stored_problem(key[1]) for key in {(type(value), value) for value in column}}
        if any(judged.values()):
            for place, value in enumerate(column):
                problem = judged[type(value), value]
                if problem is not None:
                    bad.setdefault(place, f"{name}: {problem}")
    for place, row in enumerate(rows):
        if row[0] not in owners:  # what is left of a deleted study goes when the next one is made
            continue
        if place in bad:
            yield place, bad[place]
        elif table in ROW_RULES:
            cells = {"study_id": row[0], **dict(zip(rules, row[first:], strict=True))}
            problem = ROW_RULES[table](cells, owners[row[0]].space)
            if problem is not None:
                yield place, problem


def _raw(column: Any, dialect: str = "sqlite") -> Any:
    """Return a column as the database has it, JSON as a text: without the type that would fail on rubbish."""
    if isinstance(column.type, sa.JSON) and dialect == "postgresql":
        column = sa.cast(column, sa.Text)
    return sa.type_coerce(column, sa.types.NULLTYPE)
