"""A search over rows in memory."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris

import hpsearch
from hpsearch.errors import DataError
from hpsearch.tuning.rows import _over


@pytest.fixture
def storage(tmp_path, monkeypatch):
    """Return a database of the test's own, and keep its cache apart."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "cache"))
    return f"sqlite:///{tmp_path / 'studies.db'}"


FEW = {"parallelism": 2, "search": {"rounds": [4]}, "confirm": {"top": 1, "seeds": 2, "ensemble": 0}}


@pytest.mark.long
def test_rows_in_memory_are_searched_and_predicted(storage):
    """Labels are texts as given; the same call again finds the study finished."""
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]

    def tune():
        return hpsearch.tune(
            X,
            names,
            model="nearest-neighbors",
            space={"n_neighbors": [1, 3, 9]},
            trials=6,
            storage=storage,
            workers=1,
            **FEW,
        )

    study = tune()
    assert study.best.test_accuracy > 0.8
    assert set(study.best.params) == {"n_neighbors"}
    assert (hpsearch.load_winner(study).predict(X) == names).mean() > 0.9
    assert tune().fingerprint == study.fingerprint
    assert "<svg" in study._repr_html_()


@pytest.mark.long
@pytest.mark.parametrize(
    ("space", "more"),
    [
        ({"hidden": [[4], (4, 4)]}, {}),
        ({"depth": [1, 2], "width": {"low": 2, "high": 8}}, {}),
        ({"lr": {"low": 1e-3, "high": 1e-1, "log": True}}, {"model_settings": {"depth": 2, "width": 4}}),
    ],
    ids=["hidden", "depth and width", "fixed"],
)
def test_layers_are_searched_in_place_of_the_usual_ones(storage, space, more):
    """Lists, ranges of depth and width, and both of them fixed: the winner has these layers."""
    X, y = load_iris(return_X_y=True)
    study = hpsearch.tune(X, y, space=space, trials=6, storage=storage, workers=1, **FEW, **more)
    params = {**more.get("model_settings", {}), **study.best.params}
    hidden = params["hidden"] if "hidden" in params else (params["width"],) * params["depth"]
    assert hpsearch.load_winner(study).networks[0].config.hidden == hidden


@pytest.mark.long
def test_a_data_frame_may_hold_texts(storage):
    """A network is the usual model; a regression is found by the target."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.normal(size=200), "color": rng.choice(["red", "blue"], 200)})
    y = frame["size"] + 3.0 * (frame["color"] == "red")
    study = hpsearch.tune(frame, y, trials=6, storage=storage, workers=1, model_settings={"epochs": 5}, **FEW)
    assert study.best.test["r2"] > 0.5
    model = hpsearch.load_winner(study)
    found = model.predict(pd.DataFrame({"color": ["red", "blue"], "size": [0.0, 0.0]}))
    assert found[0] - found[1] == pytest.approx(3, abs=1)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.zeros((3, 2)), [1, 2], r"y: expected a label or a number for each of 3 rows, found \(2,\)"),
        (np.zeros(3), [1, 2, 1], r"X: expected numbers \(n, d\) or a data frame, found float64 \(3,\)"),
        (np.array([["a"]]), [1], r"X: expected numbers \(n, d\) or a data frame, found <U1 \(1, 1\)"),
        (pd.DataFrame({"target": [1]}), [1], "X: expected no column 'target'"),
    ],
)
def test_what_are_no_rows_is_refused(storage, X, y, message):
    """Nothing is written then."""
    with pytest.raises(DataError, match=message):
        hpsearch.tune(X, y, storage=storage)


def test_a_learned_start_is_taken_where_it_is_asked_for():
    """The drafted file has it; a study that an earlier version began with this call has not."""
    drafted = {"search": {"start": "learned", "rungs": [4]}, "trials": 60}
    assert _over(drafted, None, {})["search"] == {"rungs": [4]}
    asked = {"search": {"start": "learned", "portfolio": "own.json"}}
    assert _over(drafted, None, asked)["search"] == {
        "rungs": [4],
        "start": "learned",
        "portfolio": "own.json",
    }
