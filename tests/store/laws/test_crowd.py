"""Many workers, long studies, long queues, bad links: exact books, and no verb costs more than it did."""

import random
import threading
from contextlib import closing
from functools import partial

import pytest
import sqlalchemy as sa

from hpsearch.search import TrialState
from hpsearch.store import Ledger, Result
from tests.chaos.storage.proxy import Proxy
from tests.store.databases import long_on_postgresql, only_postgresql, only_sqlite

RESULTS = (
    Result(state=TrialState.FAILED, value=None, reason="it broke"),
    Result(state=TrialState.PRUNED, value=0.25, curve=(0.25,)),
    Result(state=TrialState.COMPLETE, value=0.5, curve=(0.25, 0.5)),
    Result(state=TrialState.COMPLETE, value=0.75, curve=(0.5, 0.75)),
)
DEADLINE_S = 120


def work(worker, budget, *, limit=3):
    """Claim and settle until every trial is settled; the number of a trial says what becomes of it."""
    ledger, study = worker.ledger, worker.study
    while (schedule := ledger.row(study)).settled_prefix < budget:
        numbers = range(schedule.admitted, schedule.admitted + limit)
        claims = worker.claim(*numbers, limit=limit)
        ledger.finish([(claim, RESULTS[claim.number % 4]) for claim in claims])


def counts(ledger, study):
    """Return how many trials of each state there are, in the order of ``RESULTS``."""
    states = list(ledger.history(study).history.states)
    return [states.count(state) for state in (TrialState.FAILED, TrialState.PRUNED, TrialState.COMPLETE)]


def test_fault_11_sixteen_workers_and_trials_of_every_fate(ledger, terms, hire, query):
    """Each with connections of its own, proposing beyond the end: a hundred trials, each settled once."""
    study = ledger.open_study(terms(budget=100, parallelism=40))
    ledgers = [Ledger(ledger.database.secret_url, patience_s=DEADLINE_S) for _ in range(16)]
    hands = [hire(one, study, f"{n}@1") for n, one in enumerate(ledgers, start=1)]
    threads = [threading.Thread(target=work, args=(hand, 100)) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    for one in ledgers:
        one.close()
    assert counts(ledger, study) == [25, 25, 50]
    attempts = "SELECT number, attempt, outcome FROM hpsearch_attempts ORDER BY number"
    assert query(ledger, attempts) == [(n, 1, "finished") for n in range(100)]
    assert query(ledger, "SELECT number FROM trials ORDER BY number") == [(n,) for n in range(100)]
    assert query(ledger, "SELECT count(*) FROM trial_values") == [(75,)]


@pytest.fixture
def proxy(postgres):
    """Return a spoiled link to the server."""
    with Proxy(("127.0.0.1", postgres.port)) as proxy:
        yield proxy


@pytest.fixture
def far(proxy, url, terms, hire):
    """Return a worker at the far end of the link, at a study of 24 trials."""
    address = sa.make_url(url).set(port=proxy.port).render_as_string(hide_password=False)
    with closing(Ledger(address, patience_s=DEADLINE_S)) as ledger:
        yield hire(ledger, ledger.open_study(terms(budget=24, parallelism=8)))


@only_postgresql
@pytest.mark.parametrize("mode", [pytest.param("delay", marks=pytest.mark.long), "slices"])
def test_fault_18_a_slow_link_is_only_slow(far, proxy, mode):
    """Every packet late, or every byte by itself."""
    proxy.mode = mode
    work(far, 4, limit=4)
    proxy.mode = "calm"
    assert counts(far.ledger, far.study) == [1, 1, 2]


def work_disturbed(far, disturb, *, share):
    """Work on the study of 24 trials to its end, disturbed before some statements; return how often."""
    draw, engine, times = random.Random(5), far.ledger.database.engine, []

    def perhaps(*_):
        if draw.random() < share:
            times.append(None)
            disturb()

    sa.event.listen(engine, "before_cursor_execute", perhaps)
    work(far, 24, limit=4)
    sa.event.remove(engine, "before_cursor_execute", perhaps)
    return len(times)


@only_postgresql
def test_fault_18_a_link_that_is_reset_again_and_again(far, proxy, query):
    """In the middle of transactions, at moments that a seed draws: each trial is claimed and settled once."""

    def reset():
        for link in proxy.links():
            link.cut(reset=True)

    assert work_disturbed(far, reset, share=0.05) > 3
    assert counts(far.ledger, far.study) == [6, 6, 12]
    assert query(far.ledger, "SELECT max(attempt), count(*) FROM hpsearch_attempts") == [(1, 24)]


@only_postgresql
def test_fault_17_claims_and_results_whose_answers_are_lost(far, proxy, query):
    """The link ends after COMMIT was sent: the verb comes again, and finds by its token what it has done."""
    assert work_disturbed(far, partial(proxy.cut_next_commits, 1), share=0.2) > 3
    proxy.cut_next_commits(0)
    assert proxy.cut_commits > 3
    assert counts(far.ledger, far.study) == [6, 6, 12]
    assert query(far.ledger, "SELECT max(attempt), count(*) FROM hpsearch_attempts") == [(1, 24)]


@pytest.fixture
def steps():
    """Return a function that counts, in hundreds, the steps that SQLite's machine takes for some work."""

    def steps(ledger, work):
        found = []

        def watch(connection):
            connection.connection.driver_connection.set_progress_handler(lambda: found.append(1), 100)

        sa.event.listen(ledger.database.engine, "begin", watch)
        try:
            work()
        finally:
            sa.event.remove(ledger.database.engine, "begin", watch)
            ledger.database.engine.dispose()
        return len(found)

    return steps


@only_sqlite
def test_fault_33_a_claim_of_a_long_study_does_no_more_work(ledger, terms, hire, steps):
    """SQLite's own steps for a schedule, a claim and its results: after 2,000 trials as after 100."""
    study = ledger.open_study(terms(budget=3000, parallelism=3000))
    worker = hire(ledger, study)

    def eight():
        start = ledger.row(study).admitted
        claims = worker.claim(*range(start, start + 8))
        worker.report(*claims)
        worker.finish(*claims)

    def grow_to(n):
        while (start := ledger.row(study).admitted) < n:
            worker.finish(*worker.claim(*range(start, min(n, start + 200)), limit=200))

    grow_to(100)
    before = steps(ledger, eight)
    grow_to(2000)
    assert 0 < steps(ledger, eight) < 1.2 * before


QUEUE = 10_000
_ROWS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :n) "
_WAIT = "INSERT INTO trials (number, study_id, state) " + _ROWS + "SELECT i, :study, 'WAITING' FROM n"
_WISH = (
    "INSERT INTO trial_system_attributes (trial_id, key, value_json) "
    "SELECT trial_id, 'fixed_params', '{\"width\": 8}' FROM trials WHERE study_id = :study"
)


