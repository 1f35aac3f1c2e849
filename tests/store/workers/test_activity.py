"""What the ledger keeps of workers and of where trials came from, on every kind of database."""

import numpy as np
import pytest

from hpsearch.search import TrialState
from hpsearch.store import Result, WorkerIdentity

FACTS = {"numpy": "2.4.0", "cores": 2, "blas_threads": None}


@pytest.fixture
def study(ledger, terms):
    """Return a study of ten trials, four at a time."""
    return ledger.open_study(terms())


@pytest.fixture
def worker_id(ledger, study):
    """Return the key of a worker that said what it runs on."""
    identity = WorkerIdentity(host="here", process="9@9", pid=9, environment=FACTS)
    return ledger.enlist(study, identity)


def spent(ledger, study):
    """Return where the time of the one worker went."""
    (worker,) = ledger.workers(study)
    return worker.spent


@pytest.mark.usefixtures("worker_id")
def test_a_worker_is_told_with_what_it_runs_on(ledger, study):
    """Numbers and nothing stay what they are; nothing has been spent yet."""
    (worker,) = ledger.workers(study)
    assert (worker.host, worker.pid, worker.ended_at) == ("here", 9, None)
    assert worker.environment == FACTS
    assert worker.spent == {}
    assert ledger.workers(ledger.find_study(None)) == [worker]


def test_every_sign_of_life_brings_the_figures_along(ledger, study, worker_id, propose):
    """A claim, a report, a beat and the end store them; a sign without figures keeps those there are."""
    claims = ledger.claim(study, worker_id=worker_id, proposals=propose(0), limit=1, spent={"idle": 1.0})
    assert spent(ledger, study) == {"idle": 1.0}
    ledger.report(worker_id, [(claims[0], (0.5,))], spent={"training": 2.0})
    assert spent(ledger, study) == {"training": 2.0}
    ledger.report(worker_id, [(claims[0], (0.5,))])
    assert spent(ledger, study) == {"training": 2.0}
    ledger.beat(worker_id, spent={"training": 3.0})
    assert spent(ledger, study) == {"training": 3.0}
    ledger.retire(worker_id, spent={"training": 4.0})
    (worker,) = ledger.workers(study)
    assert worker.spent == {"training": 4.0}
    assert worker.beat_at == worker.ended_at


def test_origins_are_columns_beside_the_history(ledger, study, worker_id, propose):
    """Stage and reason of each trial, when it began and ended; NaN while it has not."""
    claims = ledger.claim(study, worker_id=worker_id, proposals=propose(0, 1, 2), limit=3)
    reason = "stopped after 1 whole epochs"
    results = [
        Result(state=TrialState.COMPLETE, value=0.5),
        Result(state=TrialState.PRUNED, value=0.1, curve=(0.1,), reason=reason),
    ]
    ledger.finish(list(zip(claims, results, strict=False)))
    origins = ledger.metadata(study, 3)
    assert origins.stages == ("round 0",) * 3
    assert origins.reasons == ("", reason, "")
    assert np.isnan(origins.ended).tolist() == [False, False, True]
    assert (origins.ended >= origins.started)[:2].all()
    assert not np.isnan(origins.started).any()
    assert ledger.metadata(study, 0).stages == ()
