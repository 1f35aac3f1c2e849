"""The trainings of a verdict, shared out among workers: the same verdict, each training done once."""

import threading
from contextlib import closing

import pytest

from hpsearch.defaults import TimeLimits
from hpsearch.objective import JudgedRows
from hpsearch.store import Ledger, WorkerIdentity
from hpsearch.worker import Aborted, Stop, load_data, run_worker, search_terms, store_verdict, work
from hpsearch.worker.loop import kept_outcomes
from hpsearch.worker.outcome.delivery import assist, deliver
from hpsearch.worker.outcome.shared_trainer import MissingTrainingError, SharedTrainer
from tests.cli.program import LONG, eventually
from tests.machine.nursery import Nursery
from tests.worker.loop.test_checkpoints import Interrupted
from tests.worker.studies import small_spec

KEPT = "SELECT count(*), count(data) FROM hpsearch_trainings"


@pytest.fixture(params=["true", "false"])
def settled(request, tmp_path, ledger, cache, monkeypatch):
    """Return the small study, settled and not judged; with refits and without."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    return settle(ledger, small_spec(tmp_path, **{"seeds = 2": f"seeds = 2\nrefit = {request.param}"}))


def settle(ledger, spec):
    """Return a study that one worker has settled."""
    ledger.open_study(search_terms(spec, data_hash=load_data(spec, spec.base).content_hash))
    return work(ledger, spec.name, stop=Stop())


def together(ledger, settled, process, *, judges, fleet=2, stop=None):
    """Return what trains for the verdict as one of several workers."""
    identity = WorkerIdentity(host="here", process=f"{process}@{process}", pid=process)
    return SharedTrainer(
        ledger,
        settled,
        worker_id=ledger.enlist(settled.last, identity),
        stop=stop or Stop(),
        fleet=fleet,
        judges=judges,
    )


def query(ledger, sql):
    """Return the rows that a statement gives."""
    return ledger.database.write(lambda c: [tuple(row) for row in c.exec_driver_sql(sql)])


def test_two_workers_train_each_training_once(settled, ledger, monkeypatch):
    """Both end; the one that judges has the verdict that one worker alone finds."""
    alone = deliver(settled, Stop())
    trained = []
    train = type(settled.evaluator).train

    def counted(self, tasks, **options):
        trained.extend((self._data.X.shape, task.config, task.seed) for task in tasks)
        return train(self, tasks, **options)

    monkeypatch.setattr(type(settled.evaluator), "train", counted)
    other = threading.Thread(target=assist, args=(settled, together(ledger, settled, 1, judges=False)))
    with closing(Ledger(ledger.database.secret_url)) as mine:
        other.start()
        found = deliver(settled, Stop(), together(mine, settled, 2, judges=True))
        other.join()
    assert found == alone
    assert len(set(trained)) == len(trained) >= 3


def test_a_bar_of_the_trainings_does_not_grow(tmp_path, ledger, cache, monkeypatch):
    """The fits of the baseline, which come last, are counted from the first training on."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    baseline = {"seeds = 2": 'seeds = 2\nbaseline = "logistic-regression"'}
    settled = settle(ledger, small_spec(tmp_path, **baseline))
    train, seen = together(ledger, settled, 1, judges=True, fleet=1), []

    def counted(*given):
        found = train(*given)
        seen.extend(query(ledger, "SELECT count(*) FROM hpsearch_trainings WHERE worker_id IS NOT NULL"))
        seen.extend(query(ledger, "SELECT count(*) FROM hpsearch_trainings WHERE ended_at IS NULL"))
        return found

    assert deliver(settled, Stop(), counted).baseline.problem is None
    (_, _, (first,), (left,), (last,), (none,)) = seen
    assert (left, none) == (settled.spec.confirm.seeds, 0)
    assert last == first + left


