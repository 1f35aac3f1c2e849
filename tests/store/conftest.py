from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
import sqlalchemy as sa
from optuna.storages import RDBStorage

from hpsearch.search import Proposal, TrialState
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, Space
from hpsearch.store import Ledger, Result, Study, Terms, WorkerIdentity
from tests.contracts import contract_of
from tests.store.databases import DATABASES

SPACE = Space(
    (
        FloatParameter(name="lr", low=1e-4, high=1e-1, log=True, widen=2),
        IntParameter(name="width", low=4, high=64, log=True),
        ChoiceParameter(name="activation", choices=("relu", "tanh")),
    )
)


@pytest.fixture(scope="session")
def space():
    """Return a search space with a parameter of each type."""
    return SPACE


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """Return a file with empty tables: making them takes a second, copying them nothing."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    Ledger(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture(scope="session", params=DATABASES)
def databases(request):
    """Return what makes databases, on each kind of server: what uses it runs on every kind."""
    with DATABASES[request.param](request) as databases:
        yield databases


@pytest.fixture
def url(databases):
    """Return the address of a database of this test alone, with empty tables."""
    url = databases.new()
    yield url
    databases.drop(url)


@pytest.fixture
def empty_url(databases):
    """Return the address of a database without tables; on SQLite, of a file that is not there."""
    url = databases.new(tables=False)
    yield url
    databases.drop(url)


@pytest.fixture
def ledger(url):
    """Return a ledger without studies."""
    ledger = Ledger(url)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def new_ledger(databases):
    """Return a function that gives ledgers without studies, as many as a property test needs."""

    @contextmanager
    def new_ledger():
        url = databases.new()
        ledger = Ledger(url)
        try:
            yield ledger
        finally:
            ledger.close()
            databases.drop(url)

    return new_ledger


@pytest.fixture(scope="session")
def terms():
    """Return a function that makes the terms of a study."""

    def terms(name="study", *, budget=10, parallelism=4, space=SPACE, **contract):
        return Terms(
            name=name,
            contract=contract_of(space, name=name, trials=budget, **contract),
            base="/data",
            budget=budget,
            parallelism=parallelism,
        )

    return terms


@pytest.fixture(scope="session")
def propose():
    """Return a function from numbers to their proposals, the same at each call."""

    def propose(*numbers):
        return [
            Proposal(
                number=n,
                internal=SPACE.from_unit(np.random.default_rng(n).uniform(size=len(SPACE))),
                stage="round 0",
            )
            for n in numbers
        ]

    return propose


@dataclass
class Worker:
    """One worker at a study: the ledger's verbs with short arguments."""

    ledger: Ledger
    study: Study
    proposals: object
    worker_id: int

    def claim(self, *numbers, limit=100):
        """Claim with proposals for these numbers."""
        proposals = self.proposals(*numbers)
        return self.ledger.claim(self.study, worker_id=self.worker_id, proposals=proposals, limit=limit)

    def finish(self, *claims, value=0.5, curve=(0.25, 0.5)):
        """Complete claims; return those that were taken."""
        result = Result(state=TrialState.COMPLETE, value=value, curve=curve)
        return self.ledger.finish([(claim, result) for claim in claims])

    def report(self, *claims, curve=(0.25,)):
        """Report on claims; return those still held."""
        return self.ledger.report(self.worker_id, [(claim, curve) for claim in claims]).held


@pytest.fixture(scope="session")
def hire(propose):
    """Return a function that adds a worker to a study."""

    def hire(ledger, study, process="1@1"):
        identity = WorkerIdentity(host="here", process=process, pid=int(process.partition("@")[0]))
        return Worker(ledger, study, propose, ledger.enlist(study, identity))

    return hire


@pytest.fixture
def study(ledger, terms):
    """Return a study of 10 trials, 4 at a time."""
    return ledger.open_study(terms())


@pytest.fixture
def worker(ledger, study, hire):
    """Return a worker at the study."""
    return hire(ledger, study)


@pytest.fixture
def storage(ledger):
    """Return Optuna's own door to the ledger's database; what goes through it leaves no connection open."""
    options = {"poolclass": sa.NullPool}
    storage = RDBStorage(ledger.database.optuna_url, engine_kwargs=options)
    yield storage
    storage.remove_session()
    storage.engine.dispose()


@pytest.fixture(scope="session")
def query():
    """Return a function that runs SQL on a ledger's database and returns the rows."""

    def query(ledger, sql, **values):
        def work(connection):
            result = connection.execute(sa.text(sql), values)
            return [tuple(row) for row in result] if result.returns_rows else []

        return ledger.database.write(work)

    return query


@pytest.fixture(scope="session")
def expire(query):
    """Return a function that lets the lease of a claim run out, as time would."""

    def expire(ledger, *claims):
        for claim in claims:
            sql = "UPDATE hpsearch_attempts SET lease_until = 0 WHERE trial_id = :id AND attempt = :attempt"
            query(ledger, sql, id=claim.trial_id, attempt=claim.attempt)

    return expire
