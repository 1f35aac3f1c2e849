"""A study whose lanes are cut short again and again, and go on in other stacks, is the undisturbed study."""

from hashlib import sha256

import pytest

from hpsearch.nn import StackTrainer
from hpsearch.report import fingerprint
from hpsearch.store import Ledger
from hpsearch.worker import Stop, load_data, search_terms, work
from hpsearch.worker import checkpoints as door

FLEETS = (1, 4, 2)
"""So many workers are expected, in turn: the next one claims fewer trials or more, so stacks differ."""


@pytest.fixture(params=["sqlite", "postgresql"])
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
    """Work on the only study, handing back every few epochs; return how it ended and how often it was begun."""
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
    whole = sum(int((curve == curve).sum()) for curve in curves)
    lost = sum("diverged" in (anywhere.trial(study, spec.space, n).reason or "") for n in range(40))
    assert sum(trained) == whole + lost
    assert pieces > 20
    assert sum("goes on from epoch" in line for line in news) > 40
    assert (
        anywhere.database.read(
            lambda c: c.exec_driver_sql("SELECT count(*) FROM hpsearch_checkpoints").scalar()
        )
        == 0
    )


@pytest.fixture
def halted(ledger, study, spec):
    """Return the ledger of the small study, its first four trials handed back after epoch 2."""
    assert work(ledger, None, stop=Interrupted(2)) is None
    return ledger


def goes_on(ledger):
    """Let a worker go on to the end; return its fingerprint and what it said of the first four trials."""
    news = []
    settled = work(ledger, None, stop=Stop(), say=news.append)
    told = [line for line in news if "goes on" in line or "anew" in line or "kept" in line]
    return fingerprint(settled.spec.space, settled.history), told


def test_fault_27_a_checkpoint_that_cannot_be_used_is_left(halted, finished):
    """Damaged, of another trial, of another length, of no lane: such a trial starts anew, and the line says why."""
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
    assert told == [
        "trial 0 starts anew: checkpoint of trial 0: expected the bytes that were saved, found others",
        "trial 1 starts anew: its checkpoint is of another training",
        "trial 2 starts anew: checkpoint of trial 2: expected a .safetensors file, found something else or a "
        "part of one, 1 bytes; save the checkpoint again",
        "trial 3 starts anew: its checkpoint is of another training",
    ]


def test_a_large_lane_goes_to_the_artifact_store(ledger, study, finished, tmp_path, monkeypatch):
    """The row says where it is; when the trial is settled, nothing is left there."""
    monkeypatch.setattr(door, "INLINE_BYTES", 1000)
    store = tmp_path / "artifacts"
    store.mkdir()
    sql = "UPDATE hpsearch_studies SET artifacts = ?"
    ledger.database.write(lambda c: c.exec_driver_sql(sql, (str(store),)).close())
    assert work(ledger, None, stop=Interrupted(2)) is None
    assert len(list(store.glob("checkpoints/*"))) == 4
    line, told = goes_on(ledger)
    assert line == finished.fingerprint
    assert told == [f"trial {n} goes on from epoch 2" for n in range(4)]
    assert list(store.glob("checkpoints/*")) == []


def test_a_large_lane_without_an_artifact_store_is_not_kept(ledger, study, finished, monkeypatch):
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
