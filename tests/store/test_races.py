"""What another process does between two statements of a transaction: each sees the database as it is then."""

import threading
import time

import pytest
import sqlalchemy as sa

from hpsearch.search import TrialState
from hpsearch.store import Result, opened
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


def test_two_openings_at_once_are_one_study(ledger, terms, between):
    """Another process creates the study after this one has looked for it and before it creates it."""
    created = []
    thread = between("FROM hpsearch_studies", lambda other: created.append(other.open_study(terms())))
    study = ledger.open_study(terms())
    thread[0].join(PATIENCE_S)
    assert created == [study]
    assert ledger.study_names() == ["study"]


def test_a_late_result_meets_the_claim_that_takes_over(  # noqa: PLR0917 - fixtures
    worker, ledger, study, hire, expire, query, between
):
    """A lease has run out; its worker finishes while another one takes the trial: one of them has it."""
    (late,) = worker.claim(0)
    expire(ledger, late)
    taken = []
    result = Result(state=TrialState.COMPLETE, value=0.5, curve=(0.25, 0.5))
    successor = hire(ledger, study, "2@2")
    thread = between(
        "FROM hpsearch_attempts JOIN trials", lambda other: taken.extend(other.finish([(late, result)]))
    )
    claims = successor.claim()
    thread[0].join(PATIENCE_S)
    assert [claim.number for claim in claims] == ([] if taken else [0])
    assert successor.finish(*claims) == claims
    rows = "SELECT outcome, open FROM hpsearch_attempts ORDER BY attempt"
    outcomes = query(ledger, rows)
    assert outcomes[-1] == ("finished", False)
    assert None not in [outcome for outcome, _ in outcomes]
    assert query(ledger, "SELECT count(*) FROM trial_intermediate_values") == [(2,)]
