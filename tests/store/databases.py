"""The kinds of database that every contract suite of the ledger runs on."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa

from hpsearch.store import Ledger
from tests.machine.postgres import Postgres

only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
"""For tests of what only SQLite has: files, locks on files."""

only_postgresql = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
"""For tests of what only PostgreSQL has."""

long_on_postgresql = pytest.mark.parametrize(
    "databases", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)
"""For laws of both whose cost on a server ``pytest`` alone does not pay."""


class Databases(Protocol):
    """What makes databases of one kind."""

    kind: str

    def new(self, *, tables: bool = True) -> str:
        """Make a database, with empty tables or without any; return its address."""

    def copy(self, url: str) -> str:
        """Copy a database that is not in use; return the copy's address."""

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""


class SqliteFiles:
    """SQLite files in a folder, copied from one with empty tables."""

    kind = "sqlite"

    def __init__(self, template: Path, folder: Path) -> None:
        self._template = template
        self._folder = folder
        self._n = 0

    def new(self, *, tables: bool = True) -> str:
        """Copy a file into a folder of its own; return its address."""
        self._n += 1
        folder = self._folder / str(self._n)
        folder.mkdir()
        if tables:
            shutil.copy(self._template, folder / "study.db")
        return f"sqlite:///{folder / 'study.db'}"

    def copy(self, url: str) -> str:
        """Copy a database that is not in use; return the copy's address."""
        copy = self.new(tables=False)
        shutil.copy(sa.make_url(url).database, sa.make_url(copy).database)
        return copy

    def drop(self, url: str) -> None:
        """Remove the file's folder."""
        shutil.rmtree(Path(sa.make_url(url).database).parent)


class PostgresDatabases:
    """Databases on one server, copied from one with empty tables."""

    kind = "postgresql"

    def __init__(self, server: Postgres) -> None:
        self._server = server
        url = server.new_database()
        Ledger(url, create=True).close()
        self.template = sa.make_url(url).database

    def new(self, *, tables: bool = True) -> str:
        """Copy a database; return its address."""
        return self._server.new_database(self.template if tables else "template1")

    def copy(self, url: str) -> str:
        """Copy a database that is not in use; return the copy's address."""
        return self._server.new_database(sa.make_url(url).database)

    def drop(self, url: str) -> None:
        """Drop the database."""
        self._server.drop_database(url)


@contextmanager
def sqlite(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Give SQLite files in the session's temporary folder."""
    folder = request.getfixturevalue("tmp_path_factory").mktemp("databases")
    yield SqliteFiles(request.getfixturevalue("template"), folder)


@contextmanager
def postgresql(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Give databases on the session's server."""
    yield PostgresDatabases(request.getfixturevalue("postgres"))


DATABASES = {"sqlite": sqlite, "postgresql": postgresql}
"""Kind -> what gives databases of that kind."""
