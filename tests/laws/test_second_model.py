"""A whole study whose model is the Gaussian process: one study for any fleet, and every proposal again."""

import pytest

import hpsearch
from hpsearch.store import opened
from hpsearch.worker import replay

STUDY = """
name = "process"
trials = 24
parallelism = 3
[data]
source = "wine"
[model]
epochs = 2
[space]
lr = { low = 1e-4, high = 1e-1, log = true }
activation = { choices = ["relu", "tanh"] }
[search]
model = "gp"
[confirm]
top = 2
seeds = 2
ensemble = 0
"""


@pytest.mark.long
def test_one_and_two_workers_make_one_study(tmp_path, monkeypatch):
    """The fingerprints are equal, two trials in three are the process's, and a replay differs in nothing."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "process.toml"
    path.write_text(STUDY)
    spec = hpsearch.load_study_file(path)
    found = []
    for workers in (1, 2):
        url = f"sqlite:///{tmp_path}/{workers}.db"
        found.append(hpsearch.start(spec, storage=url, workers=workers).fingerprint)
        with opened(url) as ledger:
            study = ledger.find_study("process")
            stages = [row.stage for row in ledger.rows(study)]
            assert stages == ["round 0"] * 8 + ["gp"] * 16
            assert list(replay(ledger, study, train=False).differences) == []
    assert found[0] == found[1]
