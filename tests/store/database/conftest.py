"""Databases on the server of the session."""

from contextlib import closing

import pytest
import sqlalchemy as sa

from hpsearch.store.database import retry
from hpsearch.store.database.connection import Database
from tests.store.database.clock import Clock


@pytest.fixture
def clock(monkeypatch):
    """Return the clock of everything that is tried again; only its pauses move it."""
    clock = Clock()
    monkeypatch.setattr(retry, "time", clock)
    return clock


@pytest.fixture
def server_url(postgres):
    """Return the address of an empty database."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def server_database(server_url):
    """Return the door to an empty database."""
    with closing(Database(server_url, patience_s=20)) as database:
        yield database


@pytest.fixture
def numbers(server_database):
    """Return the database with a table of numbers."""
    server_database.write(
        lambda c: c.execute(sa.text("CREATE TABLE numbers (n INTEGER PRIMARY KEY, v INTEGER)"))
    )
    return server_database
