"""Writes of PostgreSQL that are sent together, as few statements."""

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

_VALUE = re.compile(r"%\((\w+)\)s")


@dataclass(slots=True)
class Batch:
    """Writes that are sent together, each statement with as many of them as it can hold.

    A claim holds the study against every other worker until it is committed. Six writes cost a worker and
    the server six times what a statement costs; as parts of one statement (``WITH``) they cost it once. A
    statement sees no write of its own: what changes a table that is written already begins the next one.

    Attributes:
        statements: The writes of each statement, in order.
    """

    statements: list[list[tuple[Write, Mapping[str, Any]]]] = field(default_factory=list)

    def add(self, write: Write, values: Mapping[str, Any]) -> None:
        """Add a write, and the values of its parameters; the same write object again costs less."""
        last = self.statements[-1] if self.statements else []
        if not last or any(other.table is write.table for other, _ in last):
            self.statements.append([])
        self.statements[-1].append((write, values))

    def send(self, connection: Connection) -> None:
        """Run the writes: one way to the server and back."""
        together = at_once(connection) if len(self.statements) > 1 else nullcontext()
        with together:
            for writes in self.statements:
                connection.exec_driver_sql(*_joined(connection.dialect, writes)).close()


def _joined(
    dialect: Dialect, writes: Sequence[tuple[Write, Mapping[str, Any]]]
) -> tuple[str, dict[str, Any]]:
    """Return writes as one statement, and the values of its parameters."""
    texts = [
        _text(write, tuple(values), dialect, f"w{place}_") for place, (write, values) in enumerate(writes)
    ]
    parts = [f"w{place} AS ({text.sql})" for place, text in enumerate(texts[:-1])]
    found = {
        text.prefix + name: text.converted(name, value)
        for text, (_, values) in zip(texts, writes, strict=True)
        for name, value in {**text.constants, **values}.items()
    }
    return ", ".join(parts).join(("WITH ", " ")) * bool(parts) + texts[-1].sql, found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """The text of a write.

    Attributes:
        sql: The text; the names of its parameters begin with ``prefix``.
        prefix: What keeps them apart from those of other writes.
        constants: The values of those that no caller gives.
        converters: Name -> what makes its value one for the driver.
    """

    sql: str
    prefix: str
    constants: Mapping[str, Any]
    converters: Mapping[str, Any]

    def converted(self, name: str, value: Any) -> Any:
        """Return the value of a parameter as the driver takes it."""
        converter = self.converters.get(name)
        return value if converter is None else converter(value)


@lru_cache(maxsize=256)
def _text(write: Write, names: tuple[str, ...], dialect: Dialect, prefix: str) -> _Text:
    """Return the text of a write: making it takes longer than running it."""
    compiled: Any = write.compile(dialect=dialect, column_keys=list(names))
    kinds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    converters = {name: kind.bind_processor(dialect) for name, kind in kinds.items()}
    return _Text(
        sql=_VALUE.sub(rf"%({prefix}\1)s", compiled.string),
        prefix=prefix,
        constants={name: value for name, value in compiled.params.items() if name not in names},
        converters={name: converter for name, converter in converters.items() if converter is not None},
    )
