"""A study with folds is one study: with any fleet, in pieces, killed, replayed, in a bundle."""

import pytest

import hpsearch
from hpsearch.store import Ledger
from hpsearch.worker import load_data, search_terms
from tests.cli.program import ended, eventually, rows
from tests.worker.fleets import expect_one_study

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
    expect_one_study(folded, tmp_path)


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
