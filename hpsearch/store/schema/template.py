"""Empty SQLite databases, made once on a machine and then copied.

Optuna takes 0.4 s to make its tables (the ORM, Alembic and its migrations are imported for it); a copy takes
a few milliseconds.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from hpsearch.data import cache_root
from hpsearch.errors import DataError
from hpsearch.store.database.connection import Database


def fill_from_template(database: Database, *, revision: str, make_tables: Callable[[Database], None]) -> None:
    """Copy an empty database into a SQLite file that has no tables; do nothing where that cannot be.

    Args:
        database: The file.
        revision: The version of hpsearch's own tables.
        make_tables: Makes all tables in a new file, for the first database on this machine.
    """
    try:
        template = cache_root() / "schema" / f"optuna-{version('optuna')}-hpsearch-{revision}.db"
        if not template.exists():
            _make(template, make_tables)
        _copy(template, database)
    except (DataError, OSError, sqlite3.Error):
        # No cache, no room in it, or a damaged template: the tables are made in the file itself.
        return


def _make(template: Path, make_tables: Callable[[Database], None]) -> None:
    template.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=template.parent) as scratch:
        made = Path(scratch) / "made.db"
        database = Database(f"sqlite:///{made}", create=True)
        try:
            make_tables(database)
        finally:
            database.close()
        os.replace(made, template)  # noqa: PTH105 - atomic, also where another process was faster


def _copy(template: Path, database: Database) -> None:
    with closing(sqlite3.connect(f"file:{template}?mode=ro", uri=True)) as source:
        source.execute("SELECT version_num FROM hpsearch_alembic_version").fetchone()
        database.copy_from(source)
