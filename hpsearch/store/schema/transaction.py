"""One transaction of the ledger: the connection, the tables, and what its verb was called with."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.defaults import LEASE_S
from hpsearch.store.database.connection import now
from hpsearch.store.database.postgres import at_once
from hpsearch.store.schema.tables import Optuna, add_rows


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
    """

    connection: Connection
    tables: Optuna
    lease_s: float = LEASE_S
    token: str = ""
    own: bool = True
    foreign: bool = False

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

    def add(
        self, table: sa.Table, rows: Sequence[Mapping[str, Any]], *returning: str
    ) -> sa.CursorResult[*tuple[Any, ...]]:
        """Add rows to a table in one statement; return the columns ``returning`` of each.

        Args:
            table: The table.
            rows: At least one; all with the same columns.
            returning: Columns that the database fills in.
        """
        return add_rows(self.connection, table, rows, *returning)

    def at_once(self) -> AbstractContextManager[None]:
        """Send the writes inside without waiting for the answer to each."""
        return at_once(self.connection)
