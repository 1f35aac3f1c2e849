"""How many statements a verb sends, and writes that go as one."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from hpsearch.search import TrialState
from hpsearch.store import Result
from hpsearch.store.database.columns import columns_of, insert_columns
from hpsearch.store.database.writes import Writes
from hpsearch.store.schema.tables import STUDIES
from tests.store.databases import only_postgresql

DONE = Result(state=TrialState.COMPLETE, value=0.5, curve=(0.25, 0.5))


@contextmanager
def counted(ledger):
    """Give the statements that a ledger sends meanwhile."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    sa.event.listen(ledger.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(ledger.database.engine, "before_cursor_execute", note)


@only_postgresql
def test_each_verb_sends_three_statements_at_most(ledger, study, worker):
    """A claim of four trials, two reports on them, their results and a look take 3 statements each."""
    known, _ = ledger.look(study)
    counts = []
    with counted(ledger) as sent:
        claims = worker.claim(0, 1, 2, 3)
        counts.append(len(sent))
        for _ in range(2):
            worker.report(*claims)
            counts.append(len(sent))
        assert ledger.finish([(claim, DONE) for claim in claims]) == claims
        counts.append(len(sent))
        known, _ = ledger.look(study, known)
        counts.append(len(sent))
    assert known.history.values.tolist() == [0.5] * 4
    assert counts == [3, 6, 9, 12, 15]


@only_postgresql
def test_writes_to_one_table_are_not_parts_of_one_statement(ledger, study):
    """A statement does not see what it writes: a second change of a row would be lost."""
    change = sa.update(STUDIES).where(STUDIES.c.study_id == sa.bindparam("study"))

    def work(connection):
        writes = Writes()
        for admitted in (5, 7):
            writes.add(change, {"study": study.study_id, "admitted": admitted})
        with counted(ledger) as sent:
            writes.send(connection)
        assert len(sent) == 2
        return connection.scalar(sa.select(STUDIES.c.admitted).where(STUDIES.c.study_id == study.study_id))

    assert ledger.database.write(work) == 7


@pytest.mark.long
@only_postgresql
def test_a_write_that_fails_takes_the_others_with_it(ledger, study, worker, query):
    """Two parts of one statement, of which the second breaks a rule: nothing of the first is stored."""
    (claim,) = worker.claim(0)
    values = ledger._tables.trial_values
    rows = [{"trial_id": claim.trial_id, "objective": 0, "value": 0.5, "value_type": "FINITE"}] * 2
    change = sa.update(STUDIES).where(STUDIES.c.study_id == sa.bindparam("study"))

    def work(connection):
        writes = Writes()
        writes.add(change, {"study": study.study_id, "budget": 99})
        writes.add(insert_columns(values, tuple(rows[0])), columns_of(rows))
        writes.send(connection)

    with pytest.raises(Exception, match="duplicate key"):
        ledger.database.write(work)
    assert query(ledger, "SELECT budget FROM hpsearch_studies") == [(study.budget,)]
    assert query(ledger, "SELECT count(*) FROM trial_values") == [(0,)]
