"""A study that is settled and confirmed, in a file of its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hpsearch.store import REVISIONS, opened

SETTLED = Path(__file__).parents[1] / "store" / "schema" / "older" / f"{REVISIONS[-1]}.sql"


@pytest.fixture
def url(tmp_path):
    """Return the address of a database with the settled study ``small``, whose winner is trial 1."""
    path = tmp_path / "small.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SETTLED.read_text())
    return f"sqlite:///{path}"


@pytest.fixture
def ledger(url):
    """Return its ledger."""
    with opened(url) as ledger:
        yield ledger


@pytest.fixture
def study(ledger):
    """Return the study."""
    return ledger.find_study("small")
