"""A study with weights of rows is one study: with any fleet, in pieces, replayed, in a bundle."""

import shutil

import numpy as np
import pytest

import hpsearch
from hpsearch.errors import ContractError
from hpsearch.nn import load_model
from hpsearch.store import opened
from hpsearch.worker import replay
from hpsearch.worker.data.locate import find_data
from tests.worker.fleets import expect_one_study

STUDY = """
name = "weighted"
seed = 3
trials = 16
parallelism = 4
[data]
source = "t.csv"
target = "kind"
weights = "w"
{data}
[objective]
{objective}
[model]
hidden = [8]
epochs = 6
batch_size = 16
dropout = 0.1
normalization = "batch"
[space]
lr = {{ low = 1e-3, high = 1e1, log = true }}
[search]
rungs = [2]
[confirm]
top = 2
seeds = 2
ensemble = 2
"""
KINDS = {
    "classes": ("", 'class_weight = "balanced"'),
    "folds": ("folds = 3", 'metric = "log_loss"'),
    "number": ('target = "b"', 'metric = "mae"'),
}
N = 150


def table(folder, *, factor=1.0):
    """Write a table whose weights run from 0 to 4; the last one is multiplied by a factor."""
    rng = np.random.default_rng(2)
    x, weights = rng.normal(size=(N, 3)).round(3), (np.arange(N) % 9 / 2).tolist()
    weights[-1] *= factor
    kind = np.where(x[:, 0] + 0.5 * rng.normal(size=N) > 0, "yes", "no")
    b = (x @ [1, 2, 3] + rng.normal(size=N)).round(3)
    rows = zip(*x.T.tolist(), b.tolist(), weights, kind, strict=True)
    (folder / "t.csv").write_text("\n".join(["a,c,d,b,w,kind", *(",".join(map(str, row)) for row in rows)]))


LONG = [pytest.param(kind, marks=pytest.mark.long) for kind in ("folds", "number")]


@pytest.fixture(params=["classes", *LONG])
def weighted(request, tmp_path, monkeypatch):
    """Return a study with weights: of classes, with folds, of a number."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "cache"))
    data, objective = KINDS[request.param]
    text = STUDY.format(data=data, objective=objective)
    if request.param == "number":
        text = text.replace('target = "kind"\n', "").replace("weights", 'ignore = ["kind"]\nweights')
    table(tmp_path)
    (tmp_path / "weighted.toml").write_text(text)
    return hpsearch.load_study_file(tmp_path / "weighted.toml")


@pytest.mark.filterwarnings("ignore::hpsearch.errors.SettingWarning")  # what was read is said
def test_a_study_with_weights_is_the_same_with_any_fleet(weighted, tmp_path):
    """One worker, two workers, one that is interrupted again and again, a replay: the same bits."""
    url = expect_one_study(weighted, tmp_path)
    table(tmp_path, factor=1.5)
    with pytest.raises(ContractError, match="have changed since it was created"):
        hpsearch.start(weighted, storage=url, workers=1)


@pytest.mark.long
def test_weights_go_along_in_bundles_reports_and_models(program):
    """Another machine repeats the study; the page names the column; the model asks for no weights."""
    table(program.folder)
    data, objective = KINDS["classes"]
    program.write("weighted.toml", STUDY.format(data=data, objective=objective))
    run = program.run("start", "weighted.toml", "--workers", 1, "--quiet", "--artifacts", "store")
    assert run.code == 0, run.err
    assert program.run("export", "bundle", "--with-data", "-o", "b.hpsearch").code == 0
    assert program.run("export", "winner", "-o", "m.safetensors").code == 0
    for form in ("text", "json"):
        told = program.run("report", "--format", form).out
        assert "'w', in the training loss; metrics count every row alike" in told or '"weights": "w"' in told
    predicted = program.run("predict", "m.safetensors", "t.csv")
    assert predicted.code == 0
    assert "'w'" not in predicted.err
    assert load_model(program.folder / "m.safetensors").rules.weights == "w"
    shutil.rmtree(program.folder / "store")
    (program.folder / "t.csv").unlink()
    repeated = program.run("replay", "b.hpsearch", "--train")
    assert repeated.code == 0, repeated.err


@pytest.mark.filterwarnings("ignore::hpsearch.errors.SettingWarning")  # as above
def test_a_worker_elsewhere_takes_weighted_data_from_the_store(weighted, tmp_path, monkeypatch):
    """The data travel whole: their hash covers the weights."""
    store, url = str(tmp_path / "store"), f"sqlite:///{tmp_path}/x.db"
    here = hpsearch.start(weighted, storage=url, workers=1, artifacts=store)
    (tmp_path / "t.csv").unlink()
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "another"))
    with opened(url) as ledger:
        study = ledger.find_study("weighted")
        found = find_data(study)
        assert found.content_hash == study.contract["data_hash"]
        assert found.w_train.min() > 0
        assert not replay(ledger, study, train=True).differences
    assert here.fingerprint