def test_fault_34_ten_thousand_trials_wait(ledger, terms, hire, query, space):
    """Each claim hands out the next of them, with what was wished for."""
    study = ledger.open_study(terms(budget=QUEUE + 10, parallelism=16))
    query(ledger, _WAIT, n=QUEUE, study=study.study_id)
    query(ledger, _WISH, study=study.study_id)
    worker = hire(ledger, study)
    for start in range(0, 12, 4):
        claims = [claim for n in range(start, start + 4) for claim in worker.claim(n, limit=1)]
        assert [claim.number for claim in claims] == list(range(start, start + 4))
        assert {space.external(claim.internal)["width"] for claim in claims} == {8}
        worker.finish(*claims)
    assert ledger.enqueue(study, {"width": 16}) == QUEUE
    assert ledger.row(study).admitted == 12


@only_sqlite
def test_fault_34_a_claim_from_a_long_queue_does_no_more_work(ledger, terms, hire, query, steps):
    """SQLite's own steps, with 300 and with ten thousand trials that wait."""
    counts = []
    for n in (300, QUEUE):
        study = ledger.open_study(terms(f"queue of {n}", budget=n, parallelism=16))
        query(ledger, _WAIT, n=n, study=study.study_id)
        query(ledger, _WISH, study=study.study_id)
        worker = hire(ledger, study)
        worker.finish(*worker.claim(0))
        counts.append(steps(ledger, partial(worker.claim, 1, limit=1)))
        assert ledger.row(study).admitted == 2
    assert 0 < counts[1] < 1.2 * counts[0]


@long_on_postgresql
def test_fault_34_a_curve_of_a_hundred_thousand_epochs(worker, ledger, study):
    """Reported, stored and read back to the last point."""
    (claim,) = worker.claim(0)
    curve = tuple(n / 100_000 for n in range(100_000))
    assert worker.report(claim, curve=curve[:1000]) == [claim]
    assert worker.finish(claim, value=curve[-1], curve=curve) == [claim]
    assert ledger.trial(study, 0).curve == curve


def test_fault_34_a_note_of_ten_million_characters(worker, ledger, query):
    """The beginning of an error says what it is; the rest is not kept."""
    (claim,) = worker.claim(0)
    ledger.crash([claim], "MemoryError: " + "x" * 10_000_000)
    ((note,),) = query(ledger, "SELECT note FROM hpsearch_attempts")
    assert len(note) == 2000
    assert note.startswith("MemoryError: xxx")
