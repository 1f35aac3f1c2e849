"""A study whose lanes are cut short again and again, and go on in other stacks, is the undisturbed study."""

import os
import signal
from hashlib import sha256

import numpy as np
import pytest

from hpsearch.nn import StackTrainer
from hpsearch.objective import MLPEvaluator
from hpsearch.search import History, SearchPlan, fingerprint
from hpsearch.store import Ledger
from hpsearch.worker import Stop, load_data, search_terms, work
from hpsearch.worker.loop import checkpoints as door
from hpsearch.worker.loop.evaluation import task_of
from hpsearch.worker.loop.heartbeat import Heartbeat
from tests.cli.program import ended, eventually, rows
from tests.worker.studies import small_spec

FLEETS = (1, 4, 2)
"""So many workers are expected, in turn: the next one claims fewer trials or more, so stacks differ."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def anywhere(request, tmp_path):
    """Return a ledger without studies, on each kind of database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/anywhere.db"
    else:
        url = request.getfixturevalue("postgres").new_database()
    ledger = Ledger(url, create=True)
    yield ledger
    ledger.close()


@pytest.fixture
def trained(monkeypatch):
    """Return a list of the lanes that each epoch has trained, as long as the test lasts."""
    lanes, run_epoch = [], StackTrainer.run_epoch

    def counted(trainer):
        lanes.append(len(trainer.lanes))
        return run_epoch(trainer)

    monkeypatch.setattr(StackTrainer, "run_epoch", counted)
    return lanes


class Interrupted(Stop):
    """Asks to end at once at the n-th epoch."""

    def __init__(self, n):
        super().__init__()
        self.left = n

    def check(self):
        """Count epochs."""
        self.left -= 1
        if self.left == 0:
            self.request()
            self.request()
        super().check()


def work_in_pieces(ledger, *, epochs, news):
    """Work on the only study, handing back every few epochs; return it settled, and in how many pieces."""
    for n in range(1000):
        stop = Interrupted(epochs[n % len(epochs)])
        settled = work(ledger, None, stop=stop, fleet=FLEETS[n % len(FLEETS)], say=news.append)
        if settled is not None:
            return settled, n + 1
    raise AssertionError("it never ends")


def test_a_study_in_pieces_is_the_same_study(anywhere, spec, finished, trained):
    """Lanes come back in stacks of other widths and ages; no epoch is trained twice, and no bit differs."""
    data_hash = load_data(spec, spec.base).content_hash
    study = anywhere.open_study(search_terms(spec, data_hash=data_hash))
    news = []
    settled, pieces = work_in_pieces(anywhere, epochs=(1, 2, 3), news=news)
    assert fingerprint(spec.space, settled.history) == finished.fingerprint
    curves = [*settled.history.curves, *settled.confirmed.curves]
    whole = sum(int(np.isfinite(curve).sum()) for curve in curves)
    lost = sum("diverged" in (anywhere.trial(study, n).reason or "") for n in range(40))
    assert sum(trained) == whole + lost
    assert pieces > 20
    assert sum("goes on from epoch" in line for line in news) > 40
    left = "SELECT count(*) FROM hpsearch_checkpoints"
    assert anywhere.database.read(lambda c: c.exec_driver_sql(left).scalar()) == 0


@pytest.fixture
def halted(ledger, study):  # noqa: ARG001 - it is there to be worked on
    """Return the ledger of the small study, its first four trials handed back after epoch 2."""
    assert work(ledger, None, stop=Interrupted(2)) is None
    return ledger


def goes_on(ledger, **options):
    """Let a worker go on to the end; return its fingerprint and what it said of the first four trials."""
    news = []
    settled = work(ledger, None, stop=Stop(), say=news.append, **options)
    told = [line for line in news if "goes on" in line or "anew" in line or "kept" in line]
    return fingerprint(settled.spec.space, settled.history), told


