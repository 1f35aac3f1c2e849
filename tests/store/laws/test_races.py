"""Two verbs at the same moment on PostgreSQL: what comes out is what one after the other would give.

One transaction is held open when all its statements are done, the other starts, and goes on until it ends or
waits for a lock; then the first one commits. SQLite has one writer at a time and no such moments.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from threading import Event

import optuna
import pytest
import sqlalchemy as sa
from optuna.storages import RDBStorage

from hpsearch.search import TrialState
from hpsearch.store import Control, RefusedError, Result
from tests.store.databases import only_postgresql

PATIENCE_S = 20
FAILED = Result(state=TrialState.FAILED, value=None, reason="it broke")


@dataclass
class Scene:
    """A study in the middle of its life.

    The first worker holds trials 0, whose lease is over, and 1; trial 2 has failed; trial 3 was handed back.
    There may be ten trials, six in flight.
    """

    ledger: object
    first: object
    second: object
    claims: list
    space: object
    storage: object

    @property
    def study(self):
        """The study."""
        return self.first.study


def finish(scene):
    """Both trials are done."""
    return [c.number for c in scene.first.finish(*scene.claims)]


def report(scene):
    """Both trials go on."""
    return [c.number for c in scene.first.report(*scene.claims)]


def release(scene):
    """Both trials are handed back."""
    scene.ledger.release(scene.claims)


def crash(scene):
    """The training of both trials raised."""
    scene.ledger.crash(scene.claims, "ValueError: bad")


def claim(scene):
    """Another worker takes what there is."""
    return [(c.number, c.attempt) for c in scene.second.claim(4, 5)]


def reap(scene):
    """Somebody looks at the status."""
    scene.ledger.reap(scene.study)


def bury(scene):
    """The first worker's machine says that it is dead."""
    scene.ledger.bury([scene.first.worker_id])


def retry(scene):
    """The failed trial is to be tried again."""
    scene.ledger.retry(scene.study, 2)


def pause(scene):
    """Nothing more is to be handed out."""
    return scene.ledger.set_control(scene.study, Control.PAUSE)


def enqueue(scene):
    """Somebody wants other parameters."""
    return scene.ledger.enqueue(scene.study, {"width": 8})


def enqueue_through_optuna(scene):
    """Somebody who knows nothing of hpsearch does."""
    load(scene).enqueue_trial({"width": 8})


def tell(scene):
    """Somebody settles trial 0 by hand."""
    load(scene).tell(0, 0.25)


def fail(scene):
    """Somebody gives trial 0 up by hand."""
    load(scene).tell(0, state=optuna.trial.TrialState.FAIL)


def load(scene):
    """Return the study as Optuna sees it."""
    return optuna.load_study(study_name=scene.study.name, storage=scene.storage)


PAIRS = {
    finish: (finish, claim, fail, reap, bury),
    report: (claim, fail, reap),
    release: (claim,),
    crash: (claim,),
    claim: (claim, finish, report, fail, retry, pause, bury, enqueue, enqueue_through_optuna),
    fail: (finish, report, claim),
    tell: (finish,),
    enqueue: (enqueue, enqueue_through_optuna, claim),
    enqueue_through_optuna: (enqueue, claim),
}
"""What is held open -> what happens meanwhile."""


@pytest.fixture(scope="module")
def ground(new_ledger):
    """Return a ledger and Optuna's storage on one database for all pairs."""
    with new_ledger() as ledger:
        storage = RDBStorage(ledger.database.optuna_url, engine_kwargs={"poolclass": sa.NullPool})
        yield ledger, storage
        storage.remove_session()


