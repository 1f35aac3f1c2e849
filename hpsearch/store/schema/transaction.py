"""One transaction of the ledger: the connection, the tables, and what its verb was called with."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.defaults import LEASE_S
from hpsearch.store.database.columns import add_rows, columns_of, insert_columns, insert_row
from hpsearch.store.database.connection import now
from hpsearch.store.database.writes import Values, Write, Writes
from hpsearch.store.schema.tables import Optuna


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction on a database that holds studies.

    Attributes:
        connection: The connection, in a transaction.
        tables: Optuna's tables.
        lease_s: A claim that is made here lives so long after its last sign of life, in seconds.
        token: A text that no other call has. A transaction that is tried again has the same token, so it can
            find out whether its first try was committed.
        own: Whether hpsearch's tables are there.
        foreign: Whether studies that Optuna alone has made are found, too: for those who read.
        batch: Where writes are collected; ``None`` where each is run by itself.
    """

    connection: Connection
    tables: Optuna
    lease_s: float = LEASE_S
    token: str = ""
    own: bool = True
    foreign: bool = False
    batch: Writes | None = None

    @property
    def dialect(self) -> str:
        """The kind of database: ``"sqlite"`` or ``"postgresql"``."""
        return self.connection.dialect.name

    def clock(self) -> float:
        """Return the database's clock now: seconds since 1970, UTC."""
        return now(self.connection)

    def execute(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[*tuple[Any, ...]]:
        """Run a statement with values for its parameters, one mapping or a list of them."""
        return self.connection.execute(statement, values)

    def scalar(self, statement: sa.Executable, values: Mapping[str, Any] | None = None) -> Any:
        """Return the first column of the first row, or ``None`` without a row."""
        return self.connection.scalar(statement, values)

    def scalars(
        self, statement: sa.Executable, values: Mapping[str, Any] | None = None
    ) -> sa.ScalarResult[Any]:
        """Return the first column of every row."""
        return self.connection.scalars(statement, values)

    def write(self, statement: Write, values: Values) -> None:
        """Run a statement that gives no rows, with the values of its parameters."""
        if self.batch is None:
            self.connection.execute(statement, values)
        else:
            self.batch.add(statement, values)

    def add(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows to a table in one statement.

        Args:
            table: The table.
            rows: At least one; all with the same columns.
        """
        if self.batch is None:
            add_rows(self.connection, table, rows)
        elif self.dialect == "postgresql":
            self.batch.add(insert_columns(table, tuple(rows[0])), columns_of(rows))
        else:
            self.batch.add(insert_row(table), rows)

    @contextmanager
    def at_once(self) -> Iterator["Transaction"]:
        """Give the transaction for writes that are sent together at the end; none of them may give rows.

        They see the database as it was before all of them.
        """
        batch = Writes()
        yield replace(self, batch=batch)
        batch.send(self.connection)
