import pytest

from hpsearch.search import History, SearchPlan
from hpsearch.store import Ledger
from hpsearch.worker import load_data, search_terms
from hpsearch.worker.identity import this_worker
from tests.cli.fixtures import cache, finished, finished_long, program
from tests.worker.studies import small_spec

__all__ = ["cache", "finished", "finished_long", "program"]


@pytest.fixture
def spec(tmp_path, cache, monkeypatch):
    """Return a small study whose data come from the prepared cache."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    return small_spec(tmp_path)


@pytest.fixture
def ledger(tmp_path):
    """Return the ledger of a fresh database."""
    ledger = Ledger(f"sqlite:///{tmp_path}/hpsearch.db", create=True)
    yield ledger
    ledger.close()


@pytest.fixture
def study(spec, ledger):
    """Return the small study, opened in the ledger."""
    data_hash = load_data(spec, spec.base).content_hash
    return ledger.open_study(search_terms(spec, data_hash=data_hash))


@pytest.fixture
def claims(ledger, study, spec):
    """Return a worker's key and the two trials that it has claimed."""
    worker_id = ledger.enlist(study, this_worker())
    plan, history = SearchPlan(spec), History.empty(2)
    first = plan.propose(history, 0)
    second = plan.propose(history.with_pending(first.internal), 1)
    return worker_id, ledger.claim(study, worker_id=worker_id, proposals=[first, second], limit=2)