def test_fault_27_a_checkpoint_that_cannot_be_used_is_left(halted, finished):
    """Damaged, of another trial, no lane, of another length: the trial starts anew, and a line says why."""
    spoil = {
        1: "UPDATE hpsearch_checkpoints SET data = substr(data, 1, 2000) WHERE trial_id = 1",
        2: "UPDATE hpsearch_checkpoints SET (data, digest) = "
        "(SELECT data, digest FROM hpsearch_checkpoints WHERE trial_id = 4) WHERE trial_id = 2",
        3: f"UPDATE hpsearch_checkpoints SET data = x'00', digest = '{sha256(bytes(1)).hexdigest()}' "
        "WHERE trial_id = 3",
        4: "UPDATE hpsearch_checkpoints SET curve = '[0.5]' WHERE trial_id = 4",
    }
    for sql in spoil.values():
        halted.database.write(lambda c, sql=sql: c.exec_driver_sql(sql).close())
    line, told = goes_on(halted)
    assert line == finished.fingerprint
    assert told[2].startswith(
        "trial 2 starts anew: checkpoint of trial 2: expected a .safetensors file, found "
    )
    assert told == [
        "trial 0 starts anew: checkpoint of trial 0: expected the bytes that were saved, found others",
        "trial 1 starts anew: its checkpoint is of another training",
        told[2],
        "trial 3 starts anew: its checkpoint is of another training",
    ]


def test_a_copy_of_the_study_elsewhere_begins_such_trials_anew(halted, study, spec, finished, tmp_path):
    """A bundle carries no lanes: they are large, and training them again gives the same bits."""
    there = Ledger(f"sqlite:///{tmp_path}/there.db", create=True)
    try:
        assert halted.pack(study, lambda parcel: there.unpack(parcel, base=str(spec.base)))
        assert goes_on(there) == (finished.fingerprint, [])
    finally:
        there.close()


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("mounted", ["artifacts", "elsewhere"])
def test_a_large_lane_goes_to_the_artifact_store(ledger, finished, tmp_path, monkeypatch, mounted):
    """The row says where it is, or the worker, for its machine; it goes when the trial is settled."""
    monkeypatch.setattr(door, "INLINE_BYTES", 1000)
    store = tmp_path / mounted
    store.mkdir()
    sql = "UPDATE hpsearch_studies SET artifacts = ?"
    ledger.database.write(lambda c: c.exec_driver_sql(sql, (str(tmp_path / "artifacts"),)).close())
    artifacts = None if mounted == "artifacts" else str(store)
    assert work(ledger, None, stop=Interrupted(2), artifacts=artifacts) is None
    assert len(list(store.glob("checkpoints/*"))) == 4
    line, told = goes_on(ledger, artifacts=artifacts)
    assert line == finished.fingerprint
    assert told == [f"trial {n} goes on from epoch 2" for n in range(4)]
    assert list(store.glob("checkpoints/*")) == []


@pytest.mark.usefixtures("study")
def test_a_large_lane_without_an_artifact_store_is_not_kept(ledger, finished, monkeypatch):
    """The worker says so once a trial, and the trial starts anew."""
    monkeypatch.setattr(door, "INLINE_BYTES", 1000)
    news = []
    assert work(ledger, None, stop=Interrupted(2), say=news.append) is None
    kept = [line for line in news if "is not kept" in line]
    assert len(kept) == 4
    assert kept[0].startswith("trial 0: its checkpoint is not kept: ")
    assert kept[0].endswith(
        "are more than the 1000 that a database takes, and the study has no artifact store"
    )
    assert goes_on(ledger) == (finished.fingerprint, [])


def test_fault_1_a_long_training_is_saved_now_and_then(ledger, study, spec, claims, finished):
    """Killed without a word, a trial has lost no more than an epoch and what came since it was saved last."""
    worker_id, mine = claims
    objective = MLPEvaluator(spec, load_data(spec, spec.base))
    tasks = [task_of(SearchPlan(spec), History.empty(2), number=c.number, internal=c.internal) for c in mine]
    keeper = door.Checkpoints(ledger, study, objective, print)

    class KilledError(Exception):
        pass

    with Heartbeat(ledger, worker_id, mine, stop=Stop(), checkpoints=keeper, save_s=0) as heartbeat:

        def on_epoch(end):
            heartbeat.on_report(end)
            eventually(lambda: len(ledger.checkpoints(mine)) == 2, what="a checkpoint of each")
            raise KilledError("after the first epoch")

        with pytest.raises(KilledError, match="after the first epoch"):
            objective.evaluate(tasks, on_report=on_epoch)
    ledger.bury([worker_id])
    assert goes_on(ledger) == (
        finished.fingerprint,
        ["trial 0 goes on from epoch 1", "trial 1 goes on from epoch 1"],
    )


