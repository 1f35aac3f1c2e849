"""A study of an estimator from its file to a model file, and a baseline beside a network."""

from contextlib import closing

import numpy as np
import pandas as pd
import pytest

import hpsearch
from hpsearch.errors import SettingWarning
from hpsearch.estimators.saved import EstimatorFileError, SavedEstimator
from hpsearch.store import Ledger
from hpsearch.worker import Stop, save_study_model

STUDY = """
name = "trees"
seed = 3
trials = 6
parallelism = 2
[data]
source = "table.csv"
target = "kind"
[objective]
estimator = "sklearn.tree.DecisionTreeClassifier"
[space]
max_depth = { low = 1, high = 6 }
[confirm]
top = 2
seeds = 2
ensemble = 2
baseline = "nearest-neighbors"
"""


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    """Return the folder of a settled study of trees on a table of numbers, texts and missing cells."""
    folder = tmp_path_factory.mktemp("trees")
    rng = np.random.default_rng(0)
    kind = rng.choice(["cat", "dog"], 200)
    frame = pd.DataFrame(
        {
            "weight": np.where(rng.random(200) < 0.1, np.nan, rng.normal(kind == "dog", 0.7)),
            "coat": np.where((kind == "dog") ^ (rng.random(200) < 0.2), "long", "short"),
            "kind": kind,
        }
    )
    frame.to_csv(folder / "table.csv", index=False)
    (folder / "trees.toml").write_text(STUDY)
    storage = f"sqlite:///{folder / 'studies.db'}"
    spec = hpsearch.load_study_file(folder / "trees.toml")
    with pytest.warns(SettingWarning, match="missing numbers are filled"):
        view = hpsearch.start(spec, storage=storage, workers=1)
    return folder, storage, view, frame


@pytest.mark.long
def test_the_winner_is_judged_beside_the_baseline(trees):
    """Both learned from the same rows; the lead is the difference of the two on the test rows."""
    _, _, view, _ = trees
    best = view.best
    assert best.baseline.name == "nearest-neighbors"
    lead = best.test["accuracy"] - best.baseline.test["accuracy"]
    assert best.baseline.lead == pytest.approx(lead)
    low, high = best.baseline.lead_interval
    assert low < best.baseline.lead < high
    assert set(best.params) == {"max_depth"}


@pytest.mark.long
def test_what_is_exported_predicts_the_rows_of_the_file(trees, tmp_path):
    """Raw rows go in, by name; the file holds the estimator itself, and nothing of it is a pickle."""
    _, storage, _, frame = trees
    with closing(Ledger(storage)) as ledger:
        study = ledger.find_study("trees")
        for name in ("winner", "ensemble"):
            path = tmp_path / name
            saved = save_study_model(ledger, study, name, path, stop=Stop())
            assert saved.found == saved.stored
            model = hpsearch.load_model(path)
            found = model.predict(frame.drop(columns="kind"))
            assert (found == frame.kind).mean() > 0.75
            assert model.predict_proba(frame.iloc[:3]).sum(axis=1) == pytest.approx(1)
            assert type(model.networks[0].estimator).__name__ == "DecisionTreeClassifier"


def test_a_file_with_types_of_unknown_packages_is_refused():
    """What an estimator of a file is made of must come from a known package."""
    import skops.io  # noqa: PLC0415 - slow

    content = skops.io.dumps(Stranger())
    saved = SavedEstimator(content, name="x", encoding=None, n_features=1, classes=np.array(["a", "b"]))
    with pytest.raises(EstimatorFileError, match=r"expected types of sklearn, .*, found tests\.worker"):
        saved.predict([[1.0]])


class Stranger:
    """Something that no package of estimators knows."""

    def __init__(self):
        self.value = 1
