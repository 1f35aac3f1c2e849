"""A study with folds is one study: with any fleet, in pieces, killed, replayed, in a bundle."""

import pytest

import hpsearch
from hpsearch.search import fingerprint
from hpsearch.store import Ledger, opened
from hpsearch.worker import load_data, replay, search_terms
from tests.cli.program import ended, eventually, rows
from tests.worker.loop.test_checkpoints import work_in_pieces

STUDY = """
name = "folded"
seed = 3
trials = 12
parallelism = 4
[data]
source = "wine"
folds = {folds}
repeats = {repeats}
[objective]
metric = "{metric}"
[model]
hidden = [8]
epochs = 6
batch_size = 16
dropout = 0.1
[space]
lr = {{ low = 1e-3, high = 1e1, log = true }}
[search]
rungs = [2]
[confirm]
top = 2
seeds = 2
ensemble = 2
"""
KINDS = [(5, 1, "accuracy"), (3, 2, "log_loss")]


@pytest.fixture(params=KINDS)
def folded(request, tmp_path, cache, monkeypatch):
    """Return a study with folds; some of its trials are stopped, some diverge."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    folds, repeats, metric = request.param
    path = tmp_path / "folded.toml"
    path.write_text(STUDY.format(folds=folds, repeats=repeats, metric=metric))
    return hpsearch.load_study_file(path)


@pytest.mark.sampled
def test_a_study_with_folds_is_the_same_with_any_fleet(folded, tmp_path):
    """One worker, two workers, one that is interrupted again and again, a replay: the same bits."""
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("one", "two", "pieces")]
    one = hpsearch.start(folded, storage=urls[0], workers=1)
    two = hpsearch.start(folded, storage=urls[1], workers=2)
    assert one.fingerprint == two.fingerprint
    assert one.best == two.best
    ledger, news = Ledger(urls[2], create=True), []
    try:
        data_hash = load_data(folded, folded.base).content_hash
        ledger.open_study(search_terms(folded, data_hash=data_hash))
        settled, pieces = work_in_pieces(ledger, epochs=(1, 2, 3), news=news)
        left = ledger.database.read(
            lambda c: c.exec_driver_sql("SELECT count(*) FROM hpsearch_checkpoints").scalar()
        )
    finally:
        ledger.close()
    assert fingerprint(settled.spec.space, settled.history) == one.fingerprint
    assert pieces > 4
    assert any("goes on from epoch" in line for line in news)
    assert left == 0
    with opened(urls[1]) as ledger:
        assert not replay(ledger, ledger.find_study("folded"), train=True).differences


def test_the_verdict_of_a_study_with_folds(folded, tmp_path):
    """The winner is confirmed with the same folds, has an interval, and is refitted on all other rows."""
    url = f"sqlite:///{tmp_path}/study.db"
    best = hpsearch.start(folded, storage=url, workers=1).best
    low, high = best.interval
    assert low <= best.confirmed <= high
    assert best.refit
    assert best.test["accuracy"] > 0.8


@pytest.mark.long
def test_a_study_with_folds_whose_worker_is_killed_is_the_same(program, folded):
    """A worker is killed with trials in hand; the next one takes them over, and no bit differs."""
    whole = hpsearch.start(folded, storage=f"sqlite:///{program.folder}/whole.db", workers=1)
    database = program.folder / "hpsearch.db"
    ledger = Ledger(f"sqlite:///{database}", create=True)
    data_hash = load_data(folded, folded.base).content_hash
    ledger.open_study(search_terms(folded, data_hash=data_hash))
    ledger.close()
    running = "SELECT count(*) FROM trials WHERE state = 'RUNNING'"
    for _ in range(3):
        worker = program.launch("worker", "--lease", 1)
        eventually(lambda: rows(database, running)[0][0], what="a trial in hand")
        worker.kill()
        ended(worker)
        if rows(database, "SELECT count(*) FROM trials WHERE state <> 'RUNNING'")[0][0] >= folded.trials:
            break
    last = program.run("worker")
    assert last.code == 0, last.err
    assert program.run("fingerprint", "--study", folded.name).out.strip() == whole.fingerprint
