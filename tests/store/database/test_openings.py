"""What another process does between two statements of a transaction: each sees the database as it is then."""

import threading
import time

import pytest
import sqlalchemy as sa

from hpsearch.store import opened
from tests.store.databases import only_postgresql

pytestmark = only_postgresql  # a SQLite file has one writer at a time
PATIENCE_S = 30.0


@pytest.fixture
def between(ledger, postgres):
    """Return a function that has something done once, after the first statement that holds a text.

    It is done by another connection, and waited for until it has ended or waits for a lock itself.
    """
    engine = ledger.database.engine
    name = ledger.database.url.database
    waits = f"SELECT 1 FROM pg_stat_activity WHERE datname = '{name}' AND wait_event_type = 'Lock'"
    threads = []

    def between(text, act):
        def work():
            with opened(ledger.database.secret_url) as other:
                act(other)

        def strike(_connection, _cursor, statement, *_rest):
            if threads or text not in statement:
                return
            threads.append(threading.Thread(target=work))
            threads[0].start()
            deadline = time.monotonic() + PATIENCE_S
            while threads[0].is_alive() and not postgres.execute(waits):
                assert time.monotonic() < deadline, "the other connection neither ended nor waits"

        sa.event.listen(engine, "after_cursor_execute", strike)
        return threads

    yield between
    for thread in threads:
        thread.join(PATIENCE_S)


def test_fault_46_two_openings_at_once_are_one_study(ledger, terms, between):
    """Another process creates the study after this one has looked for it and before it creates it."""
    created = []
    thread = between("FROM hpsearch_studies", lambda other: created.append(other.open_study(terms())))
    study = ledger.open_study(terms())
    thread[0].join(PATIENCE_S)
    assert created == [study]
    assert ledger.study_names() == ["study"]
