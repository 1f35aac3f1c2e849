"""Empty SQLite databases, made once on a machine and then copied.

Optuna takes 0.4 s to make its tables (the ORM, Alembic and its migrations are imported for it); a copy takes
a few milliseconds.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from hpsearch.errors import DataError
from hpsearch.files import whole_file
from hpsearch.store.database.connection import Database
from hpsearch.store.database.url import sqlite_address


def fill_from_template(database: Database, *, revision: str, make_tables: Callable[[Database], None]) -> None:
    """Copy an empty database into a SQLite file that has no tables; do nothing where that cannot be.

    Args:
        database: The file.
        revision: The version of hpsearch's own tables.
        make_tables: Makes all tables in a new file, for the first database on this machine.
    """
    from hpsearch.data import cache_root  # noqa: PLC0415 - only for a new database

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
    # Another process may make one at the same time: whole_file takes the last, and both are alike.
    with whole_file(template) as beside, closing(Database(sqlite_address(beside), create=True)) as database:
        make_tables(database)


def _copy(template: Path, database: Database) -> None:
    with closing(sqlite3.connect(f"file:{quote(str(template))}?mode=ro", uri=True)) as source:
        source.execute("SELECT version_num FROM hpsearch_alembic_version").fetchone()
        database.copy_from(source)
