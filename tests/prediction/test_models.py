"""Models of other origins: of earlier versions, of values, without names of columns."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hpsearch.data import FIRST_RULES, load_dataset
from hpsearch.errors import DataError, HpsearchError
from hpsearch.nn import MLPConfig, MLPRegressor, fit_stack, load_model, save_model
from hpsearch.prediction.prediction import predict_file
from tests.prediction.models import KINDS, saved, spec_of, test_rows, write

OLD = Path(__file__).parent / "old"
FRAME = KINDS["numbers"].frame


ROWS = pd.DataFrame(
    {
        "width": [0.5, 1.0, -3.0, 2.0],
        "color": ["red", "blue", "red", "blue"],
        "height": [1.0, -2.0, 0.25, 0.75],
    }
)
OLD_SAYS = {
    "winner": [0.995551561200458, 0.0008544962366213605, 0.9590851824266557, 0.7535522071815764],
    "ensemble": [0.8589525067234689, 0.0017259719188546076, 0.8530727726133207, 0.6597688189643236],
}


@pytest.mark.parametrize("name", OLD_SAYS)
def test_a_model_of_the_version_before_predicts_as_it_did(tmp_path, name):
    """The files are of commit 4924235, which kept no rules of tables and filled no missing cells."""
    loaded = load_model(OLD / f"{name}.safetensors")
    assert (loaded.rules, loaded.filled) == (None, ())
    for path in (write(ROWS, tmp_path / "x.csv"), write(ROWS, tmp_path / "x.parquet")):
        found = predict_file(loaded, path, proba=True)
        assert found.probabilities[:, 1] == pytest.approx(OLD_SAYS[name], rel=1e-5)
        assert found.labels.tolist() == ["tall", "=small", "tall", "tall"]
        assert found.metric is None
    gaps = ROWS.assign(width=[0.5, None, 1.0, 2.0])
    with pytest.raises(DataError, match=r"column 'width', row 1: expected a (finite )?number, found"):
        predict_file(loaded, write(gaps, tmp_path / "x.csv"))


def test_a_model_of_values_predicts_numbers(tmp_path):
    """One a row; it has no probabilities, and R2 judges it where a study has not said what does."""
    target = 3 * FRAME["wide"] + FRAME["deep"]
    fitted = MLPRegressor(hidden=(8,), epochs=40, lr=0.01, random_state=0).fit(
        FRAME[["wide", "deep"]], target
    )
    save_model(fitted, tmp_path / "m")
    loaded = load_model(tmp_path / "m")
    found = predict_file(loaded, write(FRAME, tmp_path / "x.csv"))
    assert found.labels.shape == (len(FRAME),)
    assert found.labels.tobytes() == fitted.predict(FRAME[["wide", "deep"]]).tobytes()
    with pytest.raises(HpsearchError, match=r"^--proba: expected a model of classes, found one of values"):
        predict_file(loaded, tmp_path / "x.csv", proba=True)


def test_a_network_without_names_takes_columns_by_their_places(tmp_path):
    """A model that was saved without names has none to look for; the width must fit."""
    X = FRAME[["tall", "wide"]].to_numpy(np.float32) / 1000
    network = fit_stack([MLPConfig(hidden=(4,))], X, FRAME.kind, X, FRAME.kind, epochs=1, seed=0)[0].network
    save_model(network, tmp_path / "m")
    loaded = load_model(tmp_path / "m")
    np.savez(tmp_path / "x.npz", X=X)
    wanted = loaded.predict(X).tolist()
    assert predict_file(loaded, tmp_path / "x.npz").labels.tolist() == wanted
    for name in ("x.csv", "x.parquet"):
        found = predict_file(loaded, write(pd.DataFrame(X, columns=["a", "b"]), tmp_path / name))
        assert found.labels.tolist() == wanted
        assert found.notes == ["the model has no names of columns: they count by their places"]
    with pytest.raises(DataError, match=r"x.csv: expected shape \(n, 2\), found \(120, 4\)"):
        predict_file(loaded, write(FRAME, tmp_path / "x.csv"))


def test_a_model_of_a_study_of_version_1_reads_as_version_1_did(tmp_path):
    """No text stands for a missing cell there: ``NA`` is a category; truth values are texts as they are."""
    frame = FRAME.assign(
        color=np.where(FRAME.index % 3 == 0, "NA", "red"), flag=np.where(FRAME.deep > 4, "TRUE", "no")
    )
    spec = spec_of(write(frame, tmp_path / "t.csv"), KINDS["numbers"])
    dataset = load_dataset(spec, seed=1, base=tmp_path, cache=tmp_path / "cache", rules=FIRST_RULES)
    loaded, networks = saved(tmp_path / "m", dataset)
    assert (loaded.rules.plain, loaded.rules.missing) == (True, ())
    found = predict_file(loaded, write(frame[frame.columns[::-1]], tmp_path / "x.csv"), proba=True)
    wanted = networks[0].predict_proba(dataset.X_test)
    assert found.probabilities[test_rows(spec, tmp_path)].tobytes() == wanted.tobytes()
