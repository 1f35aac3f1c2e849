"""Missing numbers are filled by the training rows alone, in studies and in the models that leave them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.data.dataset import make_dataset
from hpsearch.data.examples import Examples
from hpsearch.data.fill import fill_rows, fit_fills
from hpsearch.data.packing import from_bytes, to_bytes
from hpsearch.data.split import Split
from hpsearch.errors import DataError
from hpsearch.nn import MLPClassifier, load_model, save_model

GAPS = st.lists(st.lists(st.floats(-9, 9) | st.just(np.nan), min_size=3, max_size=3), min_size=4, max_size=12)


@given(GAPS, st.integers(1, 3))
def test_rows_are_filled_by_the_median_of_the_training_rows(rows, n_train):
    """No missing number is left, known ones stay, and an indicator says where the training rows lack some."""
    X = np.array(rows)
    train = X[:n_train]
    missing = np.flatnonzero(np.isnan(X).any(axis=0)).tolist()
    filled = fit_fills(train, missing=missing)
    found = fill_rows(X, filled)
    assert np.isfinite(found).all()
    known = ~np.isnan(X)
    assert (found[:, :3][known] == X[known]).all()
    assert [column.feature for column in filled] == missing
    for column in filled:
        numbers = train[~np.isnan(train[:, column.feature]), column.feature]
        assert column.median == (np.median(numbers) if len(numbers) else 0)
        assert (found[~known[:, column.feature], column.feature] == column.median).all()
        assert (column.indicator >= 0) == (len(numbers) < n_train)
        if column.indicator >= 0:
            assert (found[:, column.indicator] == ~known[:, column.feature]).all()


def table(n=120):
    """Return a data frame in which numbers and texts are missing, in one class more than in the other."""
    rng = np.random.Generator(np.random.PCG64(0))
    y = rng.integers(0, 2, n)
    frame = pd.DataFrame({"a": rng.normal(y, 1), "b": rng.normal(5, 2, n), "c": rng.choice(["p", "q"], n)})
    frame.loc[rng.random(n) < 0.1 + 0.3 * y, "a"] = np.nan
    frame.loc[rng.random(n) < 0.2, "c"] = None
    return frame.assign(kind=np.where(y, "x", "y"))


@pytest.fixture
def dataset(load, tmp_path):
    """Return the data set of a file with gaps."""
    table().to_csv(tmp_path / "t.csv", index=False)
    return load("t.csv", target="kind")


def test_test_and_validation_rows_change_no_fill():
    """The median is of the training rows alone; other rows may hold any numbers."""
    X = np.array([[1.0], [np.nan], [5.0], [1e6], [2e6], [np.nan]])
    split = Split(train=np.arange(3), validation=np.array([3]), test=np.array([4, 5]))
    medians = set()
    for factor in (1, 7):
        X[3:5] *= factor
        examples = Examples(where="t", X=X, y=np.array([0, 1] * 3), classes=("a", "b"), features=("f",))
        found = make_dataset(examples, split, scaling="none")
        medians.add(found.filled[0].median)
        assert found.X_train.tolist() == [[1, 0], [3, 1], [5, 0]]
        assert found.X_test[1].tolist() == [3, 1]
        assert found.features == ("f", "f is missing")
    assert medians == {3.0}


def test_indicators_are_not_scaled_and_travel_with_the_data(dataset):
    """They are 0 and 1 for the network; the cache and what is sent keep the fill, and its hash guards it."""
    assert dataset.features == ("a", "b", "c=(missing)", "c=p", "c=q", "a is missing")
    assert set(np.unique(dataset.X_train[:, 5])) == {0.0, 1.0}
    again = from_bytes(to_bytes(dataset))
    assert again.filled == dataset.filled
    assert again.notes == dataset.notes
    assert again.content_hash == dataset.content_hash
    assert "missing numbers are filled with the median of the training rows" in dataset.notes[0]


def trained(dataset, path):
    """Return a model of the data, saved and read back."""
    model = MLPClassifier(hidden=(8,), epochs=5, random_state=0).fit(dataset.X_train, dataset.y_train)
    options = {"features": dataset.features, "categories": dataset.categorical, "filled": dataset.filled}
    save_model(model, path, scaler=dataset, **options)
    return model, load_model(path)


def test_a_model_fills_rows_as_its_data_were_filled(dataset, tmp_path):
    """A frame with NaN, None, pandas' own marks, or an array: the same probabilities as in training."""
    model, loaded = trained(dataset, tmp_path / "m.safetensors")
    frame = table()
    kinds = {
        "as it was": frame[["a", "b", "c"]],
        "in another order": frame[["c", "kind", "b", "a"]],
        "marks of pandas": frame.convert_dtypes()[["a", "b", "c"]],
        "objects": frame[["a", "b", "c"]].astype(object).where(frame[["a", "b", "c"]].notna(), None),
        "an array": frame[["a", "b", "c"]].to_numpy(),
    }
    found = {name: loaded.predict_proba(rows) for name, rows in kinds.items()}
    for name, proba in found.items():
        assert proba.tolist() == found["as it was"].tolist(), name
    rows = frame.a.notna() & frame.c.notna()
    one_hot = np.array([[0.0, c == "p", c == "q", 0.0] for c in frame.c[rows]])
    raw = np.hstack([frame[["a", "b"]][rows], one_hot])
    wanted = model.predict_proba(((raw - dataset.mean) / dataset.scale).astype(np.float32))
    np.testing.assert_allclose(found["as it was"][rows], wanted, atol=1e-6)