def test_the_confirming_runs_are_not_trained_again_for_their_answers(settled, ledger):
    """The workers that ran them have kept what the comparison takes."""
    n_runs = len(settled.confirmed)
    whole = 1 if settled.spec.confirm.refit else len(JudgedRows)
    assert query(ledger, KEPT) == [(whole * n_runs, whole * n_runs)]


def test_what_is_too_large_for_the_ledger_the_worker_that_judges_trains_itself(settled, ledger, monkeypatch):
    """Another worker leaves it then; the verdict is the same."""
    alone = deliver(settled, Stop())
    query(ledger, "DELETE FROM hpsearch_trainings RETURNING key")
    monkeypatch.setattr(kept_outcomes, "MOST_BYTES", 100)
    assist(settled, together(ledger, settled, 1, judges=False))
    with pytest.raises(MissingTrainingError):
        assist(settled, together(ledger, settled, 3, judges=False))
    assert {row[1] for row in query(ledger, KEPT)} == {0}
    assert deliver(settled, Stop(), together(ledger, settled, 2, judges=True)) == alone


def test_a_training_goes_on_where_the_worker_before_was_asked_to_end(ledger, tmp_path, cache, monkeypatch):
    """Each is asked to after two epochs of four or six; from the start none would ever end."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    settled = settle(ledger, small_spec(tmp_path))
    alone, cut = deliver(settled, Stop()), 0
    for process in range(1, 50):
        trainer = together(ledger, settled, process, judges=True, stop=Interrupted(2))
        try:
            found = deliver(settled, Stop(), trainer)
        except Aborted:
            cut += 1
            continue
        break
    assert found == alone
    assert cut > 2


def test_a_worker_that_is_asked_to_end_begins_no_training(settled, ledger):
    """The one that judges, too: what is left is for the next start."""
    stop = Stop()
    stop.request()
    query(ledger, "DELETE FROM hpsearch_trainings RETURNING key")
    with pytest.raises(Aborted):
        deliver(settled, stop, together(ledger, settled, 1, judges=True, stop=stop))
    assert query(ledger, "SELECT count(*) FROM hpsearch_trainings WHERE lease_until > 0") == [(0,)]


def test_damaged_bytes_are_trained_again(settled, ledger):
    """A digest shows the damage; the verdict is the same, and its rows are gone once it is stored."""
    alone = deliver(settled, Stop())
    assist(settled, together(ledger, settled, 1, judges=True))
    damage = "UPDATE hpsearch_trainings SET data = substr(data, 1, length(data) - 3) RETURNING key"
    assert len(query(ledger, damage)) > 4
    store_verdict(ledger, settled, Stop())
    assert ledger.verdict(settled.study) == alone
    assert query(ledger, KEPT) == [(0, 0)]


@pytest.mark.long
def test_a_worker_that_is_killed_while_it_judges_loses_no_verdict(ledger, tmp_path, cache, monkeypatch):
    """Two are killed with refits in hand; a third one goes on, and finds what a calm worker finds."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    epochs = {"epochs = 6": f"epochs = {LONG}"}
    settled = settle(ledger, small_spec(tmp_path, **epochs))
    calm = deliver(settled, Stop())
    url = f"sqlite:///{tmp_path}/hpsearch.db"
    how = {"fleet": 2, "delivers": True, "limits": TimeLimits(patience_s=60.0)}
    held = f"{KEPT} WHERE ended_at IS NULL AND lease_until > 0"
    with Nursery(run_worker.__module__, HPSEARCH_CACHE=str(cache)) as nursery:
        for _ in range(2):
            nursery.start(run_worker, url, "small", **how)
            eventually(lambda: query(ledger, held)[0][0] > 0, timeout_s=60, what="a refit in hand")
            assert nursery.kill()
            assert ledger.verdict(settled.study) is None
        nursery.start(run_worker, url, "small", **how)
        assert nursery.wait() == 0
    assert ledger.verdict(settled.study) == calm
