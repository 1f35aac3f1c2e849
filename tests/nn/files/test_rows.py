"""Rows that are given to a saved model: columns by their names, cells checked."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from hpsearch.errors import CategoryWarning, DataError
from hpsearch.nn import InputScaling, MLPClassifier, MLPRegressor, load_model, save_model
from hpsearch.nn.files.category_columns import CategoryColumn
from tests.nn.files.models import X, network

NAMES = ["height", "width", "depth"]
COLORS = CategoryColumn(name="color", first=1, labels=("blue", "red"))
FRAME = pd.DataFrame(X, columns=NAMES).astype("float64")
MIXED = pd.DataFrame({"height": [1.0, 2.0, 3.0], "color": ["red", "blue", "red"]})


@pytest.fixture
def model(tmp_path):
    """Return a model of three named features."""
    scaling = InputScaling(mean=np.array([1.0, 2.0, 3.0]), scale=np.array([0.5, 1.0, 2.0]))
    save_model(network(), tmp_path / "m", scaler=scaling, features=NAMES)
    return load_model(tmp_path / "m")


@pytest.fixture
def plain(tmp_path):
    """Return a model of three features without names or scaling."""
    save_model(network(), tmp_path / "m")
    return load_model(tmp_path / "m")


@pytest.fixture
def colored(tmp_path):
    """Return a model of a number and a column of texts, two networks averaged."""
    features = ["height", "color=blue", "color=red"]
    save_model([network(), network()], tmp_path / "m", features=features, categories=[COLORS])
    return load_model(tmp_path / "m")


def test_fault_88_columns_are_found_by_their_names(model):
    """In any order, among others, whatever their type; an array counts by places."""
    wanted = model.predict_proba(FRAME.to_numpy()).tobytes()
    shuffled = FRAME[["depth", "height", "width"]]
    more = shuffled.assign(kind="x", id=range(len(X)))
    twice = pd.concat([more, more[["kind"]]], axis=1)
    arrow = pa.Table.from_pandas(more)
    typed = shuffled.astype({"height": "Float64", "depth": object})
    for rows in (FRAME, shuffled, more, twice, arrow, typed):
        assert model.predict_proba(rows).tobytes() == wanted
    numbered = pd.DataFrame(FRAME.to_numpy())
    assert model.predict_proba(numbered).tobytes() == wanted


def test_fault_88_a_column_of_texts_is_found_by_its_name(colored):
    """In any order, as a category or a text, from a table or from rows of texts."""
    wanted = colored.predict_proba(MIXED).tobytes()
    category = MIXED.astype({"color": "category"})
    for rows in (MIXED[["color", "height"]], category, MIXED.to_numpy(), MIXED.to_numpy().astype(str)):
        assert colored.predict_proba(rows).tobytes() == wanted
    assert colored.predict(MIXED[:0]).shape == (0,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda f: f.drop(columns="width"),
            r"X: expected a column 'width', found none; the columns are 'height'",
        ),
        (
            lambda f: f.rename(columns={"width": "widht"}),
            r"X: expected a column 'width', .*did you mean .widht",
        ),
        (
            lambda f: f[["height", "depth", "width", "width"]],
            r"X: expected a column 'width' once, found it 2 tim",
        ),
        (lambda f: f.to_numpy()[:, :2], r"X: expected shape .n, 3., found .30, 2.$"),
        (
            lambda f: f.to_numpy()[0],
            r"X: expected shape .n, 3., found .3,.; a single row is a list of one row$",
        ),
        (lambda f: f.to_numpy()[None], r"X: expected shape .n, 3., found .1, 30, 3.$"),
        (lambda _: [[1.0, 2.0, 3.0], [1.0]], r"X: expected rows of 3 columns each, found others: "),
        (lambda _: [], r"X: expected shape .n, 3., found .0,."),
        (lambda _: 3.0, r"X: expected shape .n, 3., found ..$"),
        (lambda _: None, r"X: expected shape .n, 3., found ..$"),
    ],
)
def test_fault_88_rows_of_another_shape_are_refused(model, change, message):
    """Missing, renamed or doubled columns and other shapes, in one line; nothing is guessed."""
    with pytest.raises(DataError, match=f"^{message}"):
        model.predict(change(FRAME))


CELLS = [
    (np.nan, "a finite number, found nan"),
    (np.inf, "a finite number, found inf"),
    (-np.inf, "a finite number, found -inf"),
    (1e300, r"a number that float32 can hold when scaled, found 1e\+300"),
]
OBJECTS = [
    (None, "a number, found None"),
    (pd.NA, "a number, found <NA>"),
    ("tall", "a number, found 'tall'"),
    ("1_0", "a number, found '1_0'"),
    ("", "a number, found ''"),
    ("nan", "a finite number, found nan"),
    ("1e400", "a finite number, found inf"),
    (1j, "a number, found 1j"),
    (pd.Timestamp("2020-01-01"), "a number, found 2020-01-01"),
    ([1.0], r"a number, found \[1.0\]"),
]


@pytest.mark.parametrize(("cell", "message"), CELLS + OBJECTS)
def test_fault_88_a_cell_that_cannot_be_is_refused_with_column_and_row(model, cell, message):
    """In data frames, in arrays of any type, and for probabilities too."""
    rows = FRAME.astype(object)
    rows.iloc[4, 1] = cell
    forms = [rows, rows[["depth", "width", "height"]], rows.to_numpy()]
    if isinstance(cell, float):
        forms += [form.astype("float64") for form in forms] + [rows.to_numpy().astype(float).tolist()]
        forms.append(pa.Table.from_pandas(rows.astype("float64")))
    for form in forms:
        for predict in (model.predict, model.predict_proba):
            with pytest.raises(DataError, match=f"^X: column 'width', row 4: expected {message}"):
                predict(form)


def test_fault_88_without_names_a_column_has_its_place(plain):
    """The message counts columns and rows from 0; so does a network that was never in a file."""
    rows = X.astype(np.float64)
    rows[7, 2] = np.nan
    with pytest.raises(DataError, match=r"^X: column '2', row 7: expected a finite number, found nan$"):
        plain.predict(rows)
    with pytest.raises(
        DataError, match=r"^X.7, 2.: expected a finite number that float32 can hold, found nan$"
    ):
        network().predict(rows)
    rows[7, 2] = 1e39
    with pytest.raises(
        DataError, match=r"^X: column '2', row 7: expected a number that float32 can hold, found"
    ):
        plain.predict(rows)
    with pytest.raises(DataError, match=r"^X.7, 2.: expected a finite number that float32 .*, found 1e\+39$"):
        network().predict_proba(rows)
    for dates in (np.full((2, 3), "2020-01-01", "M8[D]"), np.ones((2, 3), complex), np.full((2, 3), b"1")):
        with pytest.raises(DataError, match=r"^X: column '0', row 0: expected a number, found "):
            plain.predict(dates)


def test_fault_88_numbers_of_any_type_are_numbers(plain):
    """Whole numbers, truth values, texts in one grammar, decimals; no rows give no labels."""
    whole = np.array([[1, 0, 1], [0, 1, 1]])
    wanted = plain.predict_proba(whole.astype(np.float32)).tobytes()
    decimals = [[Decimal(int(cell)) for cell in row] for row in whole]
    texts = [[f" {cell}.0 " for cell in row] for row in whole]
    for rows in (whole, whole.astype(bool), whole.astype(object), decimals, texts, whole.astype("f2")):
        assert plain.predict_proba(rows).tobytes() == wanted
    assert plain.predict(np.empty((0, 3))).shape == (0,)
    assert plain.predict_proba(np.empty((0, 3))).shape == (0, 3)
    assert plain.predict(pd.DataFrame(columns=NAMES)).shape == (0,)


@pytest.mark.parametrize("cell", [None, np.nan, pd.NA, pd.NaT])
def test_fault_88_an_unknown_category_is_refused_with_column_and_row(colored, cell):
    """The model has no rule for it; the message lists the known ones."""
    rows = MIXED.astype(object)
    rows.iloc[2, 1] = cell
    with pytest.raises(DataError, match=r"^X: column 'color', row 2: expected one of 'blue', 'red', found "):
        colored.predict(rows)


@pytest.mark.parametrize("cell", ["green", "Red", 1, 1.5, True, pd.Timestamp("2020-01-01")])
def test_an_unseen_category_counts_as_missing_with_one_warning(colored, tmp_path, cell):
    """It is none of the known ones, or the level of missing cells; the warning names all of them, once."""
    rows = pd.concat([MIXED, MIXED]).astype(object)
    rows.iloc[[1, 2], 1] = cell
    rows.iloc[3, 1] = "violet"
    wanted = f"^X: categories that .* not seen count as missing: column 'color': '{cell}', 'violet'$"
    with pytest.warns(CategoryWarning, match=wanted) as told:
        found = colored.predict_proba(rows)
    assert len(told) == 1
    assert told[0].filename == __file__
    features = np.array([[1.0, 0, 1], [2, 0, 0], [3, 0, 0], [1, 0, 0], [2, 1, 0], [3, 0, 1]])
    assert found.tobytes() == np.mean([n.predict_proba(features) for n in colored.networks], axis=0).tobytes()
    gone = CategoryColumn(name="color", first=1, labels=("", "red"))
    save_model(network(), tmp_path / "gone", features=["height", "color=", "color=red"], categories=[gone])
    model = load_model(tmp_path / "gone")
    with pytest.warns(CategoryWarning, match="'blue'"):
        found = model.predict_proba(rows)
    rows.loc[rows.color != "red", "color"] = None
    assert model.predict_proba(rows).tobytes() == found.tobytes()


SPELLED = [
    (("False", "True"), [True, False], ["True", "False"]),
    (("FALSE", "TRUE"), [np.True_, False], ["TRUE", "FALSE"]),
    (("False", "True"), ["TRUE", "false"], ["True", "False"]),
    (("1", "2"), [2, 1], ["2", "1"]),
    (("1", "2"), [2.0, 1.0], ["2", "1"]),
    (("01", "02"), [2, 1.0], ["02", "01"]),
    (("0.5", "1.0"), [1, 0.5], ["1.0", "0.5"]),
    (("a", "b"), [" b", "a "], ["b", "a"]),
    (("NA", "b"), ["b", "NA"], ["b", "NA"]),
]


@pytest.mark.parametrize(("labels", "cells", "wanted"), SPELLED)
def test_a_category_is_found_as_pandas_reads_it(tmp_path, labels, cells, wanted):
    """Truth values, codes that became numbers, numbers that became real, blanks around a text."""
    column = CategoryColumn(name="color", first=1, labels=labels)
    save_model(network(), tmp_path / "m", features=["height", *labels], categories=[column])
    model = load_model(tmp_path / "m")
    found = model.predict_proba(pd.DataFrame({"height": [1.0, 2.0], "color": pd.Series(cells, dtype=object)}))
    same = model.predict_proba(pd.DataFrame({"height": [1.0, 2.0], "color": wanted}))
    assert found.tobytes() == same.tobytes()


def test_columns_that_pandas_has_numbered_are_never_swapped(model, tmp_path):
    """Numbers in another order are other places; numbers that are no places are refused."""
    wanted = model.predict_proba(FRAME).tobytes()
    numbered = pd.DataFrame(FRAME.to_numpy())
    assert model.predict_proba(numbered[[2, 0, 1]]).tobytes() == wanted
    for places in ([1, 2, 3], [0, 1, 2, 3], [0, 1]):
        more = pd.DataFrame(np.hstack([FRAME.to_numpy()] * 2))[places]
        with pytest.raises(DataError, match=r"^X: expected columns 'height', .*, found '.'.*; X.to_numpy"):
            model.predict(more)
    save_model(network(), tmp_path / "x", features=["x0", "x1", "x3"])
    headless = load_model(tmp_path / "x")
    wanted = headless.predict_proba(FRAME.to_numpy()).tobytes()
    four = numbered.rename(columns={2: 3}).assign(**{"2": "class"}).rename(columns={"2": 2})
    assert headless.predict_proba(four[[2, 3, 1, 0]]).tobytes() == wanted
    with pytest.raises(DataError, match=r"^X: expected columns 'x0', 'x1', 'x3', found '0', '2'"):
        headless.predict(four[[0, 2]])


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_fault_88_an_estimator_brings_the_names_that_it_was_fitted_on(tmp_path, kind):
    """A data frame with swapped columns is what it says, from the file as in the estimator."""
    target = FRAME["height"] > FRAME["width"]
    fitted = kind(hidden=(8,), epochs=3, random_state=0).fit(FRAME, target)
    save_model(fitted, tmp_path / "m")
    loaded = load_model(tmp_path / "m")
    assert loaded.features == tuple(NAMES)
    assert loaded.predict(FRAME[NAMES[::-1]]).tobytes() == fitted.predict(FRAME).tobytes()
    with pytest.raises(ValueError, match="feature names should match"):
        fitted.predict(FRAME[NAMES[::-1]])
    with pytest.raises(DataError, match="expected a column 'depth', found none"):
        loaded.predict(FRAME[NAMES[:2]])


@pytest.mark.parametrize("kind", ["float64", "object"])
def test_fault_88_a_masked_cell_is_refused(model, kind):
    """The number under a mask is not the cell's; without a mask that hides something the array is taken."""
    rows = np.ma.array(FRAME[["depth", "width", "height"]].to_numpy().astype(kind), mask=False)
    assert np.array_equal(model.predict(rows), model.predict(rows.data))
    rows[4, 1] = np.ma.masked
    for predict in (model.predict, model.predict_proba):
        with pytest.raises(
            DataError, match=r"^X: column 'width', row 4: expected a value, found a masked one"
        ):
            predict(rows)