def test_a_column_without_gaps_in_training_takes_none_later(dataset, tmp_path):
    """The refusal names column and row."""
    _, loaded = trained(dataset, tmp_path / "m.safetensors")
    frame = table()
    frame.loc[3, "b"] = np.nan
    with pytest.raises(DataError, match=r"X: column 'b', row 3: expected a finite number, found nan"):
        loaded.predict(frame)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"feature": 9}, "expected different features up to 6"),
        ({"indicator": 0}, "expected different features up to 6"),
        ({"median": float("inf")}, "expected finite medians"),
    ],
)
def test_a_fill_that_cannot_be_is_refused(dataset, tmp_path, change, message):
    """Before a file is written."""
    columns = [type(dataset.filled[0])(**{"feature": 0, "median": 0.0, "indicator": 5, **change})]
    model = MLPClassifier(hidden=(8,), epochs=1, random_state=0).fit(dataset.X_train, dataset.y_train)
    with pytest.raises(ValueError, match=message):
        save_model(model, tmp_path / "m.safetensors", features=dataset.features, filled=columns)
    assert not (tmp_path / "m.safetensors").exists()


def test_truth_values_and_words_for_missing_are_found_in_a_frame_of_pandas(load, tmp_path):
    """Pandas reads TRUE as a truth value and None as missing: the model knows both as categories."""
    rows = [
        f"{['TRUE', 'FALSE'][k // 3 % 2]},{['Gold', 'None'][k // 5 % 2]},{k * k % 7},{'xy'[k % 2]}"
        for k in range(90)
    ]
    (tmp_path / "t.csv").write_text("\n".join(["flag,plan,n,kind", *rows]))
    dataset = load("t.csv", target="kind")
    assert [column.labels for column in dataset.categorical] == [("False", "True"), ("", "Gold")]
    _, loaded = trained(dataset, tmp_path / "m.safetensors")
    frame = pd.read_csv(tmp_path / "t.csv")
    texts = [
        [str(flag), "Gold" if plan == "Gold" else "", n]
        for flag, plan, n in frame[["flag", "plan", "n"]].to_numpy()
    ]
    assert loaded.predict_proba(frame).tolist() == loaded.predict_proba(np.array(texts, object)).tolist()