@pytest.fixture(scope="module")
def scene(ground, terms, hire, expire, space):
    """Return a function that sets the scene in a new study."""
    ledger, storage = ground
    names = map("study {}".format, count())

    def scene():
        study = ledger.open_study(terms(next(names), budget=10, parallelism=6))
        first, second = hire(ledger, study, "1@1"), hire(ledger, study, "2@2")
        claims = first.claim(0, 1, 2, 3)
        first.report(*claims, curve=(0.25,))
        ledger.finish([(claims[2], FAILED)])
        ledger.release([claims[3]])
        expire(ledger, claims[0])
        return Scene(ledger, first, second, claims[:2], space, storage)

    return scene


@contextmanager
def held_open(*engines):
    """Hold the next transaction that writes open at its end; give the events of its coming and its going."""
    at_end, go = Event(), Event()

    def hold(connection):
        written = connection.exec_driver_sql("SELECT pg_current_xact_id_if_assigned()").scalar()
        if written is not None and not at_end.is_set():
            at_end.set()
            assert go.wait(PATIENCE_S)

    for engine in engines:
        sa.event.listen(engine, "commit", hold)
    try:
        yield at_end, go
    finally:
        go.set()
        for engine in engines:
            sa.event.remove(engine, "commit", hold)


def answer(verb, scene):
    """Return what a verb says, or that it was refused."""
    try:
        return verb(scene)
    except (RefusedError, ValueError, optuna.exceptions.UpdateFinishedTrialError):
        return "refused"


def books(scene, query):
    """Return what is stored of a study, apart from times, keys and tokens."""
    mine = "(SELECT * FROM trials WHERE study_id = :id) t"
    worker = "worker_id - (SELECT min(worker_id) FROM hpsearch_workers w WHERE w.study_id = :id)"
    attempt = "outcome, open, alone, ended_at IS NULL, digest, lease_until > claimed_at"
    columns = {
        "number, state, datetime_complete IS NULL": mine,
        "number, value, 0": f"{mine} JOIN trial_values USING (trial_id)",
        "number, step, intermediate_value": f"{mine} JOIN trial_intermediate_values USING (trial_id)",
        "number, param_name, 0": f"{mine} JOIN trial_params USING (trial_id)",
        f"number, attempt, {worker}, {attempt}": "hpsearch_attempts WHERE study_id = :id",
        "admitted, reopened, control": "hpsearch_studies WHERE study_id = :id",
    }
    return [
        query(scene.ledger, f"SELECT {names} FROM {table} ORDER BY 1, 2, 3", id=scene.study.study_id)
        for names, table in columns.items()
    ]


@pytest.fixture(scope="module")
def in_turn(scene, query):
    """Return a function from two verbs to their answers and the books, one after the other."""

    @cache
    def in_turn(first, second):
        there = scene()
        return (answer(first, there), answer(second, there)), books(there, query)

    return in_turn


@pytest.fixture(scope="module")
def at_once(scene, query, postgres):
    """Return a function like ``in_turn``: the second begins when the first has done all but commit."""

    def at_once(first, second):
        there = scene()
        database = there.ledger.database
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "

        def waits():
            return postgres.execute(f"{waiting}'{database.url.database}'") != [(0,)]

        engines = database.engine, there.storage.engine
        with ThreadPoolExecutor(2) as pool, held_open(*engines) as (at_end, go):
            one = pool.submit(answer, first, there)
            assert at_end.wait(PATIENCE_S)
            other = pool.submit(answer, second, there)
            deadline = time.monotonic() + PATIENCE_S
            while not (other.done() or waits()):
                assert time.monotonic() < deadline, "the second neither ended nor waits"
                time.sleep(0.002)
            go.set()
            answers = one.result(PATIENCE_S), other.result(PATIENCE_S)
        return answers, books(there, query)

    return at_once


@only_postgresql
@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(first, second, id=f"{first.__name__}-{second.__name__}")
        for first, others in PAIRS.items()
        for second in others
    ],
)
def test_two_at_once_are_one_after_the_other(in_turn, at_once, first, second):
    """Answers and books are those of one of the two orders."""
    forward = in_turn(first, second)
    answers, stored = in_turn(second, first)
    assert at_once(first, second) in [forward, (answers[::-1], stored)]