SLOW = {
    "trials = 40": "trials = 2",
    "hidden = [16]": "hidden = [500, 500]\nbatch_size = 4",
    "low = 1e-4, high = 1e-1": "low = 1e-5, high = 1e-4",
    "rounds = [16, 8]": "rounds = [2]",
    "rungs = [2]": "rungs = []",
    "top = 2": "top = 0",
    "ensemble = 3": "ensemble = 0",
    "parallelism = 8": "parallelism = 4",
}
"""Two trials, trained one after the other, whose epochs last long enough to be met in their middle."""
EPOCHS = 12


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, cache):
    """Return the slow study, the hash of its data and its fingerprint."""
    folder = tmp_path_factory.mktemp("slow")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPSEARCH_CACHE", str(cache))
        spec = small_spec(folder, epochs=EPOCHS, **SLOW)
        ledger = Ledger(f"sqlite:///{folder}/calm.db", create=True)
        data_hash = load_data(spec, spec.base).content_hash
        ledger.open_study(search_terms(spec, data_hash=data_hash))
        settled = work(ledger, None, stop=Stop())
        ledger.close()
    return spec, data_hash, fingerprint(spec.space, settled.history)


@pytest.fixture
def slow_study(undisturbed, tmp_path):
    """Return the database of the slow study, not begun."""
    spec, data_hash, _ = undisturbed
    path = tmp_path / "hpsearch.db"
    ledger = Ledger(f"sqlite:///{path}", create=True)
    ledger.open_study(search_terms(spec, data_hash=data_hash))
    ledger.close()
    return path


SAVED = "SELECT number, epoch FROM hpsearch_checkpoints JOIN trials USING (trial_id) ORDER BY number"
REACHED = (
    "SELECT number, max(step) FROM trials JOIN trial_intermediate_values USING (trial_id) "
    "WHERE state = 'RUNNING' GROUP BY number"
)


def begun(program, database, *flags, epochs):
    """Start a worker; return it once its trials are so many epochs old."""
    worker = program.launch("worker", "--lease", 1, *flags)
    eventually(lambda: reached(database, epochs), timeout_s=120, what=f"{epochs} epochs")
    return worker


def reached(database, epochs):
    """Return how far trials are, once all that run are so many epochs old."""
    found = dict(rows(database, REACHED))
    return found if found and min(found.values()) >= epochs else None


@pytest.mark.long
def test_fault_1_7_a_notice_loses_at_most_an_epoch(program, slow_study, undisturbed):
    """Asked, and ended in time; asked, and killed in the middle of an epoch: the study is the same."""
    asked = begun(program, slow_study, "--notice", 0, epochs=1)
    os.kill(asked.pid, signal.SIGTERM)
    run = ended(asked, timeout_s=120)
    left = dict(rows(slow_study, SAVED))
    assert (run.code, list(left)) == (75, [0]), run.err
    assert f"handed back: trial 0 after epoch {left[0]}, trial 1\n" in run.err
    assert all(left[n] >= epoch for n, epoch in rows(slow_study, REACHED))

    killed = begun(program, slow_study, "--notice", 600, epochs=left[0] + 1)
    os.kill(killed.pid, signal.SIGTERM)
    eventually(lambda: dict(rows(slow_study, SAVED)) != left, timeout_s=120, what="a checkpoint")
    os.kill(killed.pid, signal.SIGKILL)
    run = ended(killed)
    assert f"trial 0 goes on from epoch {left[0]}\n" in run.err
    saved, curves = dict(rows(slow_study, SAVED)), dict(rows(slow_study, REACHED))
    assert all(curves[n] - epoch <= 1 for n, epoch in saved.items())

    last = program.run("worker", timeout_s=240)
    assert last.code == 0, last.err
    assert all(f"trial {n} goes on from epoch {epoch}\n" in last.err for n, epoch in saved.items())
    assert rows(slow_study, SAVED) == []
    assert program.run("fingerprint").out.strip() == undisturbed[2]
