"""Writes that are sent together: on PostgreSQL as few statements, and without work that was done before."""

import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect

from hpsearch.store.database.postgres import at_once

Write: TypeAlias = sa.Insert | sa.Update | sa.Delete
Values: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""Name -> value of the parameters of a write; on SQLite also several, for as many rows."""

_VALUE = re.compile(r"%\((\w+)\)s")


@dataclass(slots=True)
class Writes:
    """Writes that are sent together, on PostgreSQL each statement with as many of them as it can hold.

    A claim holds the study against every other worker until it is committed. Six writes cost a worker and
    the server six times what a statement costs; as parts of one statement (``WITH``) they cost it once. A
    statement sees no write of its own: what changes a table that is written already begins the next one.
    SQLite runs them one by one. Their texts are kept: making one takes longer than running it.

    Attributes:
        pairs: The writes with their values, in order.
    """

    pairs: list[tuple[Write, Values]] = field(default_factory=list)

    def add(self, write: Write, values: Values) -> None:
        """Add a write, and the values of its parameters; the same object as before costs less."""
        self.pairs.append((write, values))

    def send(self, connection: Connection) -> None:
        """Run the writes; on PostgreSQL that is one way to the server and back."""
        if connection.dialect.name == "postgresql":
            self._send_together(connection)
            return
        for write, values in self.pairs:
            rows = [values] if isinstance(values, Mapping) else values
            text = _text(write, tuple(rows[0]), connection.dialect)
            connection.exec_driver_sql(text.sql, [text.in_order(row) for row in rows]).close()

    def _send_together(self, connection: Connection) -> None:
        statements = self._statements()
        together = at_once(connection) if len(statements) > 1 else nullcontext()
        with together:
            for writes in statements:
                connection.exec_driver_sql(*_joined(connection.dialect, writes)).close()

    def _statements(self) -> list[list[tuple[Write, Mapping[str, Any]]]]:
        found: list[list[tuple[Write, Mapping[str, Any]]]] = []
        for write, values in self.pairs:
            if not isinstance(values, Mapping):
                raise TypeError("expected one set of values: on PostgreSQL lists are columns")
            if not found or any(other.table is write.table for other, _ in found[-1]):
                found.append([])
            found[-1].append((write, values))
        return found


def _joined(
    dialect: Dialect, writes: Sequence[tuple[Write, Mapping[str, Any]]]
) -> tuple[str, dict[str, Any]]:
    """Return writes as one statement, and the values of its parameters."""
    texts = [_text(write, tuple(values), dialect, f"w{n}_") for n, (write, values) in enumerate(writes)]
    parts = ", ".join(f"w{n} AS ({text.sql})" for n, text in enumerate(texts[:-1]))
    found = {
        text.prefix + name: text.converted(name, value)
        for text, (_, values) in zip(texts, writes, strict=True)
        for name, value in {**text.constants, **values}.items()
    }
    return (f"WITH {parts} " if parts else "") + texts[-1].sql, found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """The text of a write.

    Attributes:
        sql: The text; the names of its parameters, where they have names, begin with ``prefix``.
        prefix: What keeps them apart from the names of other writes.
        constants: Name -> value, where no caller gives one.
        converters: Name -> what makes its value one for the driver.
        places: The names in the order of the text, where it has none.
    """

    sql: str
    prefix: str
    constants: Mapping[str, Any]
    converters: Mapping[str, Any]
    places: Sequence[str]

    def converted(self, name: str, value: Any) -> Any:
        """Return the value of a parameter as the driver takes it."""
        converter = self.converters.get(name)
        return value if converter is None else converter(value)

    def in_order(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return values in the order of the text, as the driver takes them."""
        every = {**self.constants, **values}
        return tuple(self.converted(name, every[name]) for name in self.places)


@lru_cache(maxsize=256)
def _text(write: Write, names: tuple[str, ...], dialect: Dialect, prefix: str = "") -> _Text:
    """Return the text of a write with certain parameters."""
    compiled: Any = write.compile(dialect=dialect, column_keys=list(names))
    kinds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    converters = {name: kind.bind_processor(dialect) for name, kind in kinds.items()}
    return _Text(
        sql=_VALUE.sub(rf"%({prefix}\1)s", compiled.string),
        prefix=prefix,
        constants={name: value for name, value in compiled.params.items() if name not in names},
        converters={name: converter for name, converter in converters.items() if converter is not None},
        places=tuple(compiled.positiontup or ()),
    )
