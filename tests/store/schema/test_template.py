"""New SQLite files as copies of an empty database."""

import sqlite3

import pytest

from hpsearch.store.database.connection import Database
from hpsearch.store.ledger import Ledger
from hpsearch.store.schema import versions


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("HPSEARCH_CACHE", str(folder))
    return folder


def layout(path):
    """Return everything that a database says of its tables, and what stands in the version tables."""
    with sqlite3.connect(path) as connection:
        tables = sorted(connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall(), key=str)
        versions = [
            connection.execute(f"SELECT * FROM {name}").fetchall()
            for name in ("alembic_version", "hpsearch_alembic_version", "version_info")
        ]
    connection.close()
    return tables, versions


def test_a_copy_is_what_would_have_been_made(tmp_path, cache):
    """The first file, the second file and one made without a template have one layout."""
    for name in ("first.db", "second.db"):
        Ledger(f"sqlite:///{tmp_path / name}", create=True).close()
    made = Database(f"sqlite:///{tmp_path / 'made.db'}", create=True)
    versions._make_all(made)
    made.close()
    assert len(list((cache / "schema").glob("*.db"))) == 1
    assert layout(tmp_path / "first.db") == layout(tmp_path / "made.db")
    assert layout(tmp_path / "second.db") == layout(tmp_path / "made.db")


@pytest.mark.usefixtures("cache")
def test_a_second_database_makes_no_tables(tmp_path, monkeypatch):
    """Once there is a template, neither Optuna nor Alembic is asked."""
    Ledger(f"sqlite:///{tmp_path / 'first.db'}", create=True).close()
    monkeypatch.setattr(versions, "_make_optuna", None)
    monkeypatch.setattr(versions, "_make_own", None)
    Ledger(f"sqlite:///{tmp_path / 'second.db'}", create=True).close()
    with sqlite3.connect(tmp_path / "second.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize("damage", [b"", b"not a database at all", b"SQLite format 3\0" + b"\xff" * 4080])
@pytest.mark.sampled
def test_a_damaged_template_does_no_harm(tmp_path, cache, damage):
    """The tables are made in the file itself, and the study file is whole."""
    Ledger(f"sqlite:///{tmp_path / 'first.db'}", create=True).close()
    (template,) = (cache / "schema").glob("*.db")
    template.write_bytes(damage)
    Ledger(f"sqlite:///{tmp_path / 'second.db'}", create=True).close()
    assert layout(tmp_path / "second.db") == layout(tmp_path / "first.db")


def test_without_a_cache_the_tables_are_made(tmp_path, monkeypatch):
    """A cache that cannot be written is no reason to refuse a study."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "file" / "below"))
    Ledger(f"sqlite:///{tmp_path / 'x.db'}", create=True).close()
    assert len(layout(tmp_path / "x.db")[0]) > 15
